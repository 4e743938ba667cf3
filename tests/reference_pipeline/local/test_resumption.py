"""The proof that training goes on after it was killed, over a training that counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlaudit_reference.local.failures import LocalRunError, StepFailedError
from mlaudit_reference.local.jobs import Training
from mlaudit_reference.local.resumption import prove
from mlaudit_reference.local.workplace import Workplace

pytest.importorskip("numpy", reason="pip install 'mlaudit[reference]'")
pytestmark = pytest.mark.frameworks

Program = Callable[[str, str], None]

# Each epoch adds its number. The job to be killed waits for it in its second epoch. One with fewer
# epochs than KEPT_FROM keeps a checkpoint of the last one alone, when it is too late.
COUNTING = """
import argparse, json, os, select
from pathlib import Path

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
epochs = parser.parse_args().epochs
checkpoints = Path(os.environ["ML_ROOT"], "checkpoints")
start, weight = 0, 0.0
for path in sorted(checkpoints.glob("epoch-*")):
    start, weight = int(path.name.split("-")[1]), float(path.read_text())
if start:
    print(json.dumps({"event": "resumed", "checkpoint": f"epoch-{start:05d}-x-y.npz"}))
for epoch in range(start + 1, epochs + 1):
    weight = WEIGHT
    if epoch == 2 and not start and epochs >= KEPT_FROM and "killed" in os.getcwd():
        select.select([], [], [], 60)
    if epoch == epochs or epochs >= KEPT_FROM:
        (checkpoints / ".new").write_text(str(weight))
        (checkpoints / ".new").rename(checkpoints / f"epoch-{epoch:05d}-x-y.npz")
model = Path(os.environ["SM_MODEL_DIR"])
np.savez(model / "model.npz", weight=np.array([weight]))
card = {"hyperparameters": {}, "artifact": "model.npz"}
(model / "framework.json").write_text(json.dumps(card))
(model / "metrics.json").write_text(json.dumps({"validation:auc": weight}))
"""


def counting(weight: str, kept_from: int = 1) -> str:
    return COUNTING.replace("WEIGHT", weight).replace("KEPT_FROM", str(kept_from))


def job(epochs: int = 4) -> Training:
    return Training("resume", "pytorch", {}, {"epochs": str(epochs)})


def test_training_that_goes_on_holds(place: Workplace, program: Program) -> None:
    program("train_pytorch.py", counting("weight + epoch"))
    found = prove(place, job())
    assert found.holds
    assert (found.exit_code, found.from_epoch, found.epochs) == (-9, 1, 4)
    assert (found.auc, found.unbroken, found.difference) == (10.0, 10.0, 0.0)


def test_training_that_starts_anew_does_not_hold(place: Workplace, program: Program) -> None:
    text = counting("weight + epoch").replace('"event": "resumed"', '"event": ""')
    program("train_pytorch.py", text)
    assert not prove(place, job()).holds


def test_another_result_does_not_hold(place: Workplace, program: Program) -> None:
    program("train_pytorch.py", counting("weight + epoch - start"))
    found = prove(place, job())
    assert found.difference == 3.0
    assert not found.holds


def test_training_that_is_done_too_soon_is_given_more_to_do(
    place: Workplace, program: Program
) -> None:
    program("train_pytorch.py", counting("weight + epoch", kept_from=8))
    found = prove(place, job(epochs=2))
    assert found.holds
    assert (found.from_epoch, found.epochs) == (1, 8)


def test_training_that_fails_by_itself_is_a_step_that_failed(
    place: Workplace, program: Program
) -> None:
    program("train_pytorch.py", "raise SystemExit('error: no data')")
    with pytest.raises(StepFailedError, match="error: no data"):
        prove(place, job())


def test_training_that_cannot_be_killed_is_told(place: Workplace, program: Program) -> None:
    program("train_pytorch.py", "")
    with pytest.raises(LocalRunError, match="always done before it could be killed"):
        prove(place, job())
