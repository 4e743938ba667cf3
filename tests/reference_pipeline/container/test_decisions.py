"""From a probability to a decision and its reasons."""

from __future__ import annotations

import numpy as np
import pytest

from mlaudit_reference.container.decisions import contributions, decide


@pytest.mark.parametrize(("probability", "decision"), [(0.49, 0), (0.5, 1), (0.9, 1)])
def test_the_threshold_itself_is_a_yes(probability: float, decision: int) -> None:
    found = decide(probability, 0.5, {})
    assert found == {"probability": probability, "decision": decision, "reasons": []}


MOVED = {"a": 0.1, "b": -0.3, "c": 0.2, "d": 0.05, "e": 0.15, "f": -0.1}


def test_reasons_are_what_speaks_for_the_decision_strongest_first() -> None:
    for_yes = [each["feature"] for each in decide(0.8, 0.5, MOVED)["reasons"]]
    for_no = [each["feature"] for each in decide(0.2, 0.5, MOVED)["reasons"]]
    assert for_yes == ["c", "e", "a"]
    assert for_no == ["b", "f"]


def test_a_contribution_is_the_change_from_the_average_of_that_feature() -> None:
    weights = np.array([1.0, 2.0, -1.0])
    average = np.array([[0.5, 0.0, 1.0]], dtype=np.float32)
    vectors = np.array([[1.5, 1.0, 3.0], [0.5, 0.0, 1.0]], dtype=np.float32)
    groups = {"a": [0], "b": [1, 2]}
    found = contributions(lambda rows: rows @ weights, vectors, groups, average)
    assert found["a"].tolist() == [1.0, 0.0]
    assert found["b"].tolist() == [2.0 - 2.0, 0.0]
