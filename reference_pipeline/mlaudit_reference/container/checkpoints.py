"""Checkpoints that survive ``kill -9``: numbers in ``.npz``, whole or not there.

The name of a file carries the digest of its content, so that half a file, or one that went bad on
its way to S3 and back, is passed over for the one before it; and the digest of what the training
depends on, so that a job never goes on from the checkpoint of another one.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
from numpy.lib.format import write_array

from mlaudit_reference.container.files import write_whole
from mlaudit_reference.container.logs import log

Arrays = Mapping[str, npt.NDArray[Any]]

_NAME = re.compile(r"epoch-(\d+)-([0-9a-f]{16})-([0-9a-f]{16})\.npz")
_KEPT = 2


@dataclass(frozen=True)
class Checkpoint:
    """Where training stood.

    Attributes:
        epoch: How many epochs were done.
        arrays: All numbers that training goes on from.
    """

    epoch: int
    arrays: Arrays


def fingerprint(parameters: Mapping[str, Any], *data: npt.NDArray[Any]) -> str:
    """What tells one training from another: its hyperparameters and its data."""
    digest = sha256(json.dumps(dict(parameters), sort_keys=True).encode())
    for each in data:
        digest.update(f"{each.shape}{each.dtype}".encode())
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()[:16]


def packed(arrays: Arrays) -> bytes:
    """Arrays as the bytes of an ``.npz`` file; the same arrays give the same bytes.

    Raises:
        ValueError: One of them would need a pickle.
    """
    buffer = io.BytesIO()
    # Not numpy.savez: numpy 1 does not let it refuse pickles.
    with ZipFile(buffer, "w") as archive:
        for name, each in arrays.items():
            with archive.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                write_array(file, np.asarray(each), allow_pickle=False)
    return buffer.getvalue()


def unpacked(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays in the bytes of an ``.npz`` file; no pickle is loaded."""
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def save(folder: Path, mark: str, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, then delete those that are two older.

    Args:
        folder: Where to.
        mark: The fingerprint of the training.
        checkpoint: Where it stands.
    """
    content = packed(checkpoint.arrays)
    digest = sha256(content).hexdigest()[:16]
    write_whole(folder / f"epoch-{checkpoint.epoch:05d}-{mark}-{digest}.npz", content)
    for path in _of(folder, mark)[:-_KEPT]:
        path.unlink(missing_ok=True)


def newest(folder: Path, mark: str) -> Checkpoint | None:
    """The newest good checkpoint of a training; ``None`` if there is none to go on from."""
    for path in reversed(_of(folder, mark)):
        said = _NAME.fullmatch(path.name)
        content = path.read_bytes()
        if said and sha256(content).hexdigest()[:16] == said[3]:
            log("resumed", checkpoint=path.name)
            return Checkpoint(int(said[1]), unpacked(content))
        log("damaged", checkpoint=path.name)
    return None


def _of(folder: Path, mark: str) -> list[Path]:
    """The checkpoints of a training, the oldest first."""
    return sorted(folder.glob(f"epoch-*-{mark}-*.npz"))
