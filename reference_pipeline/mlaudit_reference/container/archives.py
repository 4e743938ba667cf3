"""Models as they travel: a folder, or that folder packed as ``model.tar.gz``."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlaudit_reference.container.failures import InputError

ARCHIVE = "model.tar.gz"


@contextmanager
def unpacked(folder: Path) -> Iterator[Path]:
    """The folder of a model; an archive in it is unpacked for as long as that takes.

    Raises:
        InputError: The archive cannot be unpacked, or would write outside its folder.
    """
    archive = folder / ARCHIVE
    if not archive.is_file():
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        unpack(archive, Path(temporary))
        yield Path(temporary)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive.

    Raises:
        InputError: It cannot be unpacked, or would write outside the folder.
    """
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as wrong:
        raise InputError(f"{archive} cannot be unpacked: {wrong}") from wrong


def pack(folder: Path, archive: Path) -> None:
    """Pack a folder, as SageMaker does when training ends."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(folder.iterdir()):
            tar.add(path, path.name)
