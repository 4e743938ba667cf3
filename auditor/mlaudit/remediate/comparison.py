"""Two audits of one account side by side, item by item: of today, and as it will be or became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mlaudit.audit import Audit, ItemResult, Scope
from mlaudit.model import Gap, Status
from mlaudit.trend import RANK, is_worse

PLATFORM = "*"
"""The workload of what is judged for a region and not for one workload."""

Place = tuple[str, str, str]
"""Workload, region and item."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What two audits say of one item, where they say different things.

    Attributes:
        workload: The workload; ``*`` for the platform.
        region: Where it lives.
        item: The item's id.
        now: Its status in the first audit; ``None`` where that knows no such workload.
        then: Its status in the second; ``None`` where that knows no such workload.
        summary: What the second says of it; what the first said where the second says nothing.
        unseen: What the second could not see of it and the first could.
    """

    workload: str
    region: str
    item: str
    now: Status | None
    then: Status | None
    summary: str
    unseen: tuple[Gap, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether the item is further from complete in the second audit, or out of its sight."""
        return self.now is not None and self.then is not None and is_worse(self.then, self.now)


def compared(now: Audit, then: Audit) -> tuple[Prediction, ...]:
    """Every item with another status or another summary, by workload, region and item.

    What is judged for the platform is told once for a region, not again for each workload.
    """
    first, second = results_by_place(now), results_by_place(then)
    order = {each.id: number for number, each in enumerate((*now.catalogue, *then.catalogue))}
    places = sorted(first.keys() | second.keys(), key=lambda each: (each[:2], order[each[2]]))
    return tuple(
        _prediction(place, first.get(place), second.get(place))
        for place in places
        if _told(first.get(place)) != _told(second.get(place))
    )


def results_by_place(audit: Audit) -> Mapping[Place, ItemResult]:
    """The results of all workloads, and of the platform once for each region."""
    found = {
        (each.name, each.region, item.id): item
        for each in audit.workloads
        for item in each.items
        if item.scope is not Scope.PLATFORM
    }
    return found | {
        (PLATFORM, each.region, each.item.id): each.item for each in audit.platform.items
    }


def new_gaps(before: Iterable[Gap], after: Iterable[Gap]) -> Iterator[Gap]:
    """What could not be seen after and could before; the number of a request is no difference."""
    known = {_about(each) for each in before}
    return (each for each in after if _about(each) not in known)


def nearness(status: Status) -> int:
    """How near to complete an item is; one that does not apply need not become any nearer."""
    return RANK.get(status, RANK[Status.PASS])


def _about(gap: Gap) -> tuple[str, str, str | None]:
    return (gap.operation, gap.region, gap.subject)


def _told(result: ItemResult | None) -> tuple[Status, str] | None:
    return (result.status, result.summary) if result else None


def _prediction(place: Place, now: ItemResult | None, then: ItemResult | None) -> Prediction:
    said = then or now
    return Prediction(
        *place,
        now=now.status if now else None,
        then=then.status if then else None,
        summary=said.summary if said else "",
        unseen=tuple(new_gaps(now.gaps if now else (), then.gaps if then else ())),
    )
