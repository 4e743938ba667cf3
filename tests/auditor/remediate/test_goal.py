"""What a goal asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlaudit.audit import Audit, ItemResult
from mlaudit.catalog import catalogue
from mlaudit.errors import MlauditError
from mlaudit.judge import judge
from mlaudit.model import Status
from mlaudit.remediate.goal import Goal, chosen, wanted
from mlaudit.testing import serving, snapshot
from mlaudit.thresholds import Target

COMPLETE = {Status.PASS, Status.NOT_APPLICABLE}


@pytest.fixture(scope="module")
def audit() -> Audit:
    tags = ({"mlaudit:workload": name} for name in ("fraud", "churn"))
    resources = [
        each
        for name, own in zip(("f", "c"), tags, strict=True)
        for each in serving(name, endpoint={"tags": own})
    ]
    return judge(snapshot(*resources), catalogue())


def ids_of(goal: Goal, audit: Audit) -> set[str]:
    (workload,) = chosen(goal, audit)
    return set(wanted(goal, audit, workload))


def test_without_a_name_it_is_about_all_workloads(audit: Audit) -> None:
    assert [each.name for each in chosen(Goal(), audit)] == ["churn", "fraud"]
    assert [each.name for each in chosen(Goal(("fraud",)), audit)] == ["fraud"]


def test_without_more_it_asks_for_all_that_is_not_complete(audit: Audit) -> None:
    (workload,) = chosen(Goal(("fraud",)), audit)
    open_ = {each.id for each in workload.items if each.status not in COMPLETE}
    assert ids_of(Goal(("fraud",)), audit) == open_


@pytest.mark.parametrize("target", list(Target))
def test_a_gate_asks_for_all_and_for_itself_where_it_is_about_streams(
    target: Target, audit: Audit
) -> None:
    (workload,) = (each for each in audit.workloads if each.name == "fraud")
    open_ = replace(workload, items=tuple(_opened(each) for each in workload.items))
    left_out = set() if target is Target.STREAMING else {"4.6"}
    every = {each.id for each in workload.items}
    assert set(wanted(Goal(("fraud",), target), audit, open_)) == every - left_out


def _opened(item: ItemResult) -> ItemResult:
    return replace(item, status=Status.FAIL)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (Goal(("fraud",), items=("6.lat*", "7.3")), {"6.latency", "7.3"}),
        (Goal(("fraud",), items=("9.*",)), {"9.1", "9.2", "9.3", "9.4", "9.5"}),
        (Goal(("fraud",), level="initial"), {"2.1", "2.2", "2.3"}),
        (Goal(("fraud",), level="Initial", items=("7.3",)), {"2.1", "2.2", "2.3", "7.3"}),
    ],
)
def test_it_asks_for_the_items_it_names(goal: Goal, expected: set[str], audit: Audit) -> None:
    (workload,) = chosen(goal, audit)
    open_ = {each.id for each in workload.items if each.status not in COMPLETE}
    assert ids_of(goal, audit) == expected & open_


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (Goal(("fraud",)), set()),
        (Goal(("fraud",), Target.REALTIME), set()),
        (Goal(("fraud",), items=("7.5",)), {"7.5"}),
        (Goal(("fraud",), items=("7.*",)), {"7.5", "7.6", "7.7"}),
    ],
)
def test_where_one_way_is_enough_the_others_are_wanted_by_name(
    goal: Goal, expected: set[str], audit: Audit
) -> None:
    (workload,) = (each for each in audit.workloads if each.name == "fraud")
    items = tuple(
        replace(each, status=Status.PASS) if each.id == "7.4" else _opened(each)
        for each in workload.items
    )
    found = set(wanted(goal, audit, replace(workload, items=items)))
    assert found & {"7.4", "7.5", "7.6", "7.7"} == expected


def test_a_level_asks_for_those_below_it_too(audit: Audit) -> None:
    lower, higher = (
        ids_of(Goal(("fraud",), level=name), audit) for name in ("initial", "reliable")
    )
    assert lower < higher
    assert {"6.latency", "7.3"} <= higher


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (Goal(("frud",)), "no workload 'frud'.*There are: churn, fraud"),
        (Goal(items=("6.x",)), "No item of the checklist is called '6.x'"),
        (Goal(level="Best"), "no maturity level 'Best'.*Initial, Repeatable"),
    ],
)
def test_what_is_not_there_is_said(goal: Goal, message: str, audit: Audit) -> None:
    with pytest.raises(MlauditError, match=message):
        chosen(goal, audit)
