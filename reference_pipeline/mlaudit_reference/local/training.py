"""Train: once in each framework, and many times to find better hyperparameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlaudit_reference.container.spaces import METRICS, OBJECTIVE
from mlaudit_reference.local.jobs import OnLine, Training, run
from mlaudit_reference.local.workplace import Workplace

_OBJECTIVE = re.compile(METRICS[OBJECTIVE])


@dataclass(frozen=True)
class Candidate:
    """A trained model.

    Attributes:
        name: The job that trained it.
        framework: What with.
        model: Its folder.
        metrics: What training reached, such as ``validation:auc``.
        hyperparameters: All of them, the defaults too.
        artifact: The file that holds what was learned.
    """

    name: str
    framework: str
    model: Path
    metrics: Mapping[str, float]
    hyperparameters: Mapping[str, Any]
    artifact: Path

    @property
    def auc(self) -> float:
        """What candidates are compared by: the area under the ROC curve on the validation data."""
        return self.metrics[OBJECTIVE]


def train(place: Workplace, job: Training, on_line: OnLine | None = None) -> Candidate:
    """Train a model.

    Raises:
        StepFailedError: Training failed.
    """
    return candidate(job, run(place, job, on_line))


def candidate(job: Training, root: Path) -> Candidate:
    """What a training job left behind."""
    model = root / "model"
    metrics = json.loads((model / "metrics.json").read_text("utf-8"))
    card = json.loads((model / "framework.json").read_text("utf-8"))
    artifact = model / card["artifact"]
    return Candidate(job.name, job.framework, model, metrics, card["hyperparameters"], artifact)


def objective_in(line: str) -> float | None:
    """The objective's value in a line of a log, found as the service finds it."""
    found = _OBJECTIVE.search(line)
    return float(found.group(1)) if found else None
