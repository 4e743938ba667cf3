"""Evaluate trained models, hold them against the thresholds, and pick the best one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlaudit_reference.local.failures import BelowThresholdsError
from mlaudit_reference.local.jobs import Processing, run
from mlaudit_reference.local.preparation import Prepared
from mlaudit_reference.local.summary import Trained
from mlaudit_reference.local.training import Candidate
from mlaudit_reference.local.workplace import Workplace


@dataclass(frozen=True)
class Evaluated:
    """A model and what it is worth.

    Attributes:
        candidate: The model.
        reports: The folder of its reports.
        conditions: Each threshold with the value that is held against it.
        outcome: The numbers.
    """

    candidate: Candidate
    reports: Path
    conditions: dict[str, dict[str, float]]
    outcome: Trained


def evaluate(place: Workplace, prepared: Prepared, candidate: Candidate) -> Evaluated:
    """Evaluate a model on the test data.

    Raises:
        StepFailedError: Evaluation failed.
    """
    inputs = {
        "settings": prepared.dataset.settings,
        "model": candidate.model,
        "test": prepared.test,
        "baseline": prepared.baseline,
    }
    name = f"evaluate/{candidate.name.replace('/', '-')}"
    root = run(place, Processing(name, "evaluate.py", inputs))
    reports = root / "processing" / "output"
    found = json.loads((reports / "evaluation" / "evaluation.json").read_text("utf-8"))
    outcome = Trained(
        name=candidate.name,
        framework=candidate.framework,
        validation_auc=candidate.auc,
        test_auc=found["metrics"]["auc"]["value"],
        bias=found["bias"]["max_abs_dppl"],
        accepted=found["accepted"],
    )
    return Evaluated(candidate, reports, found["conditions"], outcome)


def pick(evaluated: Sequence[Evaluated]) -> Evaluated:
    """The best of those that reach the thresholds.

    It is chosen by the validation data: what is chosen by the test data would look better on it
    than it is.

    Raises:
        BelowThresholdsError: None reaches them; the pipeline, too, ends here and registers nothing.
    """
    accepted = [each for each in evaluated if each.outcome.accepted]
    if not accepted:
        told = "\n".join(f"  {each.candidate.name}: {_told(each)}" for each in evaluated)
        raise BelowThresholdsError(
            f"No model reaches the thresholds, so none is registered.\n{told}\n"
            "What to do: give more or better data, or set other thresholds in the manifest."
        )
    return max(accepted, key=lambda each: each.candidate.auc)


def _told(evaluated: Evaluated) -> str:
    missed = (
        f"{name} {each['value']:.3f} against {each['threshold']}"
        for name, each in evaluated.conditions.items()
        if not each["met"]
    )
    return ", ".join(missed)
