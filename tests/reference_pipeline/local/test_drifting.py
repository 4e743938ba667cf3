"""Windows of drift: what metrics mean, and data of one's own with larger numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mlaudit_reference.local.dataset import Dataset
from mlaudit_reference.local.drifting import window_of, write_enlarged
from mlaudit_reference.local.summary import Window

CALM = {"DriftPsiMax": 0.05, "AttributionNdcg": 0.99, "QualityAuc": 0.8}


def test_what_is_measured_is_told() -> None:
    assert window_of({**CALM, "DataQualityViolations": 2.0}) == Window(
        psi=0.05,
        ndcg=0.99,
        quality=0.8,
        violations=2,
        retrain=False,
        reasons=("nothing calls for it",),
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"DriftPsiMax": 0.5}, "drift: the distribution moved by 0.500"),
        ({"AttributionNdcg": 0.5}, "drift: attributions agree by 0.500"),
        ({"QualityAuc": 0.5}, "quality: 0.500 is below 0.68"),
    ],
)
def test_each_change_is_a_reason_to_train(change: dict[str, float], reason: str) -> None:
    found = window_of({**CALM, **change})
    assert (found.retrain, found.reasons) == (True, (reason,))


def test_what_was_not_measured_is_no_reason() -> None:
    found = window_of({})
    assert (found.psi, found.ndcg, found.quality, found.violations) == (None, None, None, None)
    assert not found.retrain


def test_data_of_ones_own_is_shifted_by_larger_numbers(tmp_path: Path) -> None:
    document = {"record_id": "id", "features": {"numeric": ["income"], "categorical": ["purpose"]}}
    dataset = Dataset(tmp_path, tmp_path, document, generated=False)
    rows = [
        {"id": "1", "income": "10.5", "purpose": "car", "y": "1"},
        {"id": "2", "income": "", "purpose": "", "y": "0"},
    ]
    write_enlarged(rows, dataset, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [{**rows[0], "income": "15.75"}, rows[1]]
