"""Checkouts whose very files and folders want to do harm: a scan ends soon, and says what it lost.

Each goes the whole way: facts, a snapshot file, verdicts, and every report.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit.catalog import Catalogue
from mlaudit.judge import judge
from mlaudit.probe import checkouts, files, with_checkouts
from mlaudit.snapshot import Snapshot, read_snapshot, write_snapshot
from mlaudit.testing import serving, snapshot
from mlaudit_reports import as_html, as_json, as_markdown

Make = Callable[[Path], None]
Seen = Callable[..., Snapshot]

CI = ".github/workflows/ci.yml"
SEEN = snapshot(*serving("e", endpoint={"tags": {"mlaudit:workload": "fraud"}}))
READ = ("Makefile", "handler.py", "pyproject.toml", "run.sh", "test_a.py", "tox.ini")
YAML = (
    ".circleci/config.yml", ".github/workflows/a.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml",
    "azure-pipelines.yml", "bitbucket-pipelines.yml", "buildspec.yml", "lefthook.yml",
)  # fmt: skip


def _write(root: Path, path: str, text: str | bytes = "") -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def _large(root: Path, path: str, size: int) -> None:
    _write(root, path)
    os.truncate(root / path, size)


def _git(root: Path) -> None:
    for command in (["init", "-q"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=root, check=True)  # noqa: S607


def _notebook(root: Path) -> None:
    _large(root, "explore.ipynb", 50_000_000)
    _git(root)


def _many_files(root: Path) -> None:
    for number in range(10_000):
        _write(root, f"d{number % 100}/test_{number}.py", "def test_a(): ...\n")


def _deep_folders(root: Path) -> None:
    inside = os.open(root, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 100, dir_fd=inside)
        deeper = os.open("d" * 100, os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = deeper
    os.close(inside)


def _large_files(root: Path) -> None:
    for path in (*READ, *YAML):
        _large(root, path, 100_000_000)


def _loops(root: Path) -> None:
    (root / "a").mkdir()
    (root / "b").mkdir()
    for link, to in (
        ("a/b", "../b"),
        ("b/a", "../a"),
        ("tox.ini", "run.sh"),
        ("run.sh", "tox.ini"),
    ):
        (root / link).symlink_to(to)


def _devices(root: Path) -> None:
    for link, to in (("Makefile", "/dev/zero"), ("tox.ini", "/dev/stdin"), ("tests", "/")):
        (root / link).symlink_to(to)


def _pipes(root: Path) -> None:
    for path in READ[1:]:
        os.mkfifo(root / path)
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(root)
        bound.bind("Makefile")
        os.chdir(here)


def _pipe_for_git(root: Path) -> None:
    _git(root)
    (root / ".git" / "index").unlink()
    os.mkfifo(root / ".git" / "index")


def _elsewhere_for_git(root: Path) -> None:
    _git(root)
    with (root / ".git" / "config").open("a") as config:
        config.write("[core]\n worktree = /etc\n[include]\n path = /dev/zero\n")


def _names(root: Path) -> None:
    for name in (b"test_\xff.py", b"test_\n\x1b[31m.py", b"\xed\xa0\x80.tf", b"a\xff/Makefile"):
        _write(root, os.fsdecode(name), "test:\n\tpytest\n")


def _not_utf8(root: Path) -> None:
    for path in (*READ, *YAML):
        _write(root, path, b"\xff\xfe\x00")


def _laughs(root: Path) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]" for n in range(1, 60))]
    keys = ("on", "jobs", "workflows", "trigger", "repos", "pipelines", "rules", "include", "run")
    for path in YAML:
        _write(root, path, "\n".join([*lines, *(f"{key}: *a59" for key in keys)]))


def _snakes(root: Path) -> None:
    for path in YAML:
        _write(root, path, "on: push\na: &a {b: *a, run: *a, script: [*a], rules: *a, jobs: *a}\n")


def _nested(root: Path) -> None:
    _write(root, "package.json", '{"scripts":' * 50_000)
    _write(root, "pyproject.toml", "a=" + "[" * 100_000)
    _write(root, ".gitlab-ci.yml", "- " * 60_000)
    _write(root, ".circleci/config.yml", "{a: " * 20_000)


def _long_keys(root: Path) -> None:
    _write(root, "pyproject.toml", "[tool.ruff]\n" + "a." * 50_000 + "b = 1\n")
    _write(root, "ruff.toml", "\n".join(f"a{n}." + "b." * 190 + "c = 1" for n in range(300)))


def _making_each_other(root: Path) -> None:
    """Every target needs and calls many others."""
    lines = (
        f"a{n}: " + f"a{n + 1} " * 20 + "\n\tmake " + " ".join(f"a{m}" for m in range(0, 200, 4))
        for n in range(1_900)
    )
    _write(root, "Makefile", "\n".join(lines))
    _write(root, ".github/workflows/b.yml", "on: push\njobs: {a: {steps: [{run: make a0}]}}\n")


TREES: dict[str, tuple[Make, set[str]]] = {
    "a notebook of 50 MB": (_notebook, set()),
    "ten thousand files": (_many_files, set()),
    "folders too deep to open": (_deep_folders, {"NotReadable"}),
    "files of 100 MB": (_large_files, {"TooLarge"}),
    "loops of links": (_loops, {"NotReadable"}),
    "links to devices": (_devices, {"LeadsElsewhere"}),
    "pipes and sockets": (_pipes, {"LeadsElsewhere"}),
    "a pipe that git reads": (_pipe_for_git, set()),
    "settings that lead git elsewhere": (_elsewhere_for_git, set()),
    "names that are no text": (_names, set()),
    "contents that are no text": (_not_utf8, {"NotUtf8"}),
    "a billion laughs": (_laughs, set()),
    "a document that holds itself": (_snakes, set()),
    "deep nesting": (_nested, {"NotUnderstood"}),
    "keys of many parts": (_long_keys, {"NotUnderstood"}),
    "targets that call each other": (_making_each_other, set()),
}


@pytest.mark.slow
@pytest.mark.parametrize(("make", "codes"), TREES.values(), ids=TREES)
def test_a_scan_ends_soon_and_names_what_it_lost(
    make: Make, codes: set[str], tmp_path: Path, catalogue: Catalogue
) -> None:
    root = tmp_path / "app"
    _write(root, CI, "on: push\njobs: {a: {steps: [{run: ruff check}]}}\n")
    make(root)
    start = time.monotonic()
    found = with_checkouts(SEEN, checkouts([str(root)]))
    assert time.monotonic() - start < 15
    assert {each.code for each in found.gaps} == codes
    assert "ruff" in {getattr(each, "tool", "") for each in found.resources}
    write_snapshot(found, tmp_path / "seen.json.gz")
    audit = judge(read_snapshot(tmp_path / "seen.json.gz"), catalogue)
    assert as_json.load(as_json.render(audit)) == audit
    assert as_html.render(audit)
    assert as_markdown.render(audit)


def test_folders_without_end_are_a_gap(
    tmp_path: Path, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 5)
    for number in range(9):
        (tmp_path / "app" / str(number)).mkdir(parents=True)
    assert [each.code for each in seen(tmp_path / "app").gaps] == ["TooManyFiles"]
