"""How to run a command and see all it does, and one scan of the emulated account for all tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mlaudit.cli import app, main
from mlaudit.resources import Endpoint
from mlaudit.snapshot import write_snapshot
from mlaudit.testing import build, serving, snapshot

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(each) for each in arguments])

    return run


@dataclass(frozen=True)
class Ended:
    """How a whole run of the program ended."""

    code: int | str | None
    out: str
    err: str


@pytest.fixture
def end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Run the program as the shell does, but for the process."""

    def end(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["mlaudit", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ended(ended.value.code, printed.out, printed.err)

    return end


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the working one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """Write a small snapshot."""
    path = tmp_path / "seen.json.gz"
    resources = serving("e", endpoint={"tags": {"mlaudit:workload": "fraud"}})
    write_snapshot(snapshot(*resources, build(Endpoint, "orphan", status="Failed")), path)
    return path


@dataclass(frozen=True)
class Scanned:
    """What one scan of the emulated account left."""

    result: Result
    folder: Path
    snapshot: Path


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Scan the emulated account, write everything."""
    folder = tmp_path_factory.mktemp("scan")
    saved = folder / "seen.json.gz"
    arguments = ["scan", "--demo", "--out", str(folder / "out"), "--snapshot", str(saved)]
    return Scanned(CliRunner().invoke(app, arguments), folder / "out", saved)
