"""Every bad input ends with one clear sentence, exit code 2, and nothing printed or written."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlaudit.collect.session import OpenAccount

DEMO = ("scan", "--demo")
FROM = ("scan", "--from", "{seen}")

BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "a short account": (("scan", "--account", "123"), "--account takes the twelve digits"),
    "an account of letters": (("scan", "--account", "12345678901a"), "--account takes the twelve"),
    "an empty account": (("scan", "--account", ""), "--account takes the twelve digits"),
    "no region": (("scan", "--region", "Ireland"), "--region takes a region such as eu-west-1"),
    "an empty region": (("scan", "--region", ""), "--region takes a region such as eu-west-1"),
    "two roles": (
        ("scan", "--role-name", "a", "--role-arn", "arn:aws:iam::123456789012:role/a"),
        "--role-name and --role-arn",
    ),
    "a role that is no ARN": (("scan", "--role-arn", "a"), "--role-arn takes an ARN"),
    "an unknown format": ((*FROM, "--format", "pdf"), "There is no format 'pdf'"),
    "a window of nothing": (("scan", "--window", "0"), "--window must be at least 1 day"),
    "a window before now": (("scan", "--window", "-5"), "--window must be at least 1 day"),
    "a repository that is not there": (
        (*FROM, "--repo", "missing"),
        "--repo takes the folder of a checkout",
    ),
    "a repository that is a file": (
        (*FROM, "--repo", "fraud={seen}"),
        "--repo takes the folder of a checkout",
    ),
    "no calls": (("scan", "--max-calls", "0"), "--max-calls must be at least 1"),
    "several formats printed": ((*FROM, "--out", "-"), "--out - prints one report"),
    "two formats printed": (
        ("report", "{seen}", "--format", "json", "--format", "html", "--out", "-"),
        "--out - prints one report",
    ),
    "a snapshot that is not there": (("report", "missing.json"), "cannot be read"),
    "a snapshot that is a folder": (("report", "."), "cannot be read"),
    "a damaged snapshot": (("report", "{damaged}"), "or it is damaged"),
    "a foreign snapshot": (("report", "{foreign}"), "is not a snapshot of mlaudit"),
    "a snapshot that is a list": (("scan", "--from", "{list}"), "is not a snapshot of mlaudit"),
    "a newer snapshot": (("report", "{newer}"), "has snapshot version 99"),
    "an unknown scenario": ((*DEMO, "--scenario", "nothing"), "There is no scenario 'nothing'"),
    "a broken scenario": ((*DEMO, "--scenario", "{scenario}"), "is not YAML"),
    "a wrong scenario": ((*DEMO, "--scenario", "{wrong_scenario}"), "cals"),
    "a scenario of other bytes": ((*DEMO, "--scenario", "{bytes}"), "is not YAML"),
    "a broken configuration": ((*FROM, "--config", "{config}"), "line 1: window: "),
    "a configuration that is not there": ((*FROM, "--config", "missing.yaml"), "cannot be read"),
    "a file and an account": ((*FROM, "--demo"), "--from replays a file"),
    "a file and a scenario": ((*FROM, "--scenario", "demo"), "--from replays a file"),
    "an unknown profile": (("scan", "--profile", "nobody"), "nobody"),
    "no credentials": (("scan", "--region", "eu-west-1"), "No AWS credentials were found"),
    "an output folder that is a file": ((*FROM, "--out", "{seen}"), "cannot be written"),
    "an output folder in a file": ((*FROM, "--out", "{seen}/x"), "cannot be written"),
    "a snapshot to a folder": ((*FROM, "--snapshot", "{folder}"), "cannot be written"),
    "an item that is not there": (("checks", "show", "6.error"), "the nearest are 6.errors"),
    "a section that is not there": (("checks", "list", "--section", "12"), "has 1 to 9"),
    "a list in a format that is not there": (("checks", "list", "--format", "xml"), "json, text"),
    "a port out of range": (("emulate", "--port", "70000"), "--port must be between"),
}


@pytest.fixture
def paths(tmp_path: Path, seen: Path, elsewhere: Path) -> dict[str, Path]:
    """Write the files that the commands are given."""
    contents = {
        "damaged": seen.read_bytes()[:200],
        "foreign": b'{"workloads": []}',
        "list": b"[]",
        "newer": gzip.compress(b'{"schema_version": 99}'),
        "scenario": b"calls: [",
        "wrong_scenario": b"cals: []\n",
        "bytes": b"\xff\xfe",
        "config": b"window: 30\n",
    }
    folder = tmp_path / "inputs"
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    given = {name: folder / name for name in contents}
    return given | {"seen": seen, "folder": folder, "elsewhere": elsewhere}


@pytest.mark.parametrize(("arguments", "expected"), BAD.values(), ids=BAD)
def test_a_bad_input_is_one_clear_sentence(
    arguments: tuple[str, ...], expected: str, paths: dict[str, Path], end: Callable[..., Any]
) -> None:
    before = _files(paths["seen"].parent)
    ended = end(*(each.format(**paths) for each in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("mlaudit: error: ")
    assert expected in ended.err
    assert ended.err.endswith(".\n")
    assert ended.err.count("\n") == 1
    assert _files(paths["seen"].parent) == before
    assert list(paths["elsewhere"].iterdir()) == []


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


MISUSED = [
    ("scan", "--no-such-option"),
    ("scan", "--window", "many"),
    ("report",),
    ("no-such-command",),
]


@pytest.mark.parametrize("arguments", MISUSED)
def test_misuse_ends_like_any_other_bad_input(
    arguments: tuple[str, ...], end: Callable[..., Any]
) -> None:
    ended = end(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Error" in ended.err


def test_an_interrupt_is_no_crash(
    end: Callable[..., Any], seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlaudit.snapshot.read_snapshot", interrupted)
    ended = end("report", str(seen))
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_without_a_region_none_is_guessed(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Path, end: Callable[..., Any]
) -> None:
    nothing_to_call: Any = None
    opened = OpenAccount("123456789012", "arn:aws:iam::123456789012:user/x", (), nothing_to_call)
    monkeypatch.setattr("mlaudit.cli.scanning.open_account", lambda *_: opened)
    ended = end("scan")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("mlaudit: error: No region to read.")
    assert list(elsewhere.iterdir()) == []


def test_the_outermost_path_is_the_same_in_a_process_of_its_own(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from mlaudit.cli import main; main()", "scan", "--window", "0"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "mlaudit: error: --window must be at least 1 day, not 0.\n"
    assert list(tmp_path.iterdir()) == []
