"""Shift of distributions against examples reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlaudit_reference.container.shift import (
    categorical_shift,
    jensen_shannon,
    ks,
    ndcg,
    numeric_shift,
    psi,
    rank_correlation,
)
from mlaudit_reference.container.statistics import Document, numeric_statistics, text_statistics

RANDOM = np.random.default_rng(0)
BEFORE = RANDOM.standard_normal(20_000)


def _statistics() -> Document:
    words = ["a"] * 50 + ["b"] * 40 + [""] * 10
    return {"features": [numeric_statistics("x", BEFORE), text_statistics("w", words)]}


def test_psi() -> None:
    found = psi(np.array([0.5, 0.5]), np.array([0.8, 0.2]))
    assert found == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4))
    assert psi(np.array([0.5, 0.5]), np.array([0.5, 0.5])) == 0
    assert math.isfinite(psi(np.array([1.0, 0.0]), np.array([0.0, 1.0])))


def test_jensen_shannon_goes_from_0_to_1() -> None:
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1)
    assert jensen_shannon(np.array([0.3, 0.7]), np.array([0.3, 0.7])) == 0
    half = 0.5 * (1 * math.log2(1 / 0.75)) + 0.5 * (
        0.5 * math.log2(0.5 / 0.75) + 0.5 * math.log2(0.5 / 0.25)
    )
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(
        math.sqrt(half)
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0),
        ([1.0, 2.0], [3.0, 4.0], 1.0),
        ([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0], 0.5),
        ([1.0, 1.0, 2.0], [1.0, 2.0, 2.0], 1 / 3),
    ],
)
def test_ks(one: list[float], other: list[float], expected: float) -> None:
    assert ks(np.array(one), np.array(other)) == pytest.approx(expected)


def test_the_same_distribution_has_not_moved() -> None:
    found = numeric_shift(_statistics(), "x", RANDOM.standard_normal(5000))
    assert found["psi"] < 0.01
    assert found["ks"] < 0.03
    assert found["jensen_shannon"] < 0.05


def test_a_distribution_that_moved_by_one_deviation_is_found() -> None:
    found = numeric_shift(_statistics(), "x", RANDOM.standard_normal(5000) + 1)
    assert found["psi"] > 0.5
    # Two normal distributions one deviation apart: 2 * Phi(0.5) - 1.
    assert found["ks"] == pytest.approx(0.383, abs=0.03)


def test_values_that_go_missing_are_a_shift() -> None:
    values = np.where(np.arange(5000) % 2, RANDOM.standard_normal(5000), np.nan)
    # Ten bins lose half of a tenth each, and half is missing that never was.
    expected = 10 * 0.05 * math.log(2) + (0.5 - 1e-4) * math.log(0.5 / 1e-4)
    assert numeric_shift(_statistics(), "x", values)["psi"] == pytest.approx(expected, abs=0.05)
    assert set(numeric_shift(_statistics(), "x", np.full(10, np.nan))) == {"psi", "jensen_shannon"}


def test_words() -> None:
    same = categorical_shift(_statistics(), "w", ["a"] * 5 + ["b"] * 4 + [""])
    assert same["psi"] == pytest.approx(0, abs=1e-12)
    new = categorical_shift(_statistics(), "w", ["c"] * 10)
    assert new["jensen_shannon"] == pytest.approx(1)
    assert new["psi"] > 5


def test_a_baseline_without_values_is_no_baseline() -> None:
    for name in ("x", "w"):
        with pytest.raises(KeyError):
            numeric_shift({"features": []}, name, np.zeros(1))
        with pytest.raises(KeyError):
            categorical_shift({"features": []}, name, ["a"])


def test_ndcg() -> None:
    # The example of the developer guide: the order is turned round.
    before = {"sat": 0.70, "gpa": 0.50, "rank": 0.05}
    now = {"sat": 0.10, "gpa": 0.20, "rank": 0.70}
    ideal = 0.70 + 0.50 / math.log2(3) + 0.05 / 2
    turned = 0.05 + 0.50 / math.log2(3) + 0.70 / 2
    assert ndcg(before, now) == pytest.approx(turned / ideal)
    assert ndcg(before, before) == 1
    assert ndcg(dict.fromkeys(before, 0.0), now) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [10, 20, 30], 1.0),
        ([1, 2, 3], [3, 2, 1], -1.0),
        ([1, 2, 2, 4], [1, 3, 2, 4], math.sqrt(0.9)),
        ([1, 1, 1], [1, 2, 3], None),
    ],
)
def test_rank_correlation(one: list[float], other: list[float], expected: float | None) -> None:
    assert rank_correlation(one, other) == (expected and pytest.approx(expected))
