"""How reports show what was judged beyond the checklist, and practices as facts.

Of the former, findings come first and what is fine last; the latter keep their order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.beyond import ExtendedResult, GroupText
from mlaudit.model import GapReason, Grade, Status, Waste
from mlaudit_reports import words

_ORDER = (
    Status.FAIL,
    Status.PARTIAL,
    Status.NOT_ASSESSED,
    Status.PASS,
    Status.NOT_APPLICABLE,
)
_FOUND = frozenset({Status.FAIL, Status.PARTIAL})

INTRODUCTION = (
    "What practitioners ask for and the checklist does not. It is a part of no score, no gate and "
    "no denominator."
)


PRACTICES = (
    "What documents beside the checklist ask for, told as facts. They are a part of no score, no "
    "gate and no denominator."
)

RETIRED = "X.32"
"""The entry that tells of services which AWS closes or ends."""

FACT: Mapping[Status, str] = {
    Status.PASS: "in place",
    Status.PARTIAL: "partly",
    Status.FAIL: "not in place",
    Status.NOT_APPLICABLE: "not applicable",
    Status.NOT_ASSESSED: "could not be seen",
}


@dataclass(frozen=True, slots=True)
class Beyond:
    """The results beyond the checklist, as a report shows them.

    Attributes:
        found: What is not as it should be, the worst first.
        unseen: What could not be assessed, though there is a check for it.
        fine: What passes or does not apply.
        unchecked: The titles of what has no check yet.
        waste: What is paid for nothing in all; ``None`` where nothing is known to be.
    """

    found: tuple[ExtendedResult, ...]
    unseen: tuple[ExtendedResult, ...]
    fine: tuple[ExtendedResult, ...]
    unchecked: tuple[str, ...]
    waste: Waste | None


def grouped(audit: Audit) -> Beyond:
    """Sort the results by how much they need attention, in the order of the catalogue."""
    judged = [each for each in audit.extended if not each.group]
    checked = sorted(
        (each for each in judged if not _has_no_check(each)),
        key=lambda each: _ORDER.index(each.status),
    )
    unchecked = {each.id: f"{each.id} {each.title}" for each in judged if _has_no_check(each)}
    return Beyond(
        found=tuple(each for each in checked if each.status in _FOUND),
        unseen=tuple(each for each in checked if each.status is Status.NOT_ASSESSED),
        fine=tuple(each for each in checked if each.status not in {*_FOUND, Status.NOT_ASSESSED}),
        unchecked=tuple(unchecked.values()),
        waste=_total(each.waste for each in checked),
    )


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice over all workloads.

    Attributes:
        id: Its id.
        title: Its title.
        results: What was concluded, in the order of the table's columns; ``None`` where it was not
            judged.
    """

    id: str
    title: str
    results: tuple[ExtendedResult | None, ...]


@dataclass(frozen=True, slots=True)
class PracticeTable:
    """The practices of one document, each against every workload.

    Attributes:
        group: The document.
        places: The workloads, in words.
        practices: The practices, in the order of the catalogue.
    """

    group: GroupText
    places: tuple[str, ...]
    practices: tuple[Practice, ...]


def practices(audit: Audit) -> tuple[PracticeTable, ...]:
    """The practices that were judged, by group, in the order of the catalogue."""
    found = (_table(group, audit) for group in audit.groups)
    return tuple(each for each in found if each.practices)


def _table(group: GroupText, audit: Audit) -> PracticeTable:
    judged = [each for each in audit.extended if each.group == group.id]
    places = tuple(sorted({where(each, audit) for each in judged}))
    titles = {each.id: each.title for each in judged}
    by_place = {(each.id, where(each, audit)): each for each in judged}
    return PracticeTable(
        group=group,
        places=places,
        practices=tuple(
            Practice(id_, title, tuple(by_place.get((id_, place)) for place in places))
            for id_, title in titles.items()
        ),
    )


def said(result: ExtendedResult) -> str:
    """A status in words: a practice is in place or not, and passes nothing."""
    return (FACT if result.group else words.STATUS)[result.status]


def warnings(audit: Audit, workload: WorkloadAudit) -> tuple[str, ...]:
    """What a workload depends on that AWS closes or ends, with the dates; what has ended first."""
    place = (workload.name, workload.region)
    return retiring(each for each in audit.extended if (each.workload, each.region) == place)


def retiring(results: Iterable[ExtendedResult]) -> tuple[str, ...]:
    """The warnings among the results of one workload."""
    facts = sorted(
        (seen.grade is not Grade.MISSED, seen.fact)
        for each in results
        if each.id == RETIRED
        for seen in each.observations
        if seen.grade is not Grade.EXERCISED
    )
    return tuple(dict.fromkeys(fact for _, fact in facts))


def _has_no_check(result: ExtendedResult) -> bool:
    return {gap.reason for gap in result.gaps} == {GapReason.NO_CHECK}


def _total(wastes: Iterable[Waste | None]) -> Waste | None:
    some = [each for each in wastes if each]
    known = [each.usd_a_month for each in some if each.usd_a_month is not None]
    total = round(sum(known), 2) if known else None
    return Waste(total, sum(each.unpriced for each in some)) if some else None


def where(result: ExtendedResult, audit: Audit) -> str:
    """The workload a result is about, with its region where there are several."""
    several = len(audit.regions) > 1
    if result.workload is None:
        return f"platform in {result.region}"
    return f"{result.workload} ({result.region})" if several else result.workload


def money(waste: Waste) -> str:
    """What is paid for nothing, in words; what has no known price is called unknown."""
    if waste.usd_a_month is None:
        return "unknown"
    known = f"about {waste.usd_a_month:,.2f} USD a month"
    return f"{known}, and unknown for {waste.unpriced} more" if waste.unpriced else known


def in_short(audit: Audit) -> str:
    """All of it in one line."""
    seen = grouped(audit)
    unseen = f", {len(seen.unseen)} not assessed" if seen.unseen else ""
    paid = f"; paid for nothing: {money(seen.waste)}" if seen.waste else ""
    return f"Beyond the checklist: {len(seen.found)} findings{unseen}{paid}"
