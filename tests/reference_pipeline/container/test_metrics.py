"""Metrics against examples counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit_reference.container.metrics import auc, confusion, decided, log_loss, quality, rates


def _a(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ((0, 0, 1, 1), (0.1, 0.4, 0.35, 0.8), 0.75),
        ((0, 1), (0.2, 0.9), 1.0),
        ((0, 1), (0.9, 0.2), 0.0),
        ((0, 1, 0, 1), (0.5, 0.5, 0.5, 0.5), 0.5),
        ((0, 1, 1), (0.3, 0.3, 0.9), 0.75),
    ],
)
def test_auc(labels: tuple[float, ...], scores: tuple[float, ...], expected: float) -> None:
    assert auc(_a(*labels), _a(*scores)) == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[bool, int]]) -> None:
    above = [s for label, s in pairs if label]
    below = [s for label, s in pairs if not label]
    found = auc(_a(*(float(label) for label, _ in pairs)), _a(*(s for _, s in pairs)))
    if not above or not below:
        assert found is None
        return
    wins = [(one > other) + (one == other) / 2 for one in above for other in below]
    assert found == pytest.approx(sum(wins) / len(wins))


def test_log_loss() -> None:
    expected = -(math.log(0.8) + math.log(0.75)) / 2
    assert log_loss(_a(1, 0), _a(0.8, 0.25)) == pytest.approx(expected)
    assert math.isfinite(log_loss(_a(1, 0), _a(0.0, 1.0)))


def test_confusion_and_what_follows_from_it() -> None:
    labels, said = _a(1, 1, 1, 0, 0, 0, 0, 0), _a(1, 1, 0, 1, 0, 0, 0, 0)
    matrix = confusion(labels, said)
    assert matrix == {"0": {"0": 4, "1": 1}, "1": {"0": 1, "1": 2}}
    found = rates(matrix)
    assert found["accuracy"] == pytest.approx(6 / 8)
    assert found["precision"] == found["recall"] == found["f1"] == pytest.approx(2 / 3)
    assert found["true_negative_rate"] == pytest.approx(4 / 5)
    assert found["false_positive_rate"] == pytest.approx(1 / 5)
    assert found["false_negative_rate"] == pytest.approx(1 / 3)


def test_the_threshold_itself_is_a_yes() -> None:
    assert decided(_a(0.49, 0.5, 0.51), 0.5).tolist() == [0, 1, 1]


def test_nothing_predicted_positive_is_no_division_by_zero() -> None:
    assert rates(confusion(_a(0, 1), _a(0, 0)))["precision"] == 0


def test_quality_has_deviations_from_two_hundred_records_on() -> None:
    random = np.random.default_rng(0)
    labels = (random.random(200) < 0.5).astype(np.float64)
    scores = np.clip(labels * 0.3 + random.random(200) * 0.7, 0, 1)
    many, few = quality(labels, scores, 0.5), quality(labels[:199], scores[:199], 0.5)
    assert 0 < many["auc"]["standard_deviation"] < 0.05
    assert "standard_deviation" not in few["auc"]
    assert many == quality(labels, scores, 0.5)


def test_quality_of_labels_of_one_kind_has_no_auc() -> None:
    found = quality(_a(0, 0), _a(0.1, 0.9), 0.5)
    assert "auc" not in found
    assert found["accuracy"] == {"value": 0.5}
