"""Predictions against the labels that came later, joined by the id of the record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import read_folder


@dataclass(frozen=True)
class Joined:
    """Predictions whose labels are known.

    Attributes:
        labels: 0 or 1.
        scores: The probability of 1 that was predicted.
        predicted: How many records were predicted, labelled or not.
    """

    labels: Floats
    scores: Floats
    predicted: int

    @property
    def labelled_share(self) -> float:
        """The share of predictions whose labels are known."""
        return len(self.labels) / self.predicted if self.predicted else 0.0


def predictions_in(folder: Path) -> dict[str, float]:
    """The probability of each record in files of JSON lines; the last one of a record counts.

    Raises:
        InputError: There is no file, or a line is no prediction.
    """
    paths = sorted(folder.rglob("*.jsonl"))
    if not paths:
        raise InputError(f"{folder} holds no predictions")
    return {name: score for path in paths for name, score in _read(path)}


def _read(path: Path) -> Iterator[tuple[str, float]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                said = json.loads(line)
                yield str(said["record_id"]), float(said["probability"])
            except (KeyError, TypeError, ValueError) as wrong:
                raise InputError(f"{path}, line {number} is no prediction") from wrong


def labels_in(folder: Path, settings: Settings) -> dict[str, str]:
    """The label of each record in CSV files; the last one of a record counts.

    Raises:
        InputError: There is no file, or a column is missing.
    """
    table = read_folder(folder)
    ids, labels = table.column(settings.record_id), table.column(settings.label)
    return {name: label for name, label in zip(ids, labels, strict=True) if label in {"0", "1"}}


def joined(predictions: Mapping[str, float], labels: Mapping[str, str]) -> Joined:
    """Predictions with their labels; a record without a name cannot be joined."""
    names = [name for name in predictions if name and name in labels]
    return Joined(
        np.array([float(labels[name]) for name in names], dtype=np.float64),
        np.array([predictions[name] for name in names], dtype=np.float64),
        len(predictions),
    )
