"""A small network in JAX with Flax; its weights lie in ``.npz``: loading it runs no code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np
from flax import linen
from flax.traverse_util import flatten_dict, unflatten_dict

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.checkpoints import Arrays, packed, unpacked
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import write_whole

FILE = "model.npz"
_FEWEST = 16


def network(hidden: int, depth: int) -> Any:
    """A network with as many hidden layers as it is deep, that gives log-odds."""
    layers: list[Any] = [each for _ in range(depth) for each in (linen.Dense(hidden), linen.relu)]
    return linen.Sequential([*layers, linen.Dense(1)])


def asked(model: Any) -> Callable[[Any, Matrix], Floats]:
    """How to ask a network: weights and vectors in, probabilities out."""
    apply = jax.jit(lambda weights, rows: jax.nn.sigmoid(model.apply(weights, rows)[:, 0]))

    def probabilities(weights: Any, vectors: Matrix) -> Floats:
        # Every new number of rows would be compiled anew: round it up to a power of two.
        rows = max(_FEWEST, 1 << (len(vectors) - 1).bit_length())
        padded = np.zeros((rows, vectors.shape[1]), dtype=np.float32)
        padded[: len(vectors)] = vectors
        found: Floats = np.asarray(apply(weights, padded), dtype=np.float64)[: len(vectors)]
        return found

    return probabilities


def load(folder: Path, card: Mapping[str, Any]) -> Callable[[Matrix], Floats]:
    """How to ask the model in a folder.

    Raises:
        InputError: It has no weights.
    """
    said = card["hyperparameters"]
    weights = read(folder / card["artifact"])
    probabilities = asked(network(int(said["hidden"]), int(said["depth"])))
    return lambda vectors: probabilities(weights, vectors)


def read(path: Path) -> Any:
    """The weights in a file.

    Raises:
        InputError: It is not there, or holds no weights.
    """
    try:
        return unflatten_dict(unpacked(path.read_bytes()), sep="/")
    except (OSError, ValueError) as wrong:
        raise InputError(f"{path} holds no weights: {wrong}") from wrong


def write(path: Path, weights: Any) -> None:
    """Write weights."""
    write_whole(path, packed(arrays(weights)))


def arrays(weights: Any) -> Arrays:
    """Weights by their names."""
    flat = flatten_dict(weights, sep="/")
    return {name: np.asarray(each) for name, each in flat.items()}
