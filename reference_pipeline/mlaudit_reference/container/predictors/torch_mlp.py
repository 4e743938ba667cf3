"""A small network in PyTorch; its weights lie in ``.npz``: loading it runs no code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.checkpoints import Arrays, packed, unpacked
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import write_whole

FILE = "model.npz"


def network(width: int, hidden: int, depth: int) -> Any:
    """A network with as many hidden layers as it is deep, that gives log-odds."""
    layers: list[Any] = []
    for entering in [width, *[hidden] * (depth - 1)]:
        layers += [torch.nn.Linear(entering, hidden), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(hidden, 1))


def load(folder: Path, card: Mapping[str, Any]) -> Callable[[Matrix], Floats]:
    """How to ask the model in a folder.

    Raises:
        InputError: Its weights are those of another network.
    """
    said = card["hyperparameters"]
    model = network(card["width"], int(said["hidden"]), int(said["depth"]))
    restore(model, read(folder / card["artifact"]))
    return lambda vectors: probabilities(model, vectors)


def read(path: Path) -> Arrays:
    """The weights in a file.

    Raises:
        InputError: It is not there, or holds no weights.
    """
    try:
        return unpacked(path.read_bytes())
    except (OSError, ValueError) as wrong:
        raise InputError(f"{path} holds no weights: {wrong}") from wrong


def write(path: Path, model: Any) -> None:
    """Write the weights of a network."""
    write_whole(path, packed(arrays(model)))


def arrays(model: Any) -> Arrays:
    """The weights of a network, by their names."""
    return {name: each.detach().cpu().numpy() for name, each in model.state_dict().items()}


def restore(model: Any, found: Arrays) -> None:
    """Put weights into a network.

    Raises:
        InputError: They are those of another network.
    """
    try:
        model.load_state_dict({name: torch.from_numpy(each) for name, each in found.items()})
    except RuntimeError as wrong:
        raise InputError("the weights are those of another network") from wrong


def probabilities(model: Any, vectors: Matrix) -> Floats:
    """The probability of label 1."""
    device = next(model.parameters()).device
    with torch.no_grad():
        odds = model(torch.from_numpy(np.ascontiguousarray(vectors)).to(device)).squeeze(1)
        found: Floats = torch.sigmoid(odds).cpu().numpy().astype(np.float64)
    return found
