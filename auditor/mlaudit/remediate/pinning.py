"""Pinning a plan: what is there now, what will be there, and who else would change it back.

A plan is pinned as a whole or not at all. What cannot be read is neither as wanted nor missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from mlaudit.errors import MlauditError
from mlaudit.model import GapReason
from mlaudit.remediate.change import Ask, Change, Key, Pinned, RefusedError, State, merged
from mlaudit.remediate.course import Thing, courses, thing_changed, thing_of
from mlaudit.remediate.hands import Declared, Settings, reason_of_refusal, setting_of
from mlaudit.remediate.managers import LOOKING, Managers
from mlaudit.remediate.plan import LeftAlone, Step


class UnpinnableError(MlauditError):
    """What is there now cannot be told, so nothing may be changed."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A thing that is no longer as it was when the plan was made.

    Attributes:
        pinned: The change of it.
        now: What is there.
    """

    pinned: Pinned
    now: State


@dataclass(frozen=True, slots=True)
class Eyes:
    """What one looks with.

    Attributes:
        settings: Every kind of setting.
        ask: Makes calls in a region.
        account: The account.
        ours: The names of the stacks that mlaudit deploys.
        adopt: Whether to change what something else manages.
    """

    settings: Settings
    ask: Callable[[str], Ask]
    account: str
    ours: Collection[str] = ()
    adopt: bool = False

    def read(self, kind: str, region: str, key: Key) -> State:
        """What is there now.

        Raises:
            UnpinnableError: It cannot be read; the message names what has to be allowed.
        """
        setting = setting_of(kind, self.settings)
        try:
            return setting.read(key, self.ask(region))
        except RefusedError as error:
            what = f"{setting.title} {' '.join(key.values())}"
            raise _not_seen(f"The {what} in {region}", Declared(setting.reads), error) from error


@dataclass(frozen=True, slots=True)
class Pins:
    """What became of some changes; what is so already is in neither.

    Attributes:
        pinned: What is to be done.
        left_alone: What is left to what manages it.
    """

    pinned: tuple[Pinned, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()


def operations_to_pin(changes: Iterable[Change], settings: Settings) -> Declared:
    """What pinning some changes may call; nothing of it writes.

    Raises:
        MlauditError: A change is of a kind that this version does not know.
    """
    whole = LOOKING
    for each in changes:
        whole += Declared(setting_of(each.kind, settings).reads)
    return whole


def pinned(changes: Iterable[Change], eyes: Eyes) -> Pins:
    """Look at what is there, and tell what is to be done.

    Raises:
        UnpinnableError: Something cannot be read.
    """
    some = tuple(changes)
    return _Pinner(eyes, some).pins(some)


def pinned_steps(steps: Iterable[Step], eyes: Eyes) -> tuple[Step, ...]:
    """The steps with what is there now, without those that have nothing left to do.

    A change of what an earlier one changes rests on what that one leaves. A step that waits is kept
    as it is: what it will find is not known yet.

    Raises:
        UnpinnableError: Something cannot be read.
    """
    planned = tuple(steps)
    looked_at = [each for each in planned if each.changes and not each.waits]
    pinner = _Pinner(eyes, tuple(change for each in looked_at for change in each.changes))
    found = []
    for step in planned:
        if step not in looked_at:
            found.append(step)
            continue
        pins = pinner.pins(step.changes)
        if pins.pinned or pins.left_alone or step.stack or step.files:
            found.append(replace(step, pinned=pins.pinned, left_alone=pins.left_alone))
    return tuple(found)


def drifted(
    changes: Iterable[Pinned], eyes: Eyes, under_way: Collection[Thing] = ()
) -> tuple[Drift, ...]:
    """The changes that can no longer be made as planned, since what they change is otherwise.

    What is on its course already, since some of its changes were made, has not drifted.

    Args:
        changes: All changes of a plan, in their order.
        eyes: What one looks with.
        under_way: What may be anywhere, since it is being changed.

    Raises:
        UnpinnableError: Something cannot be read.
    """
    found = []
    for thing, course in courses(changes).items():
        if thing in under_way:
            continue
        first = course[0]
        now = eyes.read(first.change.kind, first.change.region, first.change.key)
        setting = setting_of(first.change.kind, eyes.settings)
        states = (first.before, *(each.after for each in course))
        if not any(setting.are_equal(now, each) for each in states):
            found.append(Drift(first, now))
    return tuple(found)


class _Pinner:
    """Pins changes one after the other, each on what those before it leave."""

    def __init__(self, eyes: Eyes, changes: tuple[Change, ...]) -> None:
        self._eyes = eyes
        self._left: dict[Thing, State] = {}
        self._managers = Managers(eyes.ask, eyes.ours)
        arns: dict[str, list[str]] = {}
        for each in changes:
            arns.setdefault(each.region, []).extend(self._arns(each))
        for region, some in arns.items():
            self._look(region, some)

    def pins(self, changes: Iterable[Change]) -> Pins:
        pinned, left_alone = [], []
        for each in changes:
            before, after = self._states(each)
            if setting_of(each.kind, self._eyes.settings).are_equal(before, after):
                continue
            manager = self._managers.of(each.region, self._arns(each), before)
            if manager and not self._eyes.adopt:
                left_alone.append(LeftAlone(each, manager))
                continue
            pin = Pinned(each, before, after, manager)
            self._left[thing_changed(pin)] = after
            pinned.append(pin)
        return Pins(tuple(pinned), tuple(left_alone))

    def _states(self, change: Change) -> tuple[State, State]:
        before = self._state(change, change.key)
        if change.patch is None:
            return before, None
        start = before
        if before is None and change.like is not None:
            start = self._state(change, change.like)
            if start is None:
                raise UnpinnableError(
                    f"{' '.join(change.key.values())} was to be made like "
                    f"{' '.join(change.like.values())}, which is gone. Scan and plan again."
                )
        return before, _as_json(merged(start, change.patch))

    def _state(self, change: Change, key: Key) -> State:
        thing = thing_of(change.kind, change.region, key)
        if thing not in self._left:
            self._left[thing] = _as_json(self._eyes.read(change.kind, change.region, key))
        return self._left[thing]

    def _arns(self, change: Change) -> list[str]:
        """What it changes and what for, as far as each has an ARN of its own."""
        setting = setting_of(change.kind, self._eyes.settings)
        own = setting.arn(change.key, self._eyes.account, change.region)
        return [arn for arn in (own.removesuffix("*"), change.scope) if _is_one(arn)]

    def _look(self, region: str, arns: Iterable[str]) -> None:
        try:
            self._managers.look(region, arns)
        except RefusedError as error:
            raise _not_seen(f"Who manages what in {region}", LOOKING, error) from error


def _as_json(state: State) -> State:
    """The same as a plan file will give it back, so that both compare equal."""
    found: State = json.loads(json.dumps(state))
    return found


def _is_one(arn: str) -> bool:
    return arn.startswith("arn:") and "*" not in arn


def _not_seen(what: str, declared: Declared, error: RefusedError) -> UnpinnableError:
    asked = (error.service, error.operation)
    actions = [each.iam_action for each in declared.reads if (each.service, each.name) == asked]
    allow = f"Allow {actions[0]}, and plan again." if actions else "Plan again."
    if reason_of_refusal(error) is not GapReason.DENIED:
        allow = "Plan again once it can be."
    return UnpinnableError(f"{what} cannot be read, so nothing is changed: {error}. {allow}")
