"""The one preprocessing of training and serving: from records to the vectors a model takes.

The fitted state is JSON, so that whoever serves a model reads what it was trained with, and no
pickle is loaded. Every operation is elementwise: a record alone gives bit by bit the vector it
gives in a batch (guide items 4.8 and 5.4: no skew between training and serving).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import read_json
from mlaudit_reference.container.records import Records

FILE = "preprocessor.json"
_RAREST = 10
"""A category seen less often than this in training is treated as unknown."""


@dataclass(frozen=True)
class Scale:
    """How a numeric feature becomes two columns: its standardised value, and whether it is missing.

    Attributes:
        median: What stands for a missing value.
        mean: The mean after that.
        deviation: The standard deviation after that; 1 for a constant.
        missing: The share of missing values.
    """

    median: float
    mean: float
    deviation: float
    missing: float


@dataclass(frozen=True)
class Preprocessor:
    """The fitted state.

    Attributes:
        numeric: How each numeric feature is scaled.
        categorical: The known categories of each categorical feature with their shares; each
            becomes a column, and one more stands for missing and unknown values.
    """

    numeric: Mapping[str, Scale]
    categorical: Mapping[str, Mapping[str, float]]

    @property
    def groups(self) -> dict[str, list[int]]:
        """The places in the vector that each feature fills."""
        widths = {name: 2 for name in self.numeric}  # noqa: C420 - says what is counted
        widths |= {name: len(known) + 1 for name, known in self.categorical.items()}
        ends = np.cumsum(list(widths.values()))
        return {
            name: list(range(end - width, end))
            for (name, width), end in zip(widths.items(), ends.tolist(), strict=True)
        }

    @property
    def width(self) -> int:
        """The length of a vector."""
        return sum(map(len, self.groups.values()))

    @property
    def columns(self) -> list[str]:
        """A name for every place in the vector."""
        numeric = [f"{name}{end}" for name in self.numeric for end in ("", "=missing")]
        return numeric + [
            f"{name}={value}"
            for name, known in self.categorical.items()
            for value in (*known, "other")
        ]

    @property
    def average(self) -> Matrix:
        """The mean vector of training (1 x width): what is put where nothing shall be known."""
        numeric = [each for scale in self.numeric.values() for each in (0.0, scale.missing)]
        shares = [
            share
            for known in self.categorical.values()
            for share in (*known.values(), 1.0 - sum(known.values()))
        ]
        return np.array([[*numeric, *shares]], dtype=np.float32)

    def transform(self, records: Records) -> Matrix:
        """The vectors of records, one row each."""
        columns: list[Floats] = []
        for name, scale in self.numeric.items():
            values = records.numeric[name]
            missing = np.isnan(values)
            filled = np.where(missing, scale.median, values)
            columns += [(filled - scale.mean) / scale.deviation, missing.astype(np.float64)]
        for name, known in self.categorical.items():
            values_of = np.asarray(records.categorical[name], dtype=np.str_)
            hits = [(values_of == value).astype(np.float64) for value in known]
            columns += [*hits, 1.0 - np.sum(hits, axis=0) if hits else np.ones(len(values_of))]
        return np.column_stack(columns).astype(np.float32)

    def document(self) -> dict[str, Any]:
        """The state as JSON."""
        return {
            "version": 1,
            "numeric": {name: asdict(scale) for name, scale in self.numeric.items()},
            "categorical": {name: dict(known) for name, known in self.categorical.items()},
            "columns": self.columns,
        }


def fit(records: Records) -> Preprocessor:
    """Learn the state from training records.

    Raises:
        InputError: A numeric feature has no value at all.
    """
    numeric = {name: _scale(name, values) for name, values in records.numeric.items()}
    categorical = {name: _known(values) for name, values in records.categorical.items()}
    return Preprocessor(numeric, categorical)


def _scale(name: str, values: Floats) -> Scale:
    missing = np.isnan(values)
    if missing.all():
        raise InputError(f"feature {name} has no value in the training data")
    median = float(np.median(values[~missing]))
    filled = np.where(missing, median, values)
    mean, deviation = float(filled.mean()), float(filled.std())
    return Scale(median, mean, deviation or 1.0, float(missing.mean()))


def _known(values: Sequence[str]) -> dict[str, float]:
    found, counts = np.unique(np.asarray(values, dtype=np.str_), return_counts=True)
    pairs = zip(found.tolist(), counts.tolist(), strict=True)
    return {value: count / len(values) for value, count in pairs if value and count >= _RAREST}


def read(folder: Path) -> Preprocessor:
    """Read the state that lies in a folder.

    Raises:
        InputError: It is not there, or is not like that.
    """
    document = read_json(folder / FILE)
    try:
        numeric = {name: Scale(**scale) for name, scale in document["numeric"].items()}
        categorical = {name: dict(known) for name, known in document["categorical"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise InputError(f"{folder / FILE} is no state of preprocessing: {wrong}") from wrong
    return Preprocessor(numeric, categorical)
