"""Vectors with labels as every framework reads them: CSV without a header, the label first.

It is also what SageMaker's built-in algorithms take.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.tables import csv_files

FILE = "data.csv"


def write(folder: Path, labels: Floats, vectors: Matrix) -> None:
    """Write labels and vectors; nine digits bring a 32-bit number back bit by bit."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = np.column_stack([labels, vectors])
    with (folder / FILE).open("w", encoding="utf-8") as file:
        np.savetxt(file, rows, fmt="%.9g", delimiter=",")


def read(folder: Path) -> tuple[Floats, Matrix]:
    """The labels and the vectors in a channel.

    Raises:
        InputError: There is no file, or one is not like that.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parts = [
                np.loadtxt(path, delimiter=",", dtype=np.float64, ndmin=2)
                for path in csv_files(folder)
            ]
        rows = np.concatenate(parts)
    except (OSError, ValueError, UserWarning) as wrong:
        raise InputError(f"{folder} holds no labels with vectors: {wrong}") from wrong
    return rows[:, 0].copy(), rows[:, 1:].astype(np.float32)
