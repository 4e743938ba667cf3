"""The search for hyperparameters, over a training that is a formula."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlaudit_reference.local.failures import StepFailedError
from mlaudit_reference.local.jobs import Training
from mlaudit_reference.local.tuning import Search, tune
from mlaudit_reference.local.workplace import Workplace

pytest.importorskip("optuna", reason="pip install 'mlaudit[reference]'")
pytestmark = pytest.mark.frameworks

Program = Callable[[str, str], None]

# The nearer the learning rate is to 0.1, the better; each round tells how far it has come.
FORMULA = """
import argparse, json, math, os, sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", type=float)
said, others = parser.parse_known_args()
reached = 1 - abs(math.log10(said.learning_rate / 0.1))
for round in range(1, 101):
    print(f"validation:auc={reached * round / 100:.6f};", flush=True)
model = Path(os.environ["SM_MODEL_DIR"])
card = {"hyperparameters": {"learning_rate": said.learning_rate}, "artifact": "m"}
(model / "framework.json").write_text(json.dumps(card))
(model / "metrics.json").write_text(json.dumps({"validation:auc": reached}))
"""


def job(name: str = "tune") -> Training:
    return Training(name, "xgboost", {}, {"seed": "0"})


def test_the_best_trial_is_found_and_its_model_kept(
    place: Workplace, program: Program, told: list[str]
) -> None:
    program("train_xgboost.py", FORMULA)
    found = tune(place, job(), Search(trials=12, parallel=2, early_stopping=False))
    assert (found.trials, found.stopped) == (12, 0)
    assert found.best.auc > 0.8
    assert 0.06 < found.best.hyperparameters["learning_rate"] < 0.17
    assert found.best.model.is_relative_to(place.step("tune"))
    assert told[-1] == "Tuning xgboost: 12 of 12 trials done"


def test_trials_that_fall_behind_are_stopped(place: Workplace, program: Program) -> None:
    program("train_xgboost.py", FORMULA)
    found = tune(place, job(), Search(trials=12, parallel=1))
    assert found.stopped > 0
    assert found.best.auc > 0.5


def test_a_trial_that_fails_ends_the_search(place: Workplace, program: Program) -> None:
    program("train_xgboost.py", "raise SystemExit('error: no data')")
    with pytest.raises(StepFailedError, match="The step tune/00 failed: exit code 1"):
        tune(place, job(), Search(trials=3, parallel=1))
