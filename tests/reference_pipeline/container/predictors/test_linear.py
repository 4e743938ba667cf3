"""The logistic regression as numbers in JSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.predictors import linear

WEIGHTS = np.array([1.0, -2.0])


def test_it_is_the_logistic_function_of_a_weighted_sum(tmp_path: Path) -> None:
    linear.write(tmp_path / "model.json", WEIGHTS, 0.5)
    predict = linear.load(tmp_path, {"artifact": "model.json"})
    rows = np.array([[0.0, 0.0], [1.0, 0.5], [0.5, 0.5]], dtype=np.float32)
    expected = [1 / (1 + np.exp(-odds)) for odds in (0.5, 0.5, 0.0)]
    assert predict(rows) == pytest.approx(expected)


def test_great_odds_overflow_nothing() -> None:
    rows = np.array([[1e9, 0.0], [0.0, 1e9]], dtype=np.float32)
    assert linear.probabilities(rows, WEIGHTS, 0.0) == pytest.approx([1, 0])
