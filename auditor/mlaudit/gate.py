"""May a workload be promoted? Decided from item results alone, and closed when in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlaudit.audit import GateDecision, ItemResult, Outcome
from mlaudit.catalog import Catalogue
from mlaudit.evidence import verdict
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Strength, Verdict
from mlaudit.score import Count, count, is_complete, is_proven
from mlaudit.thresholds import (
    DEFAULT_CAP_PERCENT,
    DEFAULT_PERCENT,
    DEFAULT_RULES,
    GUIDE_PERCENT,
    Rules,
    Target,
)


def gate(
    items: Iterable[ItemResult],
    catalogue: Catalogue,
    rules: Rules = DEFAULT_RULES,
    target: Target = Target.STREAMING,
) -> GateDecision:
    """Decide whether a workload may be promoted to a target.

    The gate opens when the complete items reach the threshold and no floor item fails. It is closed
    when even the best outcome of everything unseen would not open it. Anything else cannot be
    decided, which does not open it either.
    """
    results = tuple(items)
    percent = rules.percent[target]
    counted = count(results, catalogue, rules.cap_percent)
    at_best = count([_hoped(each) for each in results], catalogue, rules.cap_percent)
    floor = catalogue.floor if rules.floor else frozenset[str]()
    failed = _floor(results, floor, Status.FAIL)
    unseen = _floor(results, floor, Status.NOT_ASSESSED)
    if failed or not _enough(at_best, percent):
        outcome = Outcome.CLOSED
    elif _enough(counted, percent) and not unseen:
        outcome = Outcome.OPEN
    else:
        outcome = Outcome.CANNOT_DECIDE
    reasons = (
        _arithmetic(counted, percent),
        *_differences(rules, target),
        *_reasons(counted, at_best, failed, unseen, rules.cap_percent),
        *_words(results, catalogue),
    )
    return GateDecision(
        outcome=outcome,
        reasons=reasons,
        complete=counted.complete,
        unknown=counted.unknown,
        applicable=counted.applicable,
        needed=needed(counted.applicable, percent),
        floor_failed=failed,
        floor_unknown=unseen,
    )


def needed(applicable: int, percent: int = GUIDE_PERCENT) -> int:
    """The least number of complete items that reaches a threshold."""
    return -(-applicable * percent // 100)


def gate_verdict(decision: GateDecision, workload: str, region: str, whose: str = "") -> Verdict:
    """A decision on streaming as a conclusion that a check can use: open is a pass.

    Args:
        decision: The decision.
        workload: The workload's name.
        region: Where it lives.
        whose: By whose threshold, where that is not the one that is configured.
    """
    outcome = decision.outcome.replace("_", " ")
    words = f"the streaming gate is {outcome}{whose}: {decision.reasons[0]}"
    match decision.outcome:
        case Outcome.OPEN:
            return verdict(Status.PASS, (Observation(workload, Grade.EXERCISED, words),))
        case Outcome.CLOSED:
            return verdict(Status.FAIL, (Observation(workload, Grade.MISSED, words),))
        case Outcome.CANNOT_DECIDE:
            gap = Gap("mlaudit:streaming-gate", region, "CannotDecide", GapReason.CONTENT_NOT_READ)
            return verdict(Status.NOT_ASSESSED, (), (gap,))


def _enough(counted: Count, percent: int) -> bool:
    return counted.applicable > 0 and counted.complete >= needed(counted.applicable, percent)


def _hoped(item: ItemResult) -> ItemResult:
    if item.status is not Status.NOT_ASSESSED:
        return item
    return replace(item, status=Status.PASS, strength=Strength.EXERCISED)


def _floor(items: Iterable[ItemResult], floor: frozenset[str], status: Status) -> tuple[str, ...]:
    return tuple(each.id for each in items if each.id in floor and each.status is status)


def _arithmetic(counted: Count, percent: int) -> str:
    return (
        f"{counted.complete} of {counted.applicable} applicable items are complete; "
        f"{percent} % needs {needed(counted.applicable, percent)}."
    )


def _differences(rules: Rules, target: Target) -> Iterable[str]:
    """Where a configuration decides otherwise than the guide, or than this tool by default."""
    percent, usual = rules.percent[target], DEFAULT_PERCENT[target]
    if percent != usual:
        whose = "The guide asks" if target is Target.STREAMING else "The default is"
        yield f"{whose} {usual} %; this configuration asks {percent} %."
    if not rules.floor:
        yield "This configuration switches off the floor set: items that must not fail may."
    if rules.cap_percent != DEFAULT_CAP_PERCENT:
        allowed = f", as {rules.approved_by} allows" if rules.approved_by else ""
        yield (
            f"This configuration lets {rules.cap_percent} % of the checklist be left out as not "
            f"applicable{allowed}; the default is {DEFAULT_CAP_PERCENT} %."
        )


def _reasons(
    counted: Count,
    at_best: Count,
    failed: tuple[str, ...],
    unseen: tuple[str, ...],
    cap_percent: int,
) -> Iterable[str]:
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
            f"{cap_percent} % of the checklist may be left out."
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
