"""The logistic regression that scikit-learn fitted: numbers in JSON, applied with numpy.

Neither pickle, joblib nor skops: what a logistic regression is, is a list of numbers. So it can be
read by a person, loading it runs no code, and it does not depend on a version of scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.files import read_json, write_json

FILE = "model.json"


def load(folder: Path, card: Mapping[str, Any]) -> Callable[[Matrix], Floats]:
    """How to ask the model in a folder."""
    weights, intercept = read(folder / card["artifact"])
    return lambda vectors: probabilities(vectors, weights, intercept)


def read(path: Path) -> tuple[Floats, float]:
    """The weight of each place in the vector, and the intercept."""
    document = read_json(path)
    return np.asarray(document["weights"], dtype=np.float64), float(document["intercept"])


def write(path: Path, weights: Floats, intercept: float) -> None:
    """Write a model."""
    write_json(path, {"weights": weights.tolist(), "intercept": intercept})


def probabilities(vectors: Matrix, weights: Floats, intercept: float) -> Floats:
    """The probability of label 1."""
    odds = vectors.astype(np.float64) @ weights + intercept
    result: Floats = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return result
