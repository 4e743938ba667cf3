"""Write small checkouts, and see what they show."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlaudit.probe import checkouts, with_checkouts
from mlaudit.snapshot import Snapshot
from mlaudit.testing import snapshot

Files = Mapping[str, str | bytes]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a folder; with git, as files that git knows."""

    def write(files: Files, name: str = "app", *, git: bool = False) -> Path:
        root = tmp_path / name
        for path, content in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        root.mkdir(parents=True, exist_ok=True)
        if git:
            for command in (["init", "-q"], ["add", "--all"]):
                subprocess.run(["git", *command], cwd=root, check=True)  # noqa: S607
        return root

    return write


@pytest.fixture
def seen() -> Callable[..., Snapshot]:
    """See checkouts in a snapshot with nothing else."""

    def seen(*given: Path | str) -> Snapshot:
        return with_checkouts(snapshot(), checkouts([str(each) for each in given]))

    return seen
