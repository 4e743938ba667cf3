"""Kill training in the middle and let it go on: the same model must come of it (spot capacity)."""

from __future__ import annotations

import math
import re
import signal
import time
from dataclasses import dataclass
from threading import Thread

from mlaudit_reference.local.failures import LocalRunError, StepFailedError
from mlaudit_reference.local.jobs import Training, ended, follow, prepared, started
from mlaudit_reference.local.training import Candidate, train
from mlaudit_reference.local.workplace import Workplace

_LOOK_AGAIN = 0.002
_TRIES = 4
_TOLERANCE = 1e-6
_WENT_ON = re.compile(r'"event": "resumed".*"epoch-0*(\d+)-')


@dataclass(frozen=True)
class Resumed:
    """Training that was killed, went on, and is compared with training that was not.

    Attributes:
        framework: What was trained with.
        exit_code: How it ended when it was killed: -9 is SIGKILL.
        from_epoch: How many epochs were done when it went on.
        epochs: How many there are.
        auc: ``validation:auc`` after it went on.
        unbroken: The same without the kill.
        difference: The greatest difference between two weights of the two models.
    """

    framework: str
    exit_code: int
    from_epoch: int
    epochs: int
    auc: float
    unbroken: float
    difference: float

    @property
    def holds(self) -> bool:
        """Whether it was killed in the middle, went on from there, and came to the same model."""
        went_on = self.exit_code == -signal.SIGKILL and 0 < self.from_epoch < self.epochs
        return went_on and self.difference <= _TOLERANCE


def prove(place: Workplace, job: Training) -> Resumed:
    """Kill a job with ``kill -9`` as soon as it has a checkpoint, start it again, and compare.

    Args:
        place: Where.
        job: Training that keeps checkpoints. Where it is done sooner than it could be killed, it is
            tried again with twice the epochs.

    Raises:
        StepFailedError: Training failed by itself.
        LocalRunError: It could not be killed in time.
    """
    for doubling in range(_TRIES):
        epochs = int(job.hyperparameters["epochs"]) * 2**doubling
        kill, keep = (_longer(job, f"{doubling}-{each}", epochs) for each in ("killed", "unbroken"))
        exit_code, done = _killed(place, kill)
        if exit_code and done < epochs:
            return _compared(place, kill, keep, exit_code)
    raise LocalRunError(f"{job.name} was always done before it could be killed: give more --rows.")


def _longer(job: Training, name: str, epochs: int) -> Training:
    parameters = {**job.hyperparameters, "epochs": str(epochs)}
    return Training(f"{job.name}/{name}", job.framework, job.channels, parameters, job.threads)


def _compared(place: Workplace, kill: Training, keep: Training, exit_code: int) -> Resumed:
    """Let the killed one go on, train the other, and hold them side by side."""
    epochs: list[int] = []

    def on_line(line: str) -> None:
        found = _WENT_ON.search(line)
        epochs.extend([int(found[1])] if found else [])

    resumed, unbroken = train(place, kill, on_line), train(place, keep)
    return Resumed(
        framework=kill.framework,
        exit_code=exit_code,
        from_epoch=epochs[0] if epochs else 0,
        epochs=int(kill.hyperparameters["epochs"]),
        auc=resumed.auc,
        unbroken=unbroken.auc,
        difference=_difference(resumed, unbroken),
    )


def _difference(one: Candidate, other: Candidate) -> float:
    """The greatest difference between two weights; infinite where one has others."""
    import numpy as np  # noqa: PLC0415 - it may be missing, which is told before

    with np.load(one.artifact) as first, np.load(other.artifact) as second:
        if set(first.files) != set(second.files):
            return math.inf
        pairs = ((first[name], second[name]) for name in first.files)
        return max(float(np.max(np.abs(a - b))) for a, b in pairs)


def _killed(place: Workplace, job: Training) -> tuple[int, int]:
    """Kill training at its first checkpoint. Returns its exit code and how many epochs are done.

    Raises:
        StepFailedError: It failed by itself.
    """
    root = prepared(place, job)
    with started(place, job, root) as process:
        log = place.step(job.name) / "log.txt"
        reader = Thread(target=follow, args=(process, log))
        reader.start()
        while process.poll() is None and not any((root / "checkpoints").glob("epoch-*")):
            time.sleep(_LOOK_AGAIN)
        process.kill()
        reader.join()
        code = process.wait()
    if code not in (0, -signal.SIGKILL):
        raise StepFailedError(job.name, ended(place, job, code))
    names = [each.name for each in (root / "checkpoints").glob("epoch-*")]
    return code, max((int(name.split("-")[1]) for name in names), default=0)
