"""Checkouts that want to do harm: nothing runs, nothing outside is read, everything ends soon."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit.model import Gap, GapReason
from mlaudit.probe import files
from mlaudit.probe.facts import facts_of
from mlaudit.probe.files import Tree
from mlaudit.resources.repository import RepositoryFact
from mlaudit.snapshot import Snapshot

Write = Callable[..., Path]
Seen = Callable[..., Snapshot]
CI = ".github/workflows/ci.yml"
OUTSIDE = "on: push\njobs: {a: {steps: [{run: ruff check}]}}\n"


@pytest.fixture(autouse=True)
def _within_seconds() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 10


def bomb(levels: int = 40) -> str:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels))]
    return "\n".join([*lines, "on: push", f"jobs: {{a: {{steps: *a{levels - 1}}}}}"])


def tools(found: Snapshot) -> list[str]:
    return [each.tool for each in found.resources if isinstance(each, RepositoryFact) and each.tool]


def gap(code: str, reason: GapReason, path: str = CI) -> Gap:
    return Gap("repository:read", "global", code, reason, None, f"repo://app/{path}")


READ_FAILED: dict[str, tuple[str | bytes, str, GapReason]] = {
    "text that is not UTF-8": (b"\xff\xfe\x00", "NotUtf8", GapReason.FAILED),
    "brackets without end": ("[" * 100_000, "NotUnderstood", GapReason.CONTENT_NOT_READ),
    "a file of a megabyte and more": (
        b"#" * (files.MAX_FILE + 1),
        "TooLarge",
        GapReason.CONTENT_NOT_READ,
    ),
    "YAML of half a megabyte": ("a: b\n" * 100_000, "NotUnderstood", GapReason.CONTENT_NOT_READ),
    "broken YAML": ("a: [", "NotUnderstood", GapReason.CONTENT_NOT_READ),
    "a date that is none": ("2026-99-99: {a: !!python/object:os.system x", "NotUnderstood",
                            GapReason.CONTENT_NOT_READ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "reason"), READ_FAILED.values(), ids=READ_FAILED)
def test_what_cannot_be_read_is_a_gap(
    content: str | bytes, code: str, reason: GapReason, write: Write, seen: Seen
) -> None:
    found = seen(write({CI: content}))
    assert found.gaps == (gap(code, reason),)
    assert tools(found) == []


def test_a_file_of_a_hundred_megabytes_is_listed_and_not_read(write: Write, seen: Seen) -> None:
    root = write({CI: OUTSIDE})
    for name in ("uv.lock", "Makefile"):
        with (root / name).open("wb") as file:
            file.truncate(100_000_000)
    found = seen(root)
    assert found.gaps == (gap("TooLarge", GapReason.CONTENT_NOT_READ, "Makefile"),)
    assert f"repo://app/{'uv.lock'}#L0:lock file:" in {each.arn for each in found.resources}


def test_a_bomb_of_aliases_does_not_go_off(write: Write, seen: Seen) -> None:
    assert tools(seen(write({CI: bomb()}))) == ["GitHub Actions"]


def test_links_lead_nowhere_outside(write: Write, seen: Seen, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "workflows").mkdir(parents=True)
    (outside / "workflows" / "ci.yml").write_text(OUTSIDE)
    root = write({"README.md": ""})
    (root / ".github").symlink_to(outside)
    (root / "Makefile").symlink_to(outside / "workflows" / "ci.yml")
    (root / "tox.ini").symlink_to("tox.ini")
    (root / "loop").symlink_to(root)
    found = seen(root)
    assert tools(found) == []
    assert set(found.gaps) == {
        gap("LeadsElsewhere", GapReason.CONTENT_NOT_READ, "Makefile"),
        gap("NotReadable", GapReason.FAILED, "tox.ini"),
    }


def test_a_tracked_path_through_a_link_is_not_followed(
    write: Write, seen: Seen, tmp_path: Path
) -> None:
    root = write({CI: OUTSIDE}, git=True)
    (root / ".github").rename(tmp_path / "moved")
    (root / ".github").symlink_to(tmp_path / "moved")
    found = seen(root)
    assert tools(found) == []
    assert found.gaps == (gap("LeadsElsewhere", GapReason.CONTENT_NOT_READ),)


def test_a_pipe_does_not_hold_the_scan(write: Write, seen: Seen) -> None:
    root = write({"README.md": ""})
    os.mkfifo(root / "Makefile")
    assert seen(root).gaps == (gap("LeadsElsewhere", GapReason.CONTENT_NOT_READ, "Makefile"),)


def test_programs_that_the_repository_names_for_git_do_not_run(
    write: Write, seen: Seen, tmp_path: Path
) -> None:
    root = write({CI: OUTSIDE}, git=True)
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    with (root / ".git" / "config").open("a") as config:
        config.write(f"[core]\nfsmonitor = {program}\npager = {program}\nsshCommand = {program}\n")
    assert "ruff" in tools(seen(root))
    assert not ran.exists()


@pytest.mark.parametrize("content", ["gitdir: /nowhere\n", "gitdir: .git\n", ""])
def test_a_broken_git_folder_is_walked(content: str, write: Write, seen: Seen) -> None:
    assert "ruff" in tools(seen(write({CI: OUTSIDE, ".git": content})))


def test_too_many_files_are_a_gap(
    write: Write, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 5)
    root = write({f"f{n}": "" for n in range(9)})
    assert [(each.code, each.reason, each.subject) for each in seen(root).gaps] == [
        ("TooManyFiles", GapReason.BUDGET, "repo://app")
    ]


def test_no_more_is_read_than_the_bound(
    write: Write, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_READ", 100)
    root = write({"Makefile": "a" * 90, "tox.ini": "b" * 90})
    assert seen(root).gaps == (gap("ReadEnough", GapReason.BUDGET, "tox.ini"),)


LONG = {
    "a line without end": "run: " + "a" * 900_000,
    "dots": "test: " + "not (" * 100_000,
    "targets": "a: a\n" * 20_000,
    "continued lines": "a:\n\t\\\n" * 30_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("path", ["Makefile", "tox.ini", "Jenkinsfile", "ci/run", "test_a.py"])
def test_long_texts_end_soon(path: str, text: str, write: Write, seen: Seen) -> None:
    called = "on: push\njobs: {a: {steps: [{run: make; tox; ci/run}]}}\n"
    assert seen(write({path: text, CI: called})).resources


PATHS = (CI, "Makefile", "tox.ini", "noxfile.py", "package.json", "pyproject.toml", "Jenkinsfile",
         ".pre-commit-config.yaml", ".gitlab-ci.yml", "azure-pipelines.yml", "tests/test_a.py",
         ".circleci/config.yml", "bitbucket-pipelines.yml")  # fmt: skip
snippets = st.lists(
    st.sampled_from(
        ["on: push\n", "jobs:\n", "  a: [", "]\n", "- run: make\n", "a: a b\n", "\tpytest\n", "{}",
         "workflows: 7\n", "trigger: none\n", "pipelines: []\n", "rules: {a: b}\n", "[tool.ruff]\n",
         "select = 7\n", "lint = 3\n", "\\\n", "&a *a\n", "? {a: b}\n", "\x00", "---\n", "é", "'"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PATHS), snippets, max_size=4))
def test_no_text_makes_it_stumble(texts: dict[str, str]) -> None:
    tree = Tree(tuple(sorted(texts)), tracked=False, texts=dict(texts))
    assert facts_of("app", None, tree)
