"""The course of one thing through a run: what it is before, between and after its changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mlaudit.remediate.change import Key, Pinned, State
from mlaudit.remediate.setting import Setting

Thing = tuple[str, str, tuple[tuple[str, str], ...]]
"""What tells one thing from all others: its kind, its region and its key."""

_NOTHING = object()
_LONGEST = 80


def thing_of(kind: str, region: str, key: Key) -> Thing:
    """What is changed, as a value to look it up by."""
    return kind, region, tuple(sorted(key.items()))


def thing_changed(pinned: Pinned) -> Thing:
    """What a change is about."""
    return thing_of(pinned.change.kind, pinned.change.region, pinned.change.key)


def courses(pinned: Iterable[Pinned]) -> dict[Thing, list[Pinned]]:
    """The changes of each thing, in their order."""
    found: dict[Thing, list[Pinned]] = {}
    for each in pinned:
        found.setdefault(thing_changed(each), []).append(each)
    return found


def is_between(setting: Setting, now: State, one: State, other: State) -> bool:
    """Whether stopping halfway from one state to the other can have left this one.

    A change may take several calls, so each member of the state can be as in either. Whatever
    somebody else wrote is in neither.
    """
    if now is None:
        return one is None or other is None
    return _is_mix(*(setting.compared(each) or {} for each in (now, one, other)))


def differences(one: State, other: State) -> str:
    """What tells two states apart, in words: ``retentionInDays: 30, now 14``."""
    if one is None or other is None:
        return "it was not there, and is now" if one is None else "it was there, and is gone"
    names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    return "; ".join(f"{name}: {_short(one, name)}, now {_short(other, name)}" for name in names)


def _is_mix(now: Any, one: Any, other: Any) -> bool:
    if now in (one, other):
        return True
    states = (now, one, other)
    if all(each is _NOTHING or isinstance(each, Mapping) for each in states):
        return _is_mix_of_members(*({} if each is _NOTHING else each for each in states))
    if all(each is _NOTHING or isinstance(each, list) for each in states):
        return _is_mix_of_elements(*([] if each is _NOTHING else each for each in states))
    return False


def _is_mix_of_members(*maps: Mapping[str, Any]) -> bool:
    names = {name for each in maps for name in each}
    return all(_is_mix(*(each.get(name, _NOTHING) for each in maps)) for name in names)


def _is_mix_of_elements(now: list[Any], one: list[Any], other: list[Any]) -> bool:
    return all(each in one or each in other for each in now) and all(
        each in now for each in one if each in other
    )


def _short(state: Mapping[str, Any], name: str) -> str:
    if name not in state:
        return "not set"
    text = json.dumps(state[name], sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
