"""What a pipeline is about: its columns, its thresholds and its seed (``settings.json``)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlaudit_reference.container import locations
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import read_json

FILE = "settings.json"
PROBLEM = "binary_classification"


@dataclass(frozen=True)
class Thresholds:
    """What a model must reach, and from where on it says yes.

    Attributes:
        auc_min: The least area under the ROC curve on the test data.
        bias_max: The greatest absolute difference in positive predictions between groups.
        decision: The probability from which a record is decided to be positive.
    """

    auc_min: float = 0.7
    bias_max: float = 0.2
    decision: float = 0.5


@dataclass(frozen=True)
class Settings:
    """One prediction problem.

    Attributes:
        name: The name of the pipeline.
        label: The column to predict, 0 or 1.
        record_id: The column that names a record.
        event_time: The column that holds when it came about.
        protected: The column by which unequal treatment is measured.
        privileged: The value of the group that others are compared with.
        numeric: The numeric features.
        categorical: The categorical features.
        thresholds: What a model must reach.
        seed: Where every random choice starts from.
    """

    name: str
    label: str
    record_id: str
    event_time: str
    protected: str
    privileged: str
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    thresholds: Thresholds = Thresholds()
    seed: int = 0

    @property
    def features(self) -> tuple[str, ...]:
        """All features, the numeric ones first: the order everywhere."""
        return (*self.numeric, *self.categorical)

    def document(self) -> dict[str, Any]:
        """The settings as they stand in the file."""
        return {
            "name": self.name,
            "problem": PROBLEM,
            "label": self.label,
            "record_id": self.record_id,
            "event_time": self.event_time,
            "protected": {"attribute": self.protected, "privileged": self.privileged},
            "features": {"numeric": list(self.numeric), "categorical": list(self.categorical)},
            "thresholds": dict(vars(self.thresholds)),
            "seed": self.seed,
        }


def option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where the settings are."""
    default = os.environ.get("PIPELINE_SETTINGS", locations.processing_input("settings") / FILE)
    parser.add_argument("--settings", type=Path, default=Path(default), help="the settings")


def only_option(description: str, argv: Sequence[str] | None) -> Path:
    """The settings file that the arguments of a job name which takes nothing else."""
    parser = argparse.ArgumentParser(description=description)
    option(parser)
    path: Path = parser.parse_args(argv).settings
    return path


def first(paths: Iterable[Path]) -> Settings:
    """Read the first of some files that is there.

    Raises:
        InputError: None is there, or it cannot be used.
    """
    tried = tuple(paths)
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        raise InputError(f"no settings at {' or '.join(map(str, tried))}")
    return read(found)


def read(path: Path) -> Settings:
    """Read the settings from a file.

    Raises:
        InputError: It is not there, or says what is not understood.
    """
    try:
        return parse(read_json(path))
    except KeyError as missing:
        raise InputError(f"{path} lacks {missing}") from missing
    except (TypeError, ValueError) as wrong:
        raise InputError(f"{path}: {wrong}") from wrong


def parse(document: Mapping[str, Any]) -> Settings:
    """The settings in a document.

    Raises:
        KeyError: A part is missing.
        TypeError: A part has another shape.
        ValueError: A part cannot be used.
    """
    if document["problem"] != PROBLEM:
        raise ValueError(f"problem is {document['problem']!r}; only {PROBLEM} is understood")
    found = Settings(
        name=document["name"],
        label=document["label"],
        record_id=document["record_id"],
        event_time=document["event_time"],
        protected=document["protected"]["attribute"],
        privileged=document["protected"]["privileged"],
        numeric=tuple(document["features"]["numeric"]),
        categorical=tuple(document["features"]["categorical"]),
        thresholds=_thresholds(document.get("thresholds", {})),
        seed=int(document.get("seed", 0)),
    )
    _check(found)
    return found


def _thresholds(document: Mapping[str, Any]) -> Thresholds:
    known = Thresholds.__dataclass_fields__
    return Thresholds(**{name: float(document[name]) for name in known if name in document})


def _check(found: Settings) -> None:
    if not found.features:
        raise ValueError("there is no feature")
    columns = (found.label, found.record_id, found.event_time, *found.features)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise ValueError(f"named more than once: {', '.join(twice)}")
