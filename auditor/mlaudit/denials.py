"""What stands between a candidate and its target, and what it takes to remove each reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from mlaudit.audit import Audit, GateDecision, ItemResult, ItemText
from mlaudit.catalog import Catalogue
from mlaudit.model import FOR_A_PERSON, Gap, GapReason, Status
from mlaudit.score import is_complete
from mlaudit.versions import Candidate, Need, Requirement

MET = (Status.PASS, Status.NOT_APPLICABLE)
"""The statuses that stand in nobody's way."""


class Effort(StrEnum):
    """What it takes to remove a reason, the least first. The values are public API."""

    LET_SEE = "let_see"
    """Give a permission, a region, a checkout: it may be done already."""
    ATTEST = "attest"
    """A person knows, and AWS does not."""
    FINISH = "finish"
    """It is set up, and has to run or to be completed."""
    BUILD = "build"
    """It is not there."""


@dataclass(frozen=True, slots=True)
class Denial:
    """One reason against the candidate.

    Attributes:
        item: The checklist item.
        need: What is asked of the version itself; ``None`` for an item of the workload.
        title: What is asked.
        status: What was concluded.
        effort: What it takes.
        required: Whether no number of other items makes up for it.
        summary: What was seen.
        next_step: What to do.
    """

    item: str
    need: Need | None
    title: str
    status: Status
    effort: Effort
    required: bool
    summary: str
    next_step: str


TITLES = {
    Need.REGISTERED: "The version is registered",
    Need.APPROVED: "Somebody else than its author approved the version",
    Need.EVALUATED: "The evaluation of the version is on record",
    Need.MONITORED: "Monitoring has something to compare the version with",
    Need.RECOVERABLE: "There is a version to go back to",
}


def of_version(against: Iterable[tuple[Candidate, Requirement]], audit: Audit) -> Iterator[Denial]:
    """What is against the candidates themselves; what is against several of them, once."""
    texts = {text.id: text for text in audit.catalogue}
    names: dict[Requirement, list[str]] = {}
    for candidate, each in against:
        names.setdefault(replace(each, gaps=()), []).append(candidate.name)
    reasons = {replace(each, gaps=()): each.gaps for _, each in against}
    for each, whose in names.items():
        gaps = reasons[each]
        unknown = each.status is Status.NOT_ASSESSED
        effort = _to_see(gaps) if unknown else Effort.BUILD
        yield Denial(
            item=each.item,
            need=each.need,
            title=TITLES[each.need],
            status=each.status,
            effort=effort,
            required=True,
            summary=f"{', '.join(whose)}: {each.summary}",
            next_step=_step(each.item, effort, gaps, audit, texts),
        )


def of_workload(
    items: Iterable[ItemResult], counted: GateDecision, catalogue: Catalogue, audit: Audit
) -> Iterator[Denial]:
    """Everything that is not complete, as long as it matters.

    Where that is too little to reach the share, what does not apply is listed as well: more of it
    is left out than may be.
    """
    results = tuple(items)
    floor = {*counted.floor_failed, *counted.floor_unknown}
    short_by = max(0, counted.needed - counted.complete)
    done = {each.id for each in results if is_complete(each)}
    covered = {id_ for group in catalogue.any_of if group & done for id_ in group - done}
    counting = [each for each in results if each.id not in covered]
    asked = [each for each in counting if each.status not in MET and (short_by or each.id in floor)]
    if len(asked) < short_by:
        asked += [each for each in counting if each.status is Status.NOT_APPLICABLE]
    texts = {text.id: text for text in audit.catalogue}
    for each in asked:
        effort = _effort(each)
        yield Denial(
            item=each.id,
            need=None,
            title=each.title,
            status=each.status,
            effort=effort,
            required=each.id in floor,
            summary=each.summary,
            next_step=_step(each.id, effort, each.gaps, audit, texts),
        )


def _effort(item: ItemResult) -> Effort:
    if item.status is Status.NOT_ASSESSED:
        return _to_see(item.gaps)
    return Effort.FINISH if item.status is Status.PARTIAL else Effort.BUILD


def _to_see(gaps: Iterable[Gap]) -> Effort:
    """What it takes to know: a checkout is given sooner than a word."""
    of_a_person = FOR_A_PERSON - {GapReason.NO_CHECKOUT}
    return Effort.ATTEST if all(each.reason in of_a_person for each in gaps) else Effort.LET_SEE


def _step(
    item: str,
    effort: Effort,
    gaps: Iterable[Gap],
    audit: Audit,
    texts: Mapping[str, ItemText],
) -> str:
    advice = texts[item].next_step if item in texts else ""
    match effort:
        case Effort.LET_SEE:
            return _cure(item, gaps, audit) or advice
        case Effort.ATTEST:
            return f"Where it is done: mlaudit attest {item}. Where it is not: {advice}"
        case Effort.FINISH | Effort.BUILD:
            return advice


def _cure(item: str, gaps: Iterable[Gap], audit: Audit) -> str:
    reasons = {each.reason for each in gaps}
    actions = sorted(
        {action for spot in audit.blind_spots if item in spot.items for action in spot.allow}
    )
    steps = [f"Allow {', '.join(actions)}."] if actions else []
    if GapReason.NO_CHECKOUT in reasons:
        steps.append("Give the checkout of its code with --repo.")
    if GapReason.THROTTLED in reasons or GapReason.BUDGET in reasons:
        steps.append("Scan again, with fewer regions or more calls.")
    if GapReason.REGION_OFF in reasons:
        steps.append("Scan with a region that is on.")
    return " ".join(steps)


def by_effort(denial: Denial) -> tuple[bool, int, bool]:
    """The order of denials: what nothing makes up for, then the least effort first."""
    return (not denial.required, list(Effort).index(denial.effort), denial.need is None)
