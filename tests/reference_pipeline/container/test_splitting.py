"""The parts of the data."""

from __future__ import annotations

import numpy as np

from mlaudit_reference.container.splitting import SHARES, split

IDS = [f"a{number}" for number in range(5000)]


def test_every_record_is_in_exactly_one_part() -> None:
    assert np.sum(list(split(IDS, 0).values()), axis=0).tolist() == [1] * len(IDS)


def test_the_shares_are_kept() -> None:
    found = {name: flags.mean() for name, flags in split(IDS, 0).items()}
    assert all(abs(found[name] - share) < 0.02 for name, share in SHARES.items())


def test_more_data_moves_no_record() -> None:
    few, many = split(IDS[:100], 0), split(reversed(IDS), 0)
    for name in SHARES:
        assert few[name].tolist() == many[name][::-1][:100].tolist()


def test_another_seed_splits_otherwise() -> None:
    assert split(IDS, 0)["test"].tolist() != split(IDS, 1)["test"].tolist()
