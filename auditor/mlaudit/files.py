"""Write files so that a reader never meets half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mlaudit.errors import MlauditError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then rename.

    Raises:
        MlauditError: The folder cannot be made or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise MlauditError(f"{path} cannot be written: {error.strerror or error}.") from error
