"""Write files so that a reader never meets half of one, and read JSON with a clear complaint."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from mlaudit_reference.container.failures import InputError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, bring it to disk, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{uuid4().hex}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, document: Any) -> None:
    """Write a document as JSON that every reader takes: NaN and infinities are refused.

    Raises:
        ValueError: It holds a number that JSON does not know.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(path, f"{text}\n".encode())


def read_json(path: Path) -> Any:
    """Read a JSON document.

    Raises:
        InputError: It is not there, or is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path} is no JSON: {error}") from error
