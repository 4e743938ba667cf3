"""Which model is picked."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit_reference.local.evaluation import Evaluated, pick
from mlaudit_reference.local.failures import BelowThresholdsError
from mlaudit_reference.local.summary import Trained
from mlaudit_reference.local.training import Candidate


def evaluated(name: str, validation: float, test: float, *, accepted: bool = True) -> Evaluated:
    metrics = {"validation:auc": validation}
    candidate = Candidate(name, "sklearn", Path("m"), metrics, {}, Path("m/model.json"))
    conditions = {
        "auc_min": {"value": test, "threshold": 0.7, "met": accepted},
        "bias_max": {"value": 0.1, "threshold": 0.2, "met": True},
    }
    outcome = Trained(name, "sklearn", validation, test, 0.1, accepted)
    return Evaluated(candidate, Path("reports"), conditions, outcome)


def test_the_best_on_the_validation_data_is_picked_among_those_accepted() -> None:
    found = pick(
        [
            evaluated("unfair", 0.9, 0.9, accepted=False),
            evaluated("lucky", 0.80, 0.85),
            evaluated("good", 0.81, 0.80),
        ]
    )
    assert found.candidate.name == "good"


def test_where_none_is_accepted_the_thresholds_are_told() -> None:
    with pytest.raises(BelowThresholdsError) as refused:
        pick([evaluated("weak", 0.6, 0.61, accepted=False)])
    assert "  weak: auc_min 0.610 against 0.7\n" in str(refused.value)
    assert "bias_max" not in str(refused.value)
