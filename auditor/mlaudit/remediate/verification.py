"""Whether a remediation did what it promised: the audit before it and the audit after it.

A read that fails now hides what was done; it is never taken for a promise that was not kept. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mlaudit.audit import Audit, ItemResult, Outcome, Scores, WorkloadAudit
from mlaudit.model import FOR_A_PERSON, GLOBAL, Gap, Status
from mlaudit.remediate.comparison import (
    PLATFORM,
    Place,
    Prediction,
    compared,
    nearness,
    new_gaps,
    results_by_place,
)
from mlaudit.remediate.plan import Promise
from mlaudit.trend import RANK


class Turn(StrEnum):
    """What became of a promise. The values are public API."""

    KEPT = "kept"
    """The item is what the plan said it would be."""
    WAITS_FOR_USE = "waits_for_use"
    """What was applied is there; the item passes once it has been used as the plan says."""
    NOT_KEPT = "not_kept"
    """Everything about the item could be seen, and it is not what the plan said."""
    NOT_SEEN = "not_seen"
    """A read that worked before the remediation fails now, so nobody can tell."""


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A promise, and what became of it in one region.

    Attributes:
        promise: The promise.
        region: Where the workload lives.
        turn: What became of it.
        status: The item's status now; ``None`` where the workload is not found any more.
        summary: Why, as the audit says.
        unseen: What could not be seen of it now and could before.
    """

    promise: Promise
    region: str
    turn: Turn
    status: Status | None
    summary: str
    unseen: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict on one workload in one audit.

    Attributes:
        scores: Its scores.
        gates: What each gate says, by its target.
        levels: The level it has reached on each ladder, by the ladder.
    """

    scores: Scores
    gates: Mapping[str, Outcome]
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on one workload before and after; ``None`` where it is not found."""

    workload: str
    region: str
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a remediation came to.

    Attributes:
        verdicts: The verdicts before and after, of every workload of either audit.
        changed: Every item that says something else than before.
        promises: What became of each promise.
        orphans: ARNs of resources that belong to no workload, and were not there or did before.
        gaps: What cannot be seen now and could before.
        foreseen: How far the plan said that items would get worse, by workload and item.
    """

    verdicts: tuple[Verdicts, ...]
    changed: tuple[Prediction, ...]
    promises: tuple[Fulfilment, ...]
    orphans: tuple[str, ...]
    gaps: tuple[Gap, ...]
    foreseen: Mapping[tuple[str, str], Status] = field(default_factory=dict)

    @property
    def worse(self) -> tuple[Prediction, ...]:
        """The items that got worse than the plan said.

        One with something ``unseen`` may only be out of sight.
        """
        return tuple(each for each in self.changed if each.is_worse and not self._was_told(each))

    def _was_told(self, each: Prediction) -> bool:
        told = self.foreseen.get((each.workload, each.item))
        if told is None or each.then is None:
            return False
        return nearness(each.then) >= nearness(told)

    @property
    def is_as_promised(self) -> bool:
        """Whether all promises are kept and in sight, and nothing got worse than foreseen."""
        kept = {Turn.KEPT, Turn.WAITS_FOR_USE}
        return all(each.turn in kept for each in self.promises) and not self.worse


def verified(
    before: Audit,
    after: Audit,
    promises: Iterable[Promise],
    worsens: Iterable[Promise] = (),
) -> Verification:
    """Compare the audit that a plan rests on with one of the account it was applied to.

    Args:
        before: The audit from before the plan was applied.
        after: The audit of a scan after that.
        promises: What the plan promises. One that foresees no better status and no use that
            would bring it promises nothing, and is left out.
        worsens: What the plan says will get worse.
    """
    return Verification(
        verdicts=tuple(_verdicts(before, after)),
        changed=compared(before, after),
        promises=tuple(_fulfilments(before, after, promises)),
        orphans=tuple(sorted(set(after.orphans) - set(before.orphans))),
        gaps=tuple(new_gaps(before.gaps, after.gaps)),
        foreseen={
            (each.workload, each.item): Status(each.applied) for each in worsens if each.applied
        },
    )


def _verdicts(before: Audit, after: Audit) -> Iterator[Verdicts]:
    old = {(each.name, each.region): _standing(each) for each in before.workloads}
    new = {(each.name, each.region): _standing(each) for each in after.workloads}
    for name, region in sorted(old.keys() | new.keys()):
        yield Verdicts(name, region, old.get((name, region)), new.get((name, region)))


def _standing(workload: WorkloadAudit) -> Standing:
    return Standing(
        scores=workload.scores,
        gates={target: each.outcome for target, each in workload.gates.items()},
        levels={each.ladder: each.reached for each in workload.levels},
    )


def _fulfilments(before: Audit, after: Audit, promises: Iterable[Promise]) -> Iterator[Fulfilment]:
    old, new = results_by_place(before), results_by_place(after)
    lost = tuple(new_gaps(before.gaps, after.gaps))
    for promise in promises:
        if not _promises_something(promise):
            continue
        for place in sorted(each for each in old.keys() | new.keys() if _is_about(promise, each)):
            yield _fulfilment(promise, place, old.get(place), new.get(place), lost)


def _promises_something(promise: Promise) -> bool:
    return promise.used or _foreseen(promise) > RANK[Status(promise.now)]


def _foreseen(promise: Promise) -> int:
    """How near to complete the item is to be once the plan is applied."""
    return nearness(Status(promise.applied or promise.now))


def _is_about(promise: Promise, place: Place) -> bool:
    """Whether a promise is about the item there; the platform's items are everybody's."""
    everywhere = PLATFORM in {promise.workload, place[0]}
    return promise.item == place[2] and (everywhere or promise.workload == place[0])


def _fulfilment(
    promise: Promise,
    place: Place,
    old: ItemResult | None,
    new: ItemResult | None,
    lost: tuple[Gap, ...],
) -> Fulfilment:
    region = place[1]
    if new is None:
        # A workload is found by what is seen of it: it may be there and out of sight.
        unseen = tuple(gap for gap in lost if gap.region in {region, GLOBAL})
        turn = Turn.NOT_SEEN if unseen else Turn.NOT_KEPT
        return Fulfilment(promise, region, turn, None, "The workload is not found.", unseen)
    found = new_gaps(old.gaps if old else (), new.gaps)
    unseen = tuple(gap for gap in found if gap.reason not in FOR_A_PERSON)
    return Fulfilment(
        promise, region, _turn(promise, new.status, unseen), new.status, new.summary, unseen
    )


def _turn(promise: Promise, status: Status, unseen: tuple[Gap, ...]) -> Turn:
    reached = nearness(status)
    if reached >= RANK[Status.PASS]:
        return Turn.KEPT
    if reached >= _foreseen(promise):
        return Turn.WAITS_FOR_USE if promise.used else Turn.KEPT
    return Turn.NOT_SEEN if unseen else Turn.NOT_KEPT
