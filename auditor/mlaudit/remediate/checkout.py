"""Files for a repository: into a folder, or onto a branch of a checkout that nobody stands on.

Nothing that is there is ever overwritten. A branch is made of git's own objects, so that neither
the working copy nor the index is touched, and nothing is pushed.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from errno import ENOTDIR
from pathlib import Path, PurePosixPath
from shutil import which

from mlaudit.errors import MlauditError

BRANCH = "mlaudit/remediation"
_SECONDS = 60
_WHO = "mlaudit remediate"
_MAIL = "mlaudit@localhost"
_NOT_THERE = ""
"""What git takes for the old value of a branch that must not be there."""
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
_NOT_OURS = frozenset({"", ".", "..", ".git"})


class CheckoutError(MlauditError):
    """The files cannot be written where they should be."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of some files.

    Attributes:
        written: The paths that were written.
        kept: The paths that were there already and stay as they are.
        commit: The commit that holds them; ``None`` where they are in a folder.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    commit: str | None = None


def write_files(folder: Path, files: Mapping[str, bytes]) -> Written:
    """Write files below a folder; what is there already stays as it is.

    Raises:
        CheckoutError: A path leads out of the folder, or a file cannot be written.
    """
    _refuse_strange(files)
    written, kept = [], []
    for path, content in sorted(files.items()):
        try:
            _write_new(folder, path, content)
            written.append(path)
        except FileExistsError:
            kept.append(path)
        except OSError as error:
            where = folder / path
            raise CheckoutError(f"{where} cannot be written: {error.strerror or error}.") from error
    return Written(tuple(written), tuple(kept))


def commit_files(checkout: Path, files: Mapping[str, bytes], message: str) -> Written:
    """Commit files to the branch ``mlaudit/remediation`` that starts where the checkout is.

    Files that the commit of the checkout has stay as they are. Where there is nothing to add, no
    branch is made.

    Raises:
        CheckoutError: It is no checkout of git, the branch is there already, or git fails.
    """
    _refuse_strange(files)
    with tempfile.TemporaryDirectory() as folder:
        git = _Git(checkout, Path(folder) / "index")
        if git.finds("rev-parse", "--verify", "--quiet", f"refs/heads/{BRANCH}"):
            raise CheckoutError(
                f"{checkout} has a branch {BRANCH} already. Merge it or delete it "
                f"(git branch -D {BRANCH}), then write the files again."
            )
        head = git.finds("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        known = _known(git, head)
        new = {path: content for path, content in sorted(files.items()) if not _is_in(path, known)}
        kept = tuple(sorted(files.keys() - new.keys()))
        commit = _committed(git, head, new, message) if new else None
    return Written(tuple(new), kept, commit)


def _refuse_strange(files: Mapping[str, bytes]) -> None:
    """Refuse whatever could lead out of the folder, on any system."""
    for path in files:
        parts = PurePosixPath(path).parts
        if not parts or _HIDDEN.search(path) or path != "/".join(parts):
            raise CheckoutError(f"{path!r} is no path of a file in a repository.")
        if any(part.lower() in _NOT_OURS or part != part.strip() for part in parts):
            raise CheckoutError(f"{path!r} is no path of a file in a repository.")


def _write_new(folder: Path, path: str, content: bytes) -> None:
    place = folder / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(ENOTDIR, "a file is in place of its folder") from error
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise CheckoutError(f"{place} is outside of {folder}: a link leads there.")
    with place.open("xb") as file:
        file.write(content)


@dataclass(frozen=True, slots=True)
class _Git:
    """Git in a checkout, with an index of its own and nothing that its settings would start."""

    checkout: Path
    index: Path

    def run(self, *arguments: str, content: bytes = b"") -> str:
        """Run a command; what it says.

        Raises:
            CheckoutError: It failed.
        """
        ended = self._ended(arguments, content)
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise CheckoutError(
                f"git {arguments[0]} failed in {self.checkout}: {said[-1] if said else 'no reason'}"
            )
        return os.fsdecode(ended.stdout).strip()

    def finds(self, *arguments: str) -> str:
        """What a command says; nothing where it finds nothing."""
        ended = self._ended(arguments, b"")
        return "" if ended.returncode else os.fsdecode(ended.stdout).strip()

    def _ended(
        self, arguments: tuple[str, ...], content: bytes
    ) -> subprocess.CompletedProcess[bytes]:
        git = which("git")
        if git is None or not (self.checkout / ".git").exists():
            raise CheckoutError(f"{self.checkout} is no checkout of git, or git is not installed.")
        safe = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never")
        options = [word for each in safe for word in ("-c", each)]
        try:
            return subprocess.run(  # noqa: S603 - fixed commands, and paths that were checked
                [git, "--no-pager", *options, *arguments],
                cwd=self.checkout,
                check=False,
                input=content,
                capture_output=True,
                timeout=_SECONDS,
                env=self._environment(),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CheckoutError(f"git cannot be run in {self.checkout}: {error}.") from error

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        who = {f"GIT_{role}_NAME": _WHO for role in ("AUTHOR", "COMMITTER")}
        mail = {f"GIT_{role}_EMAIL": _MAIL for role in ("AUTHOR", "COMMITTER")}
        own = {"GIT_INDEX_FILE": str(self.index), "GIT_TERMINAL_PROMPT": "0"}
        return kept | who | mail | own


def _known(git: _Git, head: str) -> frozenset[str]:
    """The paths of all files of a commit, without regard to case."""
    listed = git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", head) if head else ""
    return frozenset(each.lower() for each in listed.split("\0") if each)


def _is_in(path: str, known: frozenset[str]) -> bool:
    """Whether a file, or a file in place of one of its folders, is there."""
    parts = path.lower().split("/")
    return any("/".join(parts[:end]) in known for end in range(1, len(parts) + 1))


def _committed(git: _Git, head: str, files: Mapping[str, bytes], message: str) -> str:
    if head:
        git.run("read-tree", head)
    for path, content in files.items():
        blob = git.run("hash-object", "-w", "--stdin", content=content)
        git.run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = git.run("write-tree")
    parents = ("-p", head) if head else ()
    commit = git.run("commit-tree", tree, *parents, content=message.encode())
    git.run("update-ref", f"refs/heads/{BRANCH}", commit, _NOT_THERE)
    return commit
