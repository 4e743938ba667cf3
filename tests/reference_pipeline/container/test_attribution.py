"""Shapley values: exact where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.attribution import (
    Effort,
    document,
    importance,
    importance_in,
    shapley,
)

WEIGHTS = np.array([1.0, -2.0, 0.5, 0.0], dtype=np.float32)
GROUPS = {"a": [0], "b": [1, 2], "c": [3]}
ROWS = np.random.default_rng(3).standard_normal((40, 4)).astype(np.float32)


def _linear(vectors: Matrix) -> Floats:
    found: Floats = np.asarray(vectors @ WEIGHTS, dtype=np.float64)
    return found


def _curved(vectors: Matrix) -> Floats:
    found = np.tanh(vectors[:, 0] * vectors[:, 1] + vectors[:, 2])
    return np.asarray(found, dtype=np.float64)


def test_a_linear_model_gives_weight_times_distance() -> None:
    background = np.array([[1.0, 1.0, 1.0, 1.0]], dtype=np.float32)
    found = shapley(_linear, (ROWS, background), GROUPS, Effort(orders=3))
    moved = (ROWS - background) * WEIGHTS
    expected = np.column_stack([moved[:, 0], moved[:, 1] + moved[:, 2], moved[:, 3]])
    assert np.allclose(found, expected, atol=1e-5)


def test_values_sum_up_to_the_change_of_the_prediction() -> None:
    background = np.zeros((1, 4), dtype=np.float32)
    found = shapley(_curved, (ROWS, background), GROUPS, Effort(orders=2))
    change = _curved(ROWS) - _curved(background)
    assert np.allclose(found.sum(axis=1), change, atol=1e-6)


def test_two_features_that_only_work_together_share_alike() -> None:
    # Of x0 * x1 at (1, 1) against (0, 0) each has a half.
    both = np.array([[1.0, 1.0, 0.0, 0.0]], dtype=np.float32)
    nothing = np.zeros((1, 4), dtype=np.float32)
    groups = {"x": [0], "y": [1]}
    found = shapley(
        lambda v: (v[:, 0] * v[:, 1]).astype(np.float64),
        (both, nothing),
        groups,
        Effort(orders=400),
    )
    assert found[0] == pytest.approx([0.5, 0.5], abs=0.08)


def test_the_same_seed_gives_the_same_importance_and_it_is_found_again() -> None:
    effort = Effort(records=10, orders=4, seed=5)
    found = importance(_curved, (ROWS, ROWS), GROUPS, effort)
    assert found == importance(_curved, (ROWS, ROWS), GROUPS, effort)
    assert found["c"] == 0
    assert importance_in(document(found, 0.5)) == found
