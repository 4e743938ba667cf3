"""What AWS closes, ends or no longer develops, from a small dated table with its sources.

A day that no page gives is unknown, and never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

AHEAD = timedelta(days=90)
"""How long before its end a runtime is worth a warning: every runtime ends one day."""


class State(StrEnum):
    """What happens to a service, a feature or a runtime."""

    CLOSED = "closed"
    """Those who use it may go on; nobody else may begin."""
    MAINTENANCE = "maintenance"
    """It is kept running, and nothing is added to it."""
    ENDS = "ends"
    """It is gone after a day."""
    PATCHED = "patched"
    """It is patched until a day, and runs on without patches."""


_AHEAD_AND_BEHIND = {
    State.CLOSED: ("closes to new customers on {}", "is closed to new customers since {}"),
    State.MAINTENANCE: ("is in maintenance from {}", "is in maintenance since {}"),
    State.ENDS: ("ends on {}", "ended on {}"),
    State.PATCHED: ("is patched until {}", "is not patched since {}"),
}
_WITHOUT_DAY = {
    State.CLOSED: "is closed to new customers",
    State.MAINTENANCE: "is in maintenance",
    State.ENDS: "is to end",
    State.PATCHED: "is to lose its patches",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What AWS says about the future of one service, feature or runtime.

    Attributes:
        id: What the code calls it; for a runtime, its identifier.
        name: What people call it.
        state: What happens to it.
        day: The day it is closed from or in maintenance from, or the last day it lives; ``None``
            where no page gives one.
        instead: What to use instead.
        source: The page that says so.
        as_of: The month in which it did, as ``YYYY-MM``.
    """

    id: str
    name: str
    state: State
    day: date | None
    instead: str
    source: str
    as_of: str

    def is_over(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.state in {State.ENDS, State.PATCHED} and self._is_behind(on)

    def warning(self, on: date) -> str | None:
        """What to say of it on a day, with its date; ``None`` while there is nothing to say."""
        if self.day is None:
            return f"{_WITHOUT_DAY[self.state]} as of {self.as_of}"
        if self.state is State.PATCHED and self.day - on > AHEAD:
            return None
        return _AHEAD_AND_BEHIND[self.state][self._is_behind(on)].format(self.day)

    def _is_behind(self, on: date) -> bool:
        last_day_counts = self.state in {State.ENDS, State.PATCHED}
        return self.day is not None and (self.day < on or (self.day == on and not last_day_counts))


@cache
def notices() -> Mapping[str, Notice]:
    """What is known of services and features, by id."""
    return {
        each["id"]: Notice(
            id=each["id"],
            name=each["name"],
            state=State(each["state"]),
            day=date.fromisoformat(each["day"]) if each["day"] else None,
            instead=each["instead"],
            source=each["source"],
            as_of=_table()["as_of"],
        )
        for each in _table()["services"]
    }


@cache
def runtimes() -> Mapping[str, Notice]:
    """What is known of the runtimes of Lambda; one that is not here is patched beyond 2027."""
    return _patched("runtimes")


@cache
def images() -> Mapping[str, Notice]:
    """What is known of images that AWS provides, by repository and version of the framework.

    Nothing is known of one that is not here.
    """
    return _patched("images")


def _patched(kind: str) -> Mapping[str, Notice]:
    table = _table()[kind]
    return {
        name: Notice(
            id=name,
            name=name,
            state=State.PATCHED,
            day=date.fromisoformat(day),
            instead=table["instead"],
            source=table["source"],
            as_of=_table()["as_of"],
        )
        for name, day in table["ends"].items()
    }


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((files(__name__) / "2026-11.json").read_text("utf-8"))
    return found
