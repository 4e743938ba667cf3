"""What stands between a workload and streaming, in the order in which to remove it."""

from dataclasses import dataclass

from mlaudit.audit import Audit, GateDecision, ItemResult, Outcome, WorkloadAudit
from mlaudit.model import FOR_A_PERSON, Gap, GapReason, Status
from mlaudit_reports import words
from mlaudit_reports.grouping import STREAMING

_LET_SEE, _ATTEST, _FINISH, _BUILD = range(4)
"""What it takes to remove an obstacle, the least first."""

EFFORT = {
    _LET_SEE: "let it be seen",
    _ATTEST: "a person tells",
    _FINISH: "finish it",
    _BUILD: "build it",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One item to complete.

    Attributes:
        item: Its id.
        effort: What it takes, in words.
        required: Whether no number of other items makes up for it.
        do: What to do.
    """

    item: str
    effort: str
    required: bool
    do: str


def steps(workload: WorkloadAudit, audit: Audit) -> tuple[Step, ...]:
    """List what is not complete and matters: what nothing makes up for, then the least effort."""
    gate = workload.gates.get(STREAMING)
    if gate is None or gate.outcome is Outcome.OPEN:
        return ()
    floor = {*gate.floor_failed, *gate.floor_unknown}
    asked = sorted(
        _asked(workload, gate, floor, audit),
        key=lambda item: (item.id not in floor, _effort(item)),
    )
    return tuple(
        Step(each.id, EFFORT[_effort(each)], each.id in floor, _do(each, audit)) for each in asked
    )


def _asked(
    workload: WorkloadAudit, gate: GateDecision, floor: set[str], audit: Audit
) -> list[ItemResult]:
    """The items in the way; with too few of them, what does not apply is left out too often."""
    short_by = max(0, gate.needed - gate.complete)
    covered = _covered(workload, audit)
    counting = [each for each in workload.items if each.id not in covered]
    met = (Status.PASS, Status.NOT_APPLICABLE)
    asked = [each for each in counting if each.status not in met and (short_by or each.id in floor)]
    if len(asked) < short_by:
        asked += [each for each in counting if each.status is Status.NOT_APPLICABLE]
    return asked


def _covered(workload: WorkloadAudit, audit: Audit) -> set[str]:
    """What no gate counts: the item of the gate itself, and the others of a complete group."""
    done = {each.id for each in workload.items if each.status is Status.PASS}
    groups = [set(group) for group in audit.rules.any_of]
    others = (group - done for group in groups if group & done)
    return {audit.rules.streaming_item}.union(*others)


def _effort(item: ItemResult) -> int:
    match item.status:
        case Status.NOT_ASSESSED:
            return _ATTEST if all(map(_for_a_person, item.gaps)) else _LET_SEE
        case Status.PARTIAL:
            return _FINISH
        case _:
            return _BUILD


def _for_a_person(gap: Gap) -> bool:
    """A checkout is given sooner than a word."""
    return gap.reason in FOR_A_PERSON and gap.reason is not GapReason.NO_CHECKOUT


def _do(item: ItemResult, audit: Audit) -> str:
    advice = next((text.next_step for text in audit.catalogue if text.id == item.id), "")
    match _effort(item):
        case 0:
            return _cures(item, audit) or advice
        case 1:
            return f"Where it is done: mlaudit attest {item.id}. Where it is not: {advice}".strip()
        case _:
            return advice


def _cures(item: ItemResult, audit: Audit) -> str:
    spots = (spot for spot in audit.blind_spots if item.id in spot.items)
    cures = [words.cure(spot) for spot in spots]
    if any(gap.reason is GapReason.NO_CHECKOUT for gap in item.gaps):
        cures.append("give the checkout of its code with --repo")
    told = "; ".join(dict.fromkeys(filter(None, cures)))
    return f"{told[:1].upper()}{told[1:]}." if told else ""
