"""Write files so that a reader never meets half of one."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

from mlaudit.errors import MlauditError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then rename; on failure leave nothing.

    Raises:
        MlauditError: The folder cannot be made or the file cannot be written.
    """
    temporary = path.parent / f".mlaudit-{token_hex(8)}"
    try:
        if path.exists() and not path.is_file():
            raise OSError("it is there and is not a file")  # noqa: TRY301 - one message for all
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _create(temporary, content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise MlauditError(f"{path} cannot be written: {error.strerror or error}.") from error


def _create(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
