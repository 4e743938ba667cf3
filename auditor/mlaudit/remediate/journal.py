"""What a run means to do and what came of it, on disk before and after every write.

A run has a folder, ``<state>/<run>/``. Its journal is ``journal.jsonl`` there: a JSON document a
line, each on the disk before the next thing happens. Whatever ends a run, a power cut included, the
journal names every write that may have been made, and what was there before it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from mlaudit.errors import MlauditError
from mlaudit.remediate.entries import Did, Entry, Failed, Intent, Line

if TYPE_CHECKING:
    from pydantic import TypeAdapter

JOURNAL = "journal.jsonl"


class JournalError(MlauditError):
    """A journal cannot be read or written; the message says which and why."""


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The journal of one run: read as a whole, and written at its end only."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = _now) -> None:
        """Read what is there; :func:`begin` and :func:`reopen` find the folder.

        A last line that ends early was being written when the machine or the process died. What it
        would have said had not been begun, so it is dropped.

        Raises:
            JournalError: It cannot be read, or it is damaged elsewhere.
        """
        self.folder = folder
        self._path = folder / JOURNAL
        self._now = now
        content = _content_of(self._path)
        self._whole, self._size = content.rfind(b"\n") + 1, len(content)
        self._lines = list(_parsed(content[: self._whole], self._path))

    @property
    def run(self) -> str:
        """The id of the run."""
        return self.folder.name

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that was written, oldest first."""
        return tuple(self._lines)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The same without the times."""
        return tuple(each.entry for each in self._lines)

    @property
    def intents(self) -> tuple[Intent, ...]:
        """All that was intended, in its order, undoing included."""
        return tuple(each for each in self.entries if isinstance(each, Intent))

    def outcome(self, number: int) -> Did | Failed | None:
        """What came of an intent last; ``None`` when nobody was left to say."""
        told = (each for each in reversed(self.entries) if isinstance(each, Did | Failed))
        return next((each for each in told if each.number == number), None)

    def intends(self, intent: Intent) -> int:
        """Write down what will be written next, under a number of its own, which it returns.

        Raises:
            JournalError: It cannot be written; then the call must not be made.
        """
        number = len(self.intents) + 1
        self.write(replace(intent, number=number))
        return number

    def write(self, entry: Entry) -> None:
        """Add an entry; it is on the disk when this returns.

        Raises:
            JournalError: It cannot be written.
        """
        line = Line(self._now(), entry)
        text = _adapter().dump_json(line) + b"\n"
        try:
            with self._path.open("r+b", buffering=0) as file:
                self._append(file, text)
        except OSError as error:
            raise JournalError(
                f"{self._path} cannot be written: {error.strerror or error}. Nothing is changed in "
                "the account without it."
            ) from error
        self._lines.append(line)

    def _append(self, file: FileIO, text: bytes) -> None:
        """Write after the last whole line; what is left of a torn one is overwritten."""
        if os.fstat(file.fileno()).st_size != self._size:
            raise JournalError(f"{self._path} is being written by another mlaudit as well.")
        try:
            file.truncate(self._whole)
            file.seek(self._whole)
            rest = memoryview(text)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
            self._whole += len(text)
        finally:
            self._size = os.fstat(file.fileno()).st_size


def begin(state: Path, now: Callable[[], datetime] = _now) -> Journal:
    """Make the folder of a new run, and its journal. Only their owner can read them.

    Raises:
        JournalError: The folder cannot be made.
    """
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = _new_folder(state, now())
        _sync(state)
    except OSError as error:
        raise JournalError(
            f"No run can be kept in {state}: {error.strerror or error}. Name another folder."
        ) from error
    return Journal(folder, now)


def reopen(state: Path, run: str, now: Callable[[], datetime] = _now) -> Journal:
    """The journal of a run that was begun before.

    Raises:
        JournalError: There is no such run, or its journal cannot be read.
    """
    known = runs(state)
    if run not in known:
        there = ", ".join(known) or "none"
        raise JournalError(f"There is no run {run!r} in {state}. There are: {there}.")
    return Journal(state / run, now)


def runs(state: Path) -> tuple[str, ...]:
    """The ids of the runs that are kept in a folder, oldest first."""
    return tuple(sorted(each.parent.name for each in state.glob(f"*/{JOURNAL}")))


def _new_folder(state: Path, moment: datetime) -> Path:
    """A folder under an id that nobody has; ids sort as the seconds in which they are made."""
    part = 0x10000 // 60
    while True:
        suffix = moment.second * part + secrets.randbelow(part)
        folder = state / f"{moment:%Y%m%dT%H%M}-{suffix:04x}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        (folder / JOURNAL).touch(mode=0o600)
        _sync(folder)
        return folder


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror or error}.") from error


def _parsed(content: bytes, path: Path) -> Iterator[Line]:
    from pydantic import ValidationError  # noqa: PLC0415 - only when there is a journal

    for number, text in enumerate(content.split(b"\n")[:-1], 1):
        try:
            yield _adapter().validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]["msg"]
            raise JournalError(
                f"{path} is damaged in line {number}: {first}. Nothing is done by a journal that "
                "may not tell all; compare it with CloudTrail."
            ) from error


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _adapter() -> TypeAdapter[Line]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only when there is a journal

    return TypeAdapter(Line)
