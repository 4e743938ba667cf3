"""Read the files of a checkout within bounds: nothing in it runs, nothing outside it is read."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from mlaudit.model import GapReason

MAX_FILE = 1_000_000
MAX_FILES = 20_000
MAX_READ = 64_000_000
_LONGEST_LIST = 64_000_000
_LONGEST_NAME = 1_000
_GIT_SECONDS = 5

_SKIPPED = frozenset(
    {".git", ".hg", ".mypy_cache", ".nox", ".ruff_cache", ".svn", ".terraform", ".tox", ".venv",
     "__pycache__", "cdk.out", "node_modules", "site-packages", "venv"}
)  # fmt: skip
"""Folders that hold what tools made, where git does not tell what belongs to the repository."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not read, and why.

    Attributes:
        path: The file; empty for the repository as a whole.
        code: A short code.
        reason: Why.
    """

    path: str
    code: str
    reason: GapReason


@dataclass
class Tree:
    """The files of a checkout.

    Attributes:
        paths: All of them, sorted, from the top, with ``/``.
        tracked: Whether git tells which they are.
        texts: The content of those that were asked for and could be read.
        unread: What could not.
    """

    paths: tuple[str, ...]
    tracked: bool
    texts: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


def read_tree(root: Path, wanted: Callable[[str], bool]) -> Tree:
    """List a checkout and read what is wanted of it.

    Args:
        root: The top of the checkout.
        wanted: Tells of a path whether its content is needed.
    """
    root = root.resolve()
    listed = _tracked(root)
    unread: list[Unread] = []
    names = sorted(set(listed if listed is not None else _walked(root, unread)))
    tree = Tree(tuple(names[:MAX_FILES]), tracked=listed is not None, unread=unread)
    if len(listed or ()) > MAX_FILES:
        unread.append(_TOO_MANY)
    left = MAX_READ
    for path in tree.paths:
        if wanted(path):
            left -= _read(root, path, tree, left)
    return tree


def _read(root: Path, path: str, tree: Tree, left: int) -> int:
    """Read one file; return how many bytes that took."""
    try:
        content = _bytes(root, path, min(MAX_FILE, left) + 1)
    except (OSError, RuntimeError, ValueError):
        tree.unread.append(Unread(path, "NotReadable", GapReason.FAILED))
        return 0
    if content is None:
        tree.unread.append(Unread(path, "LeadsElsewhere", GapReason.CONTENT_NOT_READ))
        return 0
    if len(content) > MAX_FILE:
        tree.unread.append(Unread(path, "TooLarge", GapReason.CONTENT_NOT_READ))
    elif len(content) > left:
        tree.unread.append(Unread(path, "ReadEnough", GapReason.BUDGET))
    else:
        _decode(path, content, tree)
    return len(content)


def _decode(path: str, content: bytes, tree: Tree) -> None:
    try:
        tree.texts[path] = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        tree.unread.append(Unread(path, "NotUtf8", GapReason.FAILED))


def _bytes(root: Path, path: str, limit: int) -> bytes | None:
    """The start of a regular file inside the tree; ``None`` for anything else."""
    real = (root / path).resolve(strict=True)
    if not real.is_relative_to(root) or not stat.S_ISREG(real.stat().st_mode):
        return None
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(real, flags), "rb") as file:
        return file.read(limit)


_TOO_MANY = Unread("", "TooManyFiles", GapReason.BUDGET)


def _walked(root: Path, unread: list[Unread]) -> Iterator[str]:
    """Files below a folder, no further than the bound; links to folders are not followed.

    Args:
        root: The folder.
        unread: Gets the folders that cannot be listed.
    """
    found = passed = 0

    def keep(error: OSError) -> None:
        path = os.path.relpath(error.filename, root)[:_LONGEST_NAME]
        unread.append(Unread(path, "NotReadable", GapReason.FAILED))

    for folder, folders, files in os.walk(root, onerror=keep, followlinks=False):
        folders[:] = sorted(each for each in folders if each not in _SKIPPED)
        here = Path(folder).relative_to(root)
        yield from ((here / name).as_posix() for name in sorted(files))
        found, passed = found + len(files), passed + 1
        if max(found, passed) > MAX_FILES:
            unread.append(_TOO_MANY)
            return


def _tracked(root: Path) -> list[str] | None:
    """The files git knows, read from its index; ``None`` where git cannot tell.

    A repository's own settings may name programs for git to run, so those are turned off.
    """
    git = which("git")
    if git is None or not (root / ".git").exists():
        return None
    safe = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never")
    options = [word for each in safe for word in ("-c", each)]
    try:
        ended = subprocess.run(  # noqa: S603 - a fixed command
            [git, "--no-pager", *options, "ls-files", "-z", "--cached"],
            cwd=root,
            check=False,
            capture_output=True,
            timeout=_GIT_SECONDS,
            env=_git_environment(),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if ended.returncode or len(ended.stdout) > _LONGEST_LIST:
        return None
    return [each for each in os.fsdecode(ended.stdout).split("\0") if each]


def _git_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
