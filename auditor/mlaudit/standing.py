"""Where a workload stands on maturity levels, and where a scan was blind: parts of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.model import GapReason


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Reads that failed alike, and what they leave open.

    Attributes:
        operation: The read that failed.
        reason: Why.
        codes: The error codes AWS answered, sorted.
        regions: Where, sorted.
        count: How many there are.
        items: Ids of the items that it leaves without a verdict in any workload.
        allow: The IAM actions that would cure it, where access was denied.
    """

    operation: str
    reason: GapReason
    codes: tuple[str, ...]
    regions: tuple[str, ...]
    count: int
    items: tuple[str, ...]
    allow: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelReached:
    """Where a workload stands on one ladder of maturity levels.

    Attributes:
        ladder: Id of the ladder.
        reached: The highest level all of whose items, and those below, are complete.
        next: The level after it; ``None`` at the top.
        missing: What the next one still asks for: of each group of ids one item.
        unknown: Those of ``missing`` that could not be assessed.
    """

    ladder: str
    reached: str
    next: str | None
    missing: tuple[tuple[str, ...], ...]
    unknown: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LevelText:
    """A maturity level: its name and the items it asks for beyond the levels before it."""

    name: str
    requires: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LadderText:
    """A ladder of maturity levels with its rule, for readers of a report.

    Attributes:
        id: Its id.
        title: What it is called.
        source: Whose levels they are.
        start: What a workload is on that has not reached the first level.
        levels: From the lowest to the highest.
    """

    id: str
    title: str
    source: str
    start: str
    levels: tuple[LevelText, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """What changed since an earlier audit.

    Attributes:
        since: When that audit was read (UTC).
        complete: The complete items of its gate score.
        applicable: The items it was out of.
        better: Ids of the items that are nearer to complete now.
        worse: Ids of the items that are further from it, or out of sight.
    """

    since: datetime
    complete: int
    applicable: int
    better: tuple[str, ...]
    worse: tuple[str, ...]
