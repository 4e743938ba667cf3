"""Which maturity level the results of items amount to."""

from typing import Any

import pytest

from mlaudit.audit import ItemResult, Scope
from mlaudit.catalog import Ladder, Level, catalogue
from mlaudit.levels import level_on
from mlaudit.model import Status, Strength
from mlaudit.standing import LevelReached

LADDER = Ladder(
    id="levels",
    title="Levels",
    source="somebody",
    start="none",
    levels=(
        Level("low", (("1.1",), ("1.2",))),
        Level("high", (("2.1", "2.2"), ("2.3",))),
    ),
)
PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
EXEMPT, UNSEEN = Status.NOT_APPLICABLE, Status.NOT_ASSESSED
LOW = {"1.1": PASS, "1.2": PASS}


def item(id_: str, status: Status) -> ItemResult:
    return ItemResult(id_, id_, 1, Scope.WORKLOAD, status, Strength.NONE, False, "", (), ())


def reached(found: dict[str, Status], ladder: Ladder = LADDER) -> LevelReached:
    everything = {group for level in ladder.levels for each in level.requires for group in each}
    return level_on(ladder, [item(id_, found.get(id_, FAIL)) for id_ in everything])


@pytest.mark.parametrize(
    ("found", "level", "missing", "unknown"),
    [
        ({}, "none", [("1.1",), ("1.2",)], []),
        ({"1.1": PASS, "1.2": PARTIAL}, "none", [("1.2",)], []),
        ({"1.1": PASS, "1.2": UNSEEN}, "none", [("1.2",)], [("1.2",)]),
        (LOW, "low", [("2.1", "2.2"), ("2.3",)], []),
        ({**LOW, "1.1": EXEMPT}, "low", [("2.1", "2.2"), ("2.3",)], []),
        ({"2.1": PASS, "2.3": PASS, "1.1": PASS}, "none", [("1.2",)], []),
        ({**LOW, "2.2": PASS}, "low", [("2.3",)], []),
        ({**LOW, "2.1": EXEMPT, "2.3": PASS}, "low", [("2.1", "2.2")], []),
        ({**LOW, "2.1": UNSEEN, "2.3": PASS}, "low", [("2.1", "2.2")], [("2.1", "2.2")]),
        ({**LOW, "2.1": EXEMPT, "2.2": EXEMPT, "2.3": PASS}, "high", [], []),
        ({**LOW, "2.2": PASS, "2.3": PASS}, "high", [], []),
    ],
)
def test_a_level_asks_for_its_groups_and_for_all_below(
    found: dict[str, Status], level: str, missing: list[Any], unknown: list[Any]
) -> None:
    result = reached(found)
    assert result.reached == level
    assert list(result.missing) == missing
    assert list(result.unknown) == unknown
    assert result.next == {"none": "low", "low": "high", "high": None}[level]


@pytest.mark.parametrize("ladder", catalogue().ladders, ids=lambda each: each.id)
def test_the_catalogues_ladders_can_be_climbed(ladder: Ladder) -> None:
    known = catalogue()
    everything = {item.id: PASS for item in (*known.items, *known.extended)}
    assert level_on(ladder, [item(id_, PASS) for id_ in everything]).next is None
    assert level_on(ladder, [item(id_, FAIL) for id_ in everything]).reached == ladder.start


def test_the_maturity_levels_are_cumulative_and_ask_for_nothing_twice() -> None:
    maturity = catalogue().ladders[0]
    assert [level.name for level in maturity.levels] == [
        "Initial",
        "Repeatable",
        "Reliable",
        "Scalable",
    ]
    asked = [group for level in maturity.levels for group in level.requires]
    assert len(asked) == len(set(asked))
    assert ("7.4", "7.5", "7.6", "7.7") in asked
    assert {("5.10",), ("6.notification",)} <= set(asked)
