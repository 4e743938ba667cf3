"""Which records a network sees when."""

from __future__ import annotations

import numpy as np

from mlaudit_reference.container.batches import batches, share


def test_every_record_is_seen_once_an_epoch() -> None:
    found = list(batches(103, 10, seed=1, epoch=4))
    assert [len(each) for each in found] == [10] * 10 + [3]
    assert sorted(np.concatenate(found)) == list(range(103))


def test_the_order_follows_from_seed_and_epoch() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        return [int(place) for batch in batches(50, 7, seed, epoch) for place in batch]

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)


def test_processes_share_evenly_and_without_overlap() -> None:
    batch = np.arange(11)
    shares = [share(batch, rank, 3).tolist() for rank in range(3)]
    assert shares == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    assert share(batch, 0, 1).tolist() == batch.tolist()
