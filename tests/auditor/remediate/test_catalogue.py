"""What the check pack tells of fixes, and that nothing of it is wrong without a word."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from mlaudit.catalog import CatalogueError
from mlaudit.remediate.catalogue import fixes, people, understood
from mlaudit.remediate.fixes import PLANNERS

TEXTS = {
    "title": "Do it",
    "items": ["4.11"],
    "disposition": "safe",
    "risk": "None is known.",
    "back": "Undo it.",
    "not_proven": "",
    "exercise": "Use it.",
    "effort": 5,
}
WHOLE: dict[str, Any] = {
    "fixes": [{"id": id_, **TEXTS} for id_ in PLANNERS],
    "people": {"5.1": "Nobody sees a laptop."},
}


def with_first(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda told: told["fixes"][0].update(values)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a planner without a text": (lambda told: told["fixes"].pop(), "Planners without"),
    "a text without a planner": (
        lambda told: told["fixes"].append({"id": "other", **TEXTS}),
        "Fixes without a planner: other",
    ),
    "a fix told twice": (lambda told: told["fixes"].append(told["fixes"][0]), "described twice"),
    "an item that is not there": (with_first(items=["99.1"]), "not in the checklist: 99.1"),
    "people for no item": (
        lambda told: told["people"].update({"99.2": "Why not."}),
        "not in the checklist: 99.2",
    ),
    "no item": (with_first(items=[]), "fixes.0.items"),
    "no risk": (with_first(risk=" "), "fixes.0.risk"),
    "no reason": (lambda told: told["people"].update({"5.1": ""}), "people.5.1"),
    "no disposition that is known": (with_first(disposition="easy"), "fixes.0.disposition"),
    "no effort": (with_first(effort=0), "fixes.0.effort"),
    "a word that is not known": (with_first(cost=1), "fixes.0.cost"),
    "a fix to come after that is not there": (with_first(after=["other"]), "build on: other"),
    "a field left out": (lambda told: told["fixes"][0].pop("back"), "fixes.0.back"),
    "a section left out": (lambda told: told.pop("people"), "people"),
}


def test_what_is_whole_is_understood() -> None:
    told = understood(deepcopy(WHOLE))
    assert [each.id for each in told.fixes] == list(PLANNERS)


@pytest.mark.parametrize(("spoil", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(spoil: Callable[[dict[str, Any]], object], said: str) -> None:
    told = deepcopy(WHOLE)
    spoil(told)
    with pytest.raises(CatalogueError, match=said):
        understood(told)


def test_the_bundled_fixes_plan_what_they_tell() -> None:
    assert {each.id: each.plan for each in fixes()} == dict(PLANNERS)


def test_no_item_is_left_to_people_that_a_fix_helps() -> None:
    helped = {item for each in fixes() for item in each.items}
    assert people()
    assert helped.isdisjoint(people())
    assert all(why.endswith(".") and why.count(". ") == 0 for why in people().values())
