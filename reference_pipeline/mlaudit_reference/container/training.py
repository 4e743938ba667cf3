"""What every training script does: read its channels, say how far it is, leave a model behind.

Source: the contract of training containers (channels, model folder, output folder).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container import features, hyperparameters, locations, settings, vectors
from mlaudit_reference.container.archives import unpacked
from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.files import read_json, write_json
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.metrics import auc, log_loss

CARD = "framework.json"
_PACKAGE = Path(__file__).parent
_STATE = (features.FILE, settings.FILE)


@dataclass(frozen=True)
class Part:
    """Labels and vectors of one channel.

    Attributes:
        labels: 0 or 1 for each record.
        vectors: Records x width.
    """

    labels: Floats
    vectors: Matrix


@dataclass(frozen=True)
class Job:
    """What a training script is given.

    Attributes:
        framework: Its framework.
        parameters: Hyperparameters, with underscores.
        train: What to learn from.
        validation: What to choose the best by.
        earlier: The folder of the model to go on from, if so said.
    """

    framework: str
    parameters: hyperparameters.Values
    train: Part
    validation: Part
    earlier: Path | None


@dataclass(frozen=True)
class Trained:
    """What a training script leaves behind.

    Attributes:
        artifact: The file in the model folder that holds the model.
        version: Of the framework.
        train: The probabilities of the training records.
        validation: The probabilities of the validation records.
        details: What loading the model takes besides.
    """

    artifact: str
    version: str
    train: Floats
    validation: Floats
    details: Mapping[str, Any]


Train = Callable[[Job], Trained | None]
"""Trains; only the first of several processes says something."""


def run(framework: str, train: Train, argv: Sequence[str] | None) -> int:
    """Train, and write the model, what goes with it, and its metrics; the exit code."""
    return ended(lambda: _run(framework, train, argv), "failure")


def _run(framework: str, train: Train, argv: Sequence[str] | None) -> int:
    with ExitStack() as stack:
        job = _job(framework, argv, stack)
        log("training", framework=framework, rows=len(job.train.labels), **job.parameters)
        trained = train(job)
        if trained is not None:
            finish(job, trained)
    return 0


def _job(framework: str, argv: Sequence[str] | None, stack: ExitStack) -> Job:
    values = hyperparameters.read(framework, locations.hyperparameters(), argv)
    parts = [Part(*vectors.read(locations.channel(name))) for name in ("train", "validation")]
    earlier = None
    if values["warm_start"]:
        earlier = stack.enter_context(unpacked(locations.channel("model")))
        _check_earlier(framework, earlier)
    return Job(framework, values, parts[0], parts[1], earlier)


def _check_earlier(framework: str, earlier: Path) -> None:
    """Refuse to go on from a model that another framework made, or that sees other vectors."""
    made_by = read_json(earlier / CARD)["framework"]
    if made_by != framework:
        raise InputError(f"warm start: the earlier model is of {made_by}, not of {framework}")
    now = features.read(locations.channel("preprocessor")).columns
    if features.read(earlier).columns != now:
        raise InputError("warm start: the earlier model was trained on other columns")


def finish(job: Job, trained: Trained) -> None:
    """Write all of the model but the artifact, which is there, and report the metrics."""
    found = {
        **measured("train", job.train.labels, trained.train),
        **measured("validation", job.validation.labels, trained.validation),
    }
    folder = locations.model()
    for name in _STATE:
        shutil.copyfile(locations.channel("preprocessor") / name, folder / name)
    card = {
        "framework": job.framework,
        "version": trained.version,
        "artifact": trained.artifact,
        "width": job.train.vectors.shape[1],
        "rows": len(job.train.labels),
        "warm_start": job.earlier is not None,
        "hyperparameters": dict(job.parameters),
        **trained.details,
    }
    write_json(folder / CARD, card)
    write_json(folder / "metrics.json", found)
    write_json(locations.output_data() / "metrics.json", found)
    copy_code(folder / "code")
    report(found)


def measured(part: str, labels: Floats, scores: Floats) -> dict[str, float]:
    """The metrics of one part, by the names under which tuning knows them.

    Raises:
        InputError: The part has labels of one kind only, or the model gives no numbers.
    """
    if not np.isfinite(scores).all():
        raise InputError(f"training diverged: the model gives no numbers for the {part} data")
    area = auc(labels, scores)
    if area is None:
        raise InputError(f"the {part} data has labels of one kind only")
    return {f"{part}:auc": area, f"{part}:logloss": log_loss(labels, scores)}


def report(found: Mapping[str, float]) -> None:
    """Print metrics where the metric expressions of ``spaces.METRICS`` find them."""
    for name, value in found.items():
        sys.stdout.write(f"{name}={value:.6f};\n")
    sys.stdout.flush()


def copy_code(folder: Path) -> None:
    """Put the code that serves a model beside it, so that nothing has to repack the archive."""
    package = folder / _PACKAGE.parent.name
    skipped = shutil.ignore_patterns("__pycache__", "*.md")
    shutil.copytree(_PACKAGE, package / _PACKAGE.name, ignore=skipped, dirs_exist_ok=True)
    shutil.copyfile(_PACKAGE.parent / "__init__.py", package / "__init__.py")
    for path in sorted((_PACKAGE / "entry").glob("[!_]*.py")):
        shutil.copyfile(path, folder / path.name)
