"""Gradient-boosted trees of XGBoost, in its own format (universal binary JSON)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xgboost

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError

FILE = "model.ubj"


def load(folder: Path, card: Mapping[str, Any]) -> Callable[[Matrix], Floats]:
    """How to ask the model in a folder.

    Raises:
        InputError: XGBoost cannot read it.
    """
    path = folder / card["artifact"]
    try:
        model = xgboost.Booster(model_file=path)
    except xgboost.core.XGBoostError as wrong:
        raise InputError(f"{path} is no model of XGBoost") from wrong
    return lambda vectors: probabilities(model, vectors)


def probabilities(model: Any, vectors: Matrix) -> Floats:
    """The probability of label 1. Safe to call from several threads at once."""
    found: Floats = np.asarray(model.inplace_predict(vectors), dtype=np.float64)
    return found
