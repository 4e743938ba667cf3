"""Load a model of any framework; what comes back takes vectors and gives probabilities.

A module here is imported when a model of its framework is loaded, no sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import read_json
from mlaudit_reference.container.training import CARD

Predict = Callable[[Matrix], Floats]
"""From vectors, one row a record, to the probability of label 1 of each."""

_MODULES = {"sklearn": "linear", "xgboost": "trees", "pytorch": "torch_mlp", "jax": "flax_mlp"}


def load(folder: Path) -> tuple[str, Predict]:
    """The framework of the model in a folder, and how to ask it.

    Raises:
        InputError: There is no model that is understood, or its framework is not installed.
    """
    card = read_json(folder / CARD)
    framework = card.get("framework")
    if framework not in _MODULES:
        raise InputError(f"{folder / CARD}: framework {framework!r} is not one of {[*_MODULES]}")
    try:
        module = import_module(f"{__name__}.{_MODULES[framework]}")
    except ModuleNotFoundError as missing:
        raise InputError(f"a model of {framework} needs {missing.name}: install it") from missing
    predict: Predict = module.load(folder, card)
    return framework, predict
