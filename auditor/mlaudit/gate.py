"""May a workload be promoted? Decided from item results alone, and closed when in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlaudit.audit import GateDecision, ItemResult, Outcome
from mlaudit.catalog import Catalogue
from mlaudit.evidence import verdict
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Strength, Verdict
from mlaudit.score import NA_CAP_PERCENT, Count, count, is_complete, is_proven

STREAMING_PERCENT = 90
"""The share of the checklist that must be complete before streaming inference (guide, 4.6)."""


def streaming_gate(items: Iterable[ItemResult], catalogue: Catalogue) -> GateDecision:
    """Decide whether a workload may serve a stream.

    It opens when the complete items reach the threshold and no floor item fails. It is closed when
    even the best outcome of everything unseen would not open it. Anything else cannot be decided,
    which does not open it either.
    """
    results = tuple(items)
    counted = count(results, catalogue)
    at_best = count([_hoped(each) for each in results], catalogue)
    failed = _floor(results, catalogue, Status.FAIL)
    unseen = _floor(results, catalogue, Status.NOT_ASSESSED)
    if failed or not _enough(at_best):
        outcome = Outcome.CLOSED
    elif _enough(counted) and not unseen:
        outcome = Outcome.OPEN
    else:
        outcome = Outcome.CANNOT_DECIDE
    return GateDecision(
        outcome=outcome,
        reasons=(*_reasons(counted, at_best, failed, unseen), *_words(results, catalogue)),
        complete=counted.complete,
        unknown=counted.unknown,
        applicable=counted.applicable,
        needed=needed(counted.applicable),
        floor_failed=failed,
        floor_unknown=unseen,
    )


def needed(applicable: int) -> int:
    """The least number of complete items that reaches the threshold."""
    return -(-applicable * STREAMING_PERCENT // 100)


def gate_verdict(decision: GateDecision, workload: str, region: str) -> Verdict:
    """The decision as a conclusion that a check can use: open is a pass, closed a fail."""
    words = f"the streaming gate is {decision.outcome.replace('_', ' ')}: {decision.reasons[0]}"
    match decision.outcome:
        case Outcome.OPEN:
            return verdict(Status.PASS, (Observation(workload, Grade.EXERCISED, words),))
        case Outcome.CLOSED:
            return verdict(Status.FAIL, (Observation(workload, Grade.MISSED, words),))
        case Outcome.CANNOT_DECIDE:
            gap = Gap("mlaudit:streaming-gate", region, "CannotDecide", GapReason.CONTENT_NOT_READ)
            return verdict(Status.NOT_ASSESSED, (), (gap,))


def _enough(counted: Count) -> bool:
    return counted.applicable > 0 and counted.complete >= needed(counted.applicable)


def _hoped(item: ItemResult) -> ItemResult:
    if item.status is not Status.NOT_ASSESSED:
        return item
    return replace(item, status=Status.PASS, strength=Strength.EXERCISED)


def _floor(items: Iterable[ItemResult], catalogue: Catalogue, status: Status) -> tuple[str, ...]:
    return tuple(each.id for each in items if each.id in catalogue.floor and each.status is status)


def _reasons(
    counted: Count, at_best: Count, failed: tuple[str, ...], unseen: tuple[str, ...]
) -> Iterable[str]:
    yield (
        f"{counted.complete} of {counted.applicable} applicable items are complete; "
        f"{STREAMING_PERCENT} % needs {needed(counted.applicable)}."
    )
    if counted.unknown:
        yield (
            f"{counted.unknown} items could not be assessed and count as not complete; "
            f"at best {at_best.complete} of {at_best.applicable} would be."
        )
    if failed:
        yield f"Items that must not fail do fail: {', '.join(failed)}."
    if unseen:
        yield f"Items that must not fail could not be assessed: {', '.join(unseen)}."
    if counted.over_cap:
        yield (
            f"{counted.over_cap} items that do not apply count as not complete: at most "
            f"{NA_CAP_PERCENT} % of the checklist may be left out."
        )
    if counted.covered:
        yield f"{counted.covered} items are left out, covered by another item of their group."


def _words(items: Iterable[ItemResult], catalogue: Catalogue) -> Iterable[str]:
    attested = sum(
        is_complete(each) and not is_proven(each)
        for each in items
        if each.id != catalogue.streaming_item
    )
    if attested:
        yield f"{attested} of the complete items rest on a person's word alone."
