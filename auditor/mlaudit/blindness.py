"""What could not be read, which items that leaves open, and what would cure it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from mlaudit.audit import ItemResult
from mlaudit.collect.plan import declared_operations
from mlaudit.model import Gap, GapReason, Status
from mlaudit.standing import BlindSpot

Key = tuple[str, GapReason]


def blind_spots(gaps: Iterable[Gap], results: Iterable[ItemResult]) -> tuple[BlindSpot, ...]:
    """Join what was not read for one reason by one operation, the most frequent first."""
    groups: dict[Key, list[Gap]] = {}
    for gap in gaps:
        groups.setdefault((gap.operation, gap.reason), []).append(gap)
    left_open = _left_open(results)
    actions = _actions()
    spots = (
        BlindSpot(
            operation=operation,
            reason=reason,
            codes=tuple(sorted({gap.code for gap in group})),
            regions=tuple(sorted({gap.region for gap in group})),
            count=len(group),
            items=tuple(left_open.get((operation, reason), ())),
            allow=tuple(sorted(actions.get(operation, ()))) if reason is GapReason.DENIED else (),
        )
        for (operation, reason), group in groups.items()
    )
    return tuple(sorted(spots, key=lambda each: (-each.count, each.operation, each.reason)))


def _left_open(results: Iterable[ItemResult]) -> dict[Key, dict[str, None]]:
    """The items that a gap leaves without a verdict in any workload, in catalogue order."""
    found: dict[Key, dict[str, None]] = {}
    for result in results:
        if result.status is Status.NOT_ASSESSED:
            for gap in result.gaps:
                found.setdefault((gap.operation, gap.reason), {})[result.id] = None
    return found


def _actions() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for operation in declared_operations():
        found.setdefault(operation.id, set()).add(operation.iam_action)
    return found
