"""Files get into a folder or onto a branch, and nothing that is there is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import pytest

from mlaudit.remediate.checkout import BRANCH, CheckoutError, commit_files, write_files

FILES = {"docs/a.md": b"new", ".github/workflows/check.yml": b"on: push\n", "tests/t.py": b"\xff"}


def git(folder: Path, *arguments: str) -> str:
    own = ("-c", "user.name=me", "-c", "user.email=me@example.com", "-c", "commit.gpgsign=false")
    command = [str(which("git")), *own, *arguments]
    ended = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return ended.stdout.decode(errors="surrogateescape").strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a commit, a staged file, a changed one and one that git does not know."""
    folder = tmp_path / "checkout"
    (folder / "docs").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    (folder / "docs" / "a.md").write_text("old")
    (folder / "changed").write_text("before")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "First")
    (folder / "changed").write_text("after")
    (folder / "staged").write_text("staged")
    git(folder, "add", "staged")
    (folder / "unknown").write_text("unknown")
    return folder


def state(folder: Path) -> tuple[str, str, str]:
    return (
        git(folder, "status", "--porcelain"),
        git(folder, "rev-parse", "HEAD"),
        git(folder, "branch", "--show-current"),
    )


def test_files_are_written_below_a_folder(tmp_path: Path) -> None:
    written = write_files(tmp_path / "new", FILES)
    assert written.written == tuple(sorted(FILES))
    assert {path: (tmp_path / "new" / path).read_bytes() for path in FILES} == FILES


def test_what_is_there_stays_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("old")
    written = write_files(tmp_path, FILES)
    assert written.kept == ("docs/a.md",)
    assert (tmp_path / "docs" / "a.md").read_text() == "old"
    assert write_files(tmp_path, FILES).written == ()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../../b",
        "./a",
        "a//b",
        "a/",
        ".git/hooks/post-commit",
        "a/.GIT/config",
        "C:a",
        "a\\b",
        "a\nb",
        "a /b",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, checkout: Path) -> None:
    with pytest.raises(CheckoutError, match="no path of a file"):
        write_files(checkout, {"fine": b"", path: b""})
    with pytest.raises(CheckoutError, match="no path of a file"):
        commit_files(checkout, {"fine": b"", path: b""}, "Message")
    assert not (checkout / "fine").exists()


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(CheckoutError, match="a link leads there"):
        write_files(tmp_path / "inside", {"link/a": b""})
    assert not (tmp_path / "a").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("a file, not a folder")
    with pytest.raises(CheckoutError, match=r"docs/a\.md"):
        write_files(tmp_path, {"docs/a.md": b""})


def test_a_branch_holds_the_files_and_the_checkout_stays_as_it_is(checkout: Path) -> None:
    before = state(checkout)
    written = commit_files(checkout, FILES, "Add what a plan names\n\nBody")
    assert state(checkout) == before
    assert written.written == (".github/workflows/check.yml", "tests/t.py")
    assert written.kept == ("docs/a.md",)
    assert git(checkout, "rev-parse", BRANCH) == written.commit
    assert git(checkout, "rev-parse", f"{BRANCH}^") == before[1]
    assert git(checkout, "log", "-1", "--format=%an: %s", BRANCH) == (
        "mlaudit remediate: Add what a plan names"
    )
    assert git(checkout, "diff", "--name-only", "main", BRANCH).split() == [
        ".github/workflows/check.yml",
        "tests/t.py",
    ]
    assert git(checkout, "show", f"{BRANCH}:docs/a.md") == "old"


def test_a_branch_that_is_there_is_left_alone(checkout: Path) -> None:
    first = commit_files(checkout, FILES, "First")
    with pytest.raises(CheckoutError, match="has a branch mlaudit/remediation already"):
        commit_files(checkout, {"other": b""}, "Second")
    assert git(checkout, "rev-parse", BRANCH) == first.commit


def test_nothing_to_add_makes_no_branch(checkout: Path) -> None:
    written = commit_files(checkout, {"docs/a.md": b"new", "docs/A.MD": b"", "changed/x": b""}, "M")
    assert written.commit is None
    assert written.kept == ("changed/x", "docs/A.MD", "docs/a.md")
    assert BRANCH not in git(checkout, "branch", "--list")


def test_a_repository_without_a_commit_gets_its_first(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    written = commit_files(tmp_path, {"a": b"1"}, "First")
    assert git(tmp_path, "ls-tree", "--name-only", str(written.commit)) == "a"


def test_no_hook_and_no_program_of_the_repository_runs(checkout: Path) -> None:
    trap = checkout / "trapped"
    hooks = checkout / ".git" / "hooks"
    for name in ("reference-transaction", "post-commit", "pre-commit", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{trap}'\n")
        (hooks / name).chmod(0o755)
    git(checkout, "config", "core.fsmonitor", f"touch '{trap}'")
    trap.unlink(missing_ok=True)
    commit_files(checkout, FILES, "Add")
    assert not trap.exists()


def test_what_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckoutError, match="no checkout of git"):
        commit_files(tmp_path, FILES, "Add")


def test_what_git_says_is_told(checkout: Path) -> None:
    (checkout / ".git" / "refs" / "heads" / "mlaudit").write_text("in the way")
    with pytest.raises(CheckoutError, match="git update-ref failed"):
        commit_files(checkout, FILES, "Add")
