"""What stopping halfway leaves, and what only somebody else can have written."""

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.remediate.change import Change, Pinned, State
from mlaudit.remediate.course import courses, differences, is_between, thing_of
from mlaudit.remediate.setting import Setting

ANY = Setting("any", "anything", (), (), lambda *_: None, lambda *_: [], lambda *_: "")
ONE, TWO, THREE = ({"Key": key, "Value": ""} for key in "abc")
OLD: dict[str, Any] = {"a": 1, "b": {"c": 1, "d": 1}, "t": [ONE]}
NEW: dict[str, Any] = {"a": 2, "b": {"c": 2, "d": 2}, "t": [ONE, TWO, THREE]}

BETWEEN: list[tuple[State, State, State]] = [
    (OLD, OLD, NEW),
    (NEW, OLD, NEW),
    ({**OLD, "a": 2}, OLD, NEW),
    ({**OLD, "b": {"c": 2, "d": 1}}, OLD, NEW),
    ({**NEW, "t": [ONE, TWO]}, OLD, NEW),
    (None, None, NEW),
    ({}, None, NEW),
    ({"a": 2}, None, NEW),
    ({"t": [ONE]}, None, NEW),
    ({"b": {"c": 1}}, OLD, None),
    (None, OLD, None),
]
OTHERS: list[tuple[State, State, State]] = [
    (None, OLD, NEW),
    ({**OLD, "a": 3}, OLD, NEW),
    ({**OLD, "e": 1}, OLD, NEW),
    ({"b": OLD["b"], "t": []}, OLD, NEW),
    ({**OLD, "b": {"c": 3, "d": 1}}, OLD, NEW),
    ({**OLD, "b": 7}, OLD, NEW),
    ({**NEW, "t": [ONE, {"Key": "z", "Value": ""}]}, OLD, NEW),
    ({**NEW, "t": [TWO]}, OLD, NEW),
    ({"a": 3}, None, NEW),
    ({"e": 1}, OLD, None),
]


@pytest.mark.parametrize(("now", "one", "other"), BETWEEN)
def test_a_mix_of_both_can_have_been_left(now: State, one: State, other: State) -> None:
    assert is_between(ANY, now, one, other)
    assert is_between(ANY, now, other, one)


@pytest.mark.parametrize(("now", "one", "other"), OTHERS)
def test_what_is_in_neither_was_written_by_another(now: State, one: State, other: State) -> None:
    assert not is_between(ANY, now, one, other)
    assert not is_between(ANY, now, other, one)


def test_what_is_ignored_tells_nothing() -> None:
    assert is_between(replace(ANY, ignores=("a",)), {**OLD, "a": 3}, OLD, NEW)


def test_what_is_the_same_by_default_tells_nothing() -> None:
    setting = replace(ANY, defaults={"e": False}, documents=("text",))
    assert is_between(setting, {**OLD, "e": False}, OLD, NEW)
    assert is_between(setting, {"text": '{"a": 1}'}, {"text": '{"a":1}'}, {"text": "{}"})


WORDS: list[tuple[State, State, str]] = [
    (None, {}, "it was not there, and is now"),
    ({}, None, "it was there, and is gone"),
    ({"days": 30, "a": 1}, {"days": 14, "a": 1}, "days: 30, now 14"),
    ({"days": 30}, {"a": "x"}, 'a: not set, now "x"; days: 30, now not set'),
    ({"a": ""}, {"a": "x" * 99}, f'a: "", now "{"x" * 79}…'),
]


@pytest.mark.parametrize(("one", "other", "words"), WORDS)
def test_differences_are_said(one: State, other: State, words: str) -> None:
    assert differences(one, other) == words


def test_changes_of_one_thing_are_found_together() -> None:
    first, other, second = (
        Pinned(Change("any", {"a": name, "b": ""}, "r", "arn", about, {}), None, {})
        for name, about in (("x", "1"), ("y", "2"), ("x", "3"))
    )
    assert courses([first, other, second]) == {
        thing_of("any", "r", {"b": "", "a": "x"}): [first, second],
        thing_of("any", "r", {"a": "y", "b": ""}): [other],
    }
