"""Apply a plan: each change as it was pinned, journaled before it is made and seen afterwards.

The first thing that fails ends the run. What was done until then stays, and is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import FailedError, Pinned, State
from mlaudit.remediate.course import (
    Thing,
    courses,
    is_between,
    thing_changed,
    thing_of,
)
from mlaudit.remediate.entries import (
    Began,
    Did,
    Ended,
    Entry,
    Failed,
    Intent,
    StepBegan,
    StepDone,
    WasSo,
)
from mlaudit.remediate.journal import Journal, JournalError
from mlaudit.remediate.pinning import Eyes, drifted
from mlaudit.remediate.plan import Step
from mlaudit.remediate.workplace import Seen, Spot, Workplace

Deploy = Callable[[Step], None]
"""Deploys the stack of a step, and keeps the journal of it. It raises ``MlauditError`` when it
fails, and what was deployed already is nothing to do."""


class DriftedError(MlauditError):
    """Something is no longer as it was when the plan was made."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How applying ended.

    Attributes:
        changed: How many changes were made, those of stacks included.
        was_so: How many were there already.
        stopped: Why it ended early and how to go on, in words; empty when all is done.
    """

    changed: int
    was_so: int
    stopped: str = ""


def applied(steps: Iterable[Step], place: Workplace, deploy: Deploy) -> Applied:
    """Apply the steps of a plan that wait for nothing, or what is left of them.

    A journal that was written before makes it go on where that ends.

    Args:
        steps: The steps, pinned. Files for repositories are not written here.
        place: What is worked with; the lock of the account is held.
        deploy: Deploys stacks.

    Raises:
        JournalError: The journal cannot be written.
        MlauditError: The run was taken back before.
    """
    journal = place.journal
    _refuse_taken_back(journal)
    written = len(journal.entries)
    journal.write(Began("resume" if written else "apply", place.by))
    stopped = ""
    try:
        _Run(_left(steps, journal), place, deploy).apply()
    except JournalError:
        raise
    except MlauditError as error:
        stopped = str(error)
    journal.write(Ended(stopped))
    entries = journal.entries[written:]
    return Applied(
        changed=_count(entries, Did),
        was_so=_count(entries, WasSo),
        stopped=stopped and f"{stopped.rstrip('.')}. {_what_now(journal)}",
    )


class _Run:
    """The steps that are left of a plan."""

    def __init__(self, steps: Sequence[Step], place: Workplace, deploy: Deploy) -> None:
        self._steps = steps
        self._place = place
        self._deploy = deploy
        self._course = courses(pin for step in steps for pin in step.pinned)
        self._under_way = _under_way(place.journal)

    def apply(self) -> None:
        self._refuse_drift()
        for step in self._steps:
            self._place.tell(f"step {step.id}: {step.title}")
            self._place.journal.write(StepBegan(step.id, step.title))
            if step.stack:
                self._deploy(step)
            for pin in step.pinned:
                self._change(step, pin)
            self._place.journal.write(StepDone(step.id))

    def _refuse_drift(self) -> None:
        """Nothing is changed when anything is no longer as it was."""
        changes = [pin for step in self._steps for pin in step.pinned]
        eyes = Eyes(self._place.settings, self._place.ask, account="")
        for each in drifted(changes, eyes, self._under_way):
            raise _drifted(self._spot(each.pinned), each.pinned, each.now)

    def _change(self, step: Step, pin: Pinned) -> None:
        spot = self._spot(pin)
        seen = spot.look()
        there = self._is_there(spot, pin, seen.state)
        if spot.setting.are_equal(seen.state, pin.before):
            self._make(step, pin, spot, seen.state)
        elif there:
            self._leave(step, pin, seen)
        elif self._is_halfway(spot, pin, seen.state):
            self._make(step, pin, spot, seen.state)
        else:
            raise _drifted(spot, pin, seen.state)

    def _leave(self, step: Step, pin: Pinned, seen: Seen) -> None:
        """Leave what is as it is to be; that AWS gave up on it is not how it is to be."""
        if seen.failure:
            raise FailedError(seen.failure)
        change = pin.change
        self._place.journal.write(WasSo(step.id, change.kind, change.key, change.region))

    def _make(self, step: Step, pin: Pinned, spot: Spot, now: State) -> None:
        journal, change = self._place.journal, pin.change
        number = journal.intends(
            Intent(
                step=step.id,
                kind=change.kind,
                key=change.key,
                region=change.region,
                about=change.about,
                before=pin.before,
                after=pin.after,
            )
        )
        try:
            _brought(spot, now, pin.after)
        except MlauditError as error:
            journal.write(Failed(number, str(error)))
            raise
        journal.write(Did(number))

    def _spot(self, pin: Pinned) -> Spot:
        return self._place.spot(pin.change.kind, pin.change.key, pin.change.region)

    def _is_there(self, spot: Spot, pin: Pinned, now: State) -> bool:
        """Whether it is as it is to be, or as a later change leaves it."""
        left = self._course[thing_changed(pin)]
        found = any(spot.setting.are_equal(now, each.after) for each in left)
        left.pop(0)  # each change of a thing comes here once, in its order
        return found

    def _is_halfway(self, spot: Spot, pin: Pinned, now: State) -> bool:
        """Whether an earlier try of the same change ended before it was all made."""
        ours = thing_changed(pin) in self._under_way
        return ours and is_between(spot.setting, now, pin.before, pin.after)


def _brought(spot: Spot, now: State, goal: State) -> None:
    found = spot.bring(now, goal)
    if not spot.setting.are_equal(found, goal):
        raise FailedError(
            f"AWS accepted the change of {spot.words}, and it is not as it should be: "
            f"{spot.tells_apart(goal, found)}."
        )


def _under_way(journal: Journal) -> frozenset[Thing]:
    """What the journal began to change and does not say that it did."""
    return frozenset(
        thing_of(each.kind, each.region, each.key)
        for each in journal.intents
        if not isinstance(journal.outcome(each.number), Did)
    )


def _left(steps: Iterable[Step], journal: Journal) -> list[Step]:
    """The steps that are not done, without the changes that are."""
    done = {each.step for each in journal.entries if isinstance(each, StepDone)}
    return [
        replace(each, pinned=each.pinned[_made(each, journal) :])
        for each in steps
        if not each.waits and (each.pinned or each.stack) and each.id not in done
    ]


def _made(step: Step, journal: Journal) -> int:
    """How many changes of a step are done: they are made in their order, and each once."""
    kinds = {each.change.kind for each in step.pinned}
    done: list[Intent | WasSo] = [each for each in journal.entries if isinstance(each, WasSo)]
    done += [each for each in journal.intents if isinstance(journal.outcome(each.number), Did)]
    return sum(each.step == step.id and each.kind in kinds for each in done)


def _refuse_taken_back(journal: Journal) -> None:
    if any(isinstance(each, Began) and each.what == "undo" for each in journal.entries):
        raise MlauditError(
            f"The remediation {journal.run} was taken back, or begun to be. Plan again."
        )


def _drifted(spot: Spot, pin: Pinned, now: State) -> DriftedError:
    return DriftedError(
        f"The {spot.words} in {pin.change.region} has changed since the plan was made: "
        f"{spot.tells_apart(pin.before, now)}. Scan and plan again."
    )


def _what_now(journal: Journal) -> str:
    if not journal.intents:
        return "Nothing was changed."
    return (
        "What was done until then stays. Go on with `mlaudit remediate --resume "
        f"{journal.run}`, or take it back with `mlaudit remediate --undo {journal.run}`."
    )


def _count(entries: Iterable[Entry], kind: type[Entry]) -> int:
    return sum(isinstance(each, kind) for each in entries)
