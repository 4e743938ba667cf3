"""The ledger, the output stream and the failure queue in memory, each with trouble."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlaudit_reference.container.streaming.documents import written
from mlaudit_reference.container.streaming.ports import (
    Hold,
    Model,
    Reject,
    Result,
    Standing,
    UnavailableError,
)
from mlaudit_reference.local.stream.trouble import CrashError, Fault, Trouble


class Clock:
    """A clock that moves only when it is told to, so that nobody waits."""

    def __init__(self) -> None:
        """Begin at a fixed moment."""
        self.seconds = 1_700_000_000.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.seconds += seconds


@dataclass
class _Entry:
    position: str
    until: float
    done: bool


class MemoryLedger:
    """What the table in DynamoDB does, by the same conditions."""

    def __init__(self, trouble: Trouble, clock: Callable[[], float]) -> None:
        """Begin with no entry."""
        self._trouble = trouble
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    def claim(self, holds: Sequence[Hold], until: float) -> Mapping[str, Standing]:
        """Claim each key unless it is done or held elsewhere."""
        standings: dict[str, Standing] = {}

        def effect(stored: Sequence[Hold]) -> None:
            standings.update((each.key, self._claim(each, until)) for each in stored)

        failed = self._trouble.store(holds, lambda each: each.key, effect)
        return standings | dict.fromkeys(failed, Standing.UNKNOWN)

    def settle(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Mark keys done."""
        return self._trouble.store(keys, str, self._settle)

    def release(self, holds: Sequence[Hold]) -> None:
        """Give claims back that are still of this delivery."""
        self._trouble.store(holds, lambda each: each.key, self._release)

    def _claim(self, hold: Hold, until: float) -> Standing:
        entry = self._entries.get(hold.key)
        if entry and entry.done:
            return Standing.DONE
        if entry and entry.until > self._clock() and entry.position != hold.position:
            return Standing.BUSY
        self._entries[hold.key] = _Entry(hold.position, until, done=False)
        return Standing.OURS

    def _settle(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._entries[key] = _Entry("", 0, done=True)

    def _release(self, holds: Sequence[Hold]) -> None:
        for hold in holds:
            entry = self._entries.get(hold.key)
            if entry and not entry.done and entry.position == hold.position:
                del self._entries[hold.key]


class MemoryOutput:
    """The output stream: everything that was stored, as JSON and in order."""

    def __init__(self, trouble: Trouble) -> None:
        """Begin empty."""
        self._trouble = trouble
        self._lines: list[bytes] = []

    def put(self, results: Sequence[Result]) -> Mapping[str, str]:
        """Store results."""
        return self._trouble.store(results, lambda each: each.key, self._store)

    def records(self) -> list[Mapping[str, Any]]:
        """What a reader of the stream meets."""
        return [json.loads(each) for each in self._lines]

    def _store(self, results: Sequence[Result]) -> None:
        self._lines += [written(each.body) for each in results]


class MemoryFailures:
    """The failure destination."""

    def __init__(self, trouble: Trouble) -> None:
        """Begin empty."""
        self._trouble = trouble
        self.rejects: list[Reject] = []

    def send(self, rejects: Sequence[Reject]) -> Mapping[str, str]:
        """Store rejects."""
        return self._trouble.store(rejects, lambda each: each.position, self.rejects.extend)


@dataclass(frozen=True)
class TroubledModel:
    """An endpoint that fails now and then before it asks the model behind it."""

    model: Model
    trouble: Trouble

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        """Ask the model, or fail.

        Raises:
            UnavailableError: The endpoint is throttled, or times out.
            RefusedError: The model refuses the request.
            CrashError: The function dies here.
        """
        fault = self.trouble.next()
        if fault is Fault.CRASH_BEFORE:
            raise CrashError
        if fault in (Fault.REFUSED, Fault.UNHEARD, Fault.PARTLY):
            raise UnavailableError(fault.value)
        found = self.model.score(lines, trace_id)
        if fault is Fault.CRASH_AFTER:
            raise CrashError
        return found
