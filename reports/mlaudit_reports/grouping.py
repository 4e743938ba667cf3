"""How reports group what the audit lists: by section and by status."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlaudit.audit import Audit, GateDecision, ItemResult, SectionText, WorkloadAudit
from mlaudit.model import GapReason, Status

STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class SectionItems:
    """The items of one section, those that have no check kept apart."""

    section: SectionText
    checked: tuple[ItemResult, ...]
    unchecked: tuple[ItemResult, ...]


def has_no_check(item: ItemResult) -> bool:
    """Tell whether an item was not assessed only because nothing assesses it yet, and no more."""
    reasons = {gap.reason for gap in item.gaps}
    silent = item.attestation is None and item.exception is None
    return silent and item.status is Status.NOT_ASSESSED and reasons == {GapReason.NO_CHECK}


def by_section(
    items: Sequence[ItemResult], sections: Iterable[SectionText]
) -> tuple[SectionItems, ...]:
    """Sort items under their sections, in catalogue order; an unknown section gets its number."""
    known = {section.number: section for section in sections}
    present = dict.fromkeys([*known, *(item.section for item in items)])
    groups = (_of_section(items, known.get(n, SectionText(n, f"Section {n}"))) for n in present)
    return tuple(group for group in groups if group.checked or group.unchecked)


def _of_section(items: Sequence[ItemResult], section: SectionText) -> SectionItems:
    mine = [item for item in items if item.section == section.number]
    return SectionItems(
        section,
        tuple(item for item in mine if not has_no_check(item)),
        tuple(item for item in mine if has_no_check(item)),
    )


def status_counts(items: Iterable[ItemResult]) -> dict[Status, int]:
    """Count items by status, in the order the statuses are declared."""
    counts = Counter(item.status for item in items)
    return {status: counts[status] for status in Status if counts[status]}


def full_name(workload: WorkloadAudit, audit: Audit) -> str:
    """Name a workload as no other is named: with its region, when there are several."""
    several = len(audit.regions) > 1
    return f"{workload.name} ({workload.region})" if several else workload.name


def gates(workload: WorkloadAudit) -> tuple[tuple[str, GateDecision], ...]:
    """List the gates of a workload by target, the one to streaming first."""
    ordered = sorted(workload.gates.items(), key=lambda each: (each[0] != STREAMING, each[0]))
    return tuple(ordered)
