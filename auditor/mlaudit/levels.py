"""Where a workload stands on the catalogue's ladders of maturity levels. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlaudit.audit import Result
from mlaudit.catalog import Ladder
from mlaudit.model import Status
from mlaudit.score import is_complete
from mlaudit.standing import LevelReached


def level_on(ladder: Ladder, items: Iterable[Result]) -> LevelReached:
    """The highest level a workload has reached, and what keeps it from the next.

    A level is reached when every group it asks for, and those of all levels before it, has a
    complete item. A group of which no item applies does not stand in the way. What could not be
    assessed does: a level is never assumed.
    """
    results = {each.id: each for each in items}
    reached = ladder.start
    for level in ladder.levels:
        missing = tuple(group for group in level.requires if not _met(group, results))
        if missing:
            unknown = tuple(group for group in missing if _is_unknown(group, results))
            return LevelReached(ladder.id, reached, level.name, missing, unknown)
        reached = level.name
    return LevelReached(ladder.id, reached, None, (), ())


def _met(group: tuple[str, ...], results: Mapping[str, Result]) -> bool:
    found = [results[id_] for id_ in group]
    return any(map(is_complete, found)) or all(
        each.status is Status.NOT_APPLICABLE for each in found
    )


def _is_unknown(group: tuple[str, ...], results: Mapping[str, Result]) -> bool:
    return any(results[id_].status is Status.NOT_ASSESSED for id_ in group)
