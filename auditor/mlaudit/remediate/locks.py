"""One remediation at a time: for an account and region, and for the journal of a run.

The first is a parameter of Systems Manager, so that it holds for everybody who works on the
account. The second is a lock of the operating system, which lets go of it when a process dies.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, RefusedError
from mlaudit.remediate.hands import Declared
from mlaudit.remediate.journal import Journal, reopen

PARAMETER = "/mlaudit/remediation"
LOCKING = Declared(
    reads=(Operation("ssm", "GetParameter"),),
    writes=(Operation("ssm", "PutParameter"), Operation("ssm", "DeleteParameter")),
)
"""What taking the lock of an account and giving it back calls."""

_TAKEN, _GONE = "ParameterAlreadyExists", "ParameterNotFound"
_TRIES = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class LockedError(MlauditError):
    """Another remediation is under way; the message says which, and what can be done."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock of an account and region.

    Attributes:
        run: The id of the run.
        who: The ARN of who began it.
        since: When it was taken (UTC).
    """

    run: str
    who: str
    since: datetime


@contextmanager
def held(
    regions: Iterable[str],
    ask: Callable[[str], Ask],
    holder: Holder,
    tell: Callable[[str], None],
) -> Iterator[None]:
    """Hold the lock of an account in some regions for the length of a block.

    A run that holds it already, since it was killed, takes it over.

    Raises:
        LockedError: Another run holds it. What was taken is given back.
        RefusedError: It cannot be taken.
    """
    with ExitStack() as taken:
        for region in sorted(set(regions)):
            _take(ask(region), region, holder)
            taken.callback(_give_back, ask(region), region, holder, tell)
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only process of this machine that works on a run, for the length of a block.

    Raises:
        LockedError: Another process does.
    """
    with (folder / "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(
                f"Another mlaudit on this machine works on the remediation {folder.name}. "
                "Wait until it is done."
            ) from error
        yield


@contextmanager
def reopened(state: Path, run: str) -> Iterator[Journal]:
    """The journal of a run that was begun before, for one process at a time.

    Raises:
        JournalError: There is no such run, or its journal cannot be read.
        LockedError: Another process works on it.
    """
    with alone(reopen(state, run).folder):
        yield reopen(state, run)  # anew: until now another process may have written it


def _take(ask: Ask, region: str, holder: Holder) -> None:
    value = json.dumps({**asdict(holder), "since": holder.since.isoformat()})
    for _ in range(_TRIES):
        try:
            ask("ssm", "PutParameter", _parameter(value))
        except RefusedError as error:
            if error.code != _TAKEN:
                raise
        else:
            return
        found = _read(ask, region)
        if found and found.run != holder.run:
            raise LockedError(_told(found, region, holder.since))
        if found:
            return
        # It was given back in between.
    raise LockedError(f"The lock of {region} changes hands all the time. Try again later.")


def _give_back(ask: Ask, region: str, holder: Holder, tell: Callable[[str], None]) -> None:
    """A lock that cannot be given back must not hide how the run ended, so it is only told."""
    try:
        found = _read(ask, region)
        if found and found.run == holder.run:
            ask("ssm", "DeleteParameter", {"Name": PARAMETER})
    except (LockedError, RefusedError) as error:
        tell(
            f"The lock of {region} could not be given back: {error} "
            f"Delete the parameter {PARAMETER} of Systems Manager there."
        )


def _parameter(value: str) -> dict[str, object]:
    return {
        "Name": PARAMETER,
        "Value": value,
        "Type": "String",
        "Tier": "Standard",
        "Overwrite": False,
        "Description": "A remediation by mlaudit is under way. It deletes this when it is done.",
    }


def _read(ask: Ask, region: str) -> Holder | None:
    try:
        reply = ask("ssm", "GetParameter", {"Name": PARAMETER})
    except RefusedError as error:
        if error.code == _GONE:
            return None
        raise
    try:
        found = json.loads(reply["Parameter"]["Value"])
        since = datetime.fromisoformat(found["since"]).astimezone(UTC)
        return Holder(str(found["run"]), str(found["who"]), since)
    except (KeyError, TypeError, ValueError) as error:
        raise LockedError(
            f"The parameter {PARAMETER} in {region} is not one that mlaudit wrote. Nothing is "
            "changed as long as it is there."
        ) from error


def _told(found: Holder, region: str, now: datetime) -> str:
    age = _age(now - found.since)
    return (
        f"The remediation {found.run} of {found.who} has held {region} for {age}. Wait until it "
        "is done. If it no longer runs, go on with it (`mlaudit remediate --resume "
        f"{found.run}`) or take it back (`mlaudit remediate --undo {found.run}`) where it was "
        "started. Only if its journal is lost, delete the parameter "
        f"{PARAMETER} of Systems Manager."
    )


def _age(age: timedelta) -> str:
    seconds = max(age.total_seconds(), 0)
    for unit, name in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds // unit:.0f} {name}"
    return f"{seconds:.0f} seconds"
