"""Which fix is planned for which item, in which order, and what is left to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.audit import WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.judge import Settings, judge
from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Disposition, Fix, Kind, Sight
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.plan import ForAPerson, Plan, Step
from mlaudit.remediate.planning import USUAL, Means, Offer, Planner, Wish, ordered
from mlaudit.resources import Endpoint
from mlaudit.snapshot import Snapshot
from mlaudit.testing import serving, snapshot

SAFE, REVIEW, DISRUPTIVE = Disposition
SEEN = snapshot(
    *serving("f", endpoint={"tags": {"mlaudit:workload": "fraud"}}),
    *serving("c", endpoint={"tags": {"mlaudit:workload": "churn"}}),
)


def changes(sight: Sight) -> Iterator[Change]:
    """One for each endpoint."""
    for each in sight.view.items(Endpoint):
        key = {"logGroupName": f"/aws/sagemaker/Endpoints/{each.name}"}
        yield Change("logs.group", key, each.region, each.arn, "keep the logs", {})


def nothing(_: Sight) -> Iterator[Change]:
    yield from ()


def fix(id_: str, *items: str, **more: Any) -> Fix:
    said = {"risk": "r", "back": "b", "not_proven": "n", "exercise": "e", "title": id_}
    usual: Mapping[str, Any] = {"disposition": SAFE, "effort": 10, "plan": changes, **said}
    return Fix(id=id_, items=items, **{**usual, **more})


def planned(
    *fixes: Fix,
    goal: Goal = Goal(("fraud",)),  # noqa: B008 - it is frozen
    dispositions: frozenset[Disposition] = USUAL,
    seen: Snapshot = SEEN,
    **means: Any,
) -> Plan:
    audit = judge(seen, catalogue())
    price = means.pop("price", lambda _change, _sight: Bill(idle=Amount(1.0)))
    return Planner(
        audit,
        seen,
        Settings(),
        Wish(goal, dispositions=dispositions),
        Means(fixes, means.pop("people", {}), price, **means),
    ).plan()


def names(plan: Plan) -> list[str]:
    return [each.fix for each in plan.steps]


def test_a_fix_is_planned_for_the_items_that_are_wanted_and_open() -> None:
    (step,) = planned(fix("alarms", "6.latency", "6.errors", "4.5")).steps
    audit = judge(SEEN, catalogue())
    (workload,) = (each for each in audit.workloads if each.name == "fraud")
    open_ = {each.id for each in workload.items if each.status.value in {"fail", "partial"}}
    assert set(step.items) == {"6.latency", "6.errors", "4.5"} & open_
    assert (step.id, step.workload, step.kind) == ("01", "fraud", Kind.SETTING)
    assert [each.key["logGroupName"] for each in step.changes] == ["/aws/sagemaker/Endpoints/f"]
    assert step.bill.idle.usd == 1.0


@pytest.mark.parametrize(
    ("one", "goal", "expected"),
    [
        (fix("none", "6.latency", plan=nothing), Goal(("fraud",)), []),
        (fix("other", "7.3"), Goal(("fraud",), items=("6.*",)), []),
        (fix("all", "6.latency"), Goal(), ["churn", "fraud"]),
        (fix("shared", "9.2", platform=True), Goal(("fraud",)), ["*"]),
        (fix("shared", "9.2"), Goal(("fraud",)), []),
        (fix("own", "6.latency", platform=True), Goal(("fraud",)), []),
    ],
)
def test_it_is_planned_where_it_belongs(one: Fix, goal: Goal, expected: list[str]) -> None:
    assert sorted(each.workload for each in planned(one, goal=goal).steps) == expected


def test_what_disrupts_is_planned_only_when_asked_for() -> None:
    one = fix("cut", "6.latency", disposition=DISRUPTIVE)
    assert names(planned(one)) == []
    assert names(planned(one, dispositions=frozenset(Disposition))) == ["cut"]


def block(id_: str, items: int, minutes: int, usd_a_month: float | None, **more: Any) -> Step:
    amount = Amount(0, ("it",)) if usd_a_month is None else Amount(usd_a_month)
    usual: Mapping[str, Any] = {"disposition": SAFE, "kind": Kind.SETTING, "workload": "fraud"}
    said = dict.fromkeys(("title", "risk", "back", "not_proven", "exercise"), "")
    return Step(
        **{
            **usual,
            **said,
            "id": "",
            "fix": id_,
            "items": tuple(str(number) for number in range(items)),
            "effort": minutes,
            "bill": Bill(idle=amount),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([block("slow", 1, 60, 0), block("quick", 1, 5, 0)], ["quick", "slow"]),
        ([block("dear", 1, 5, 200), block("cheap", 1, 5, 1)], ["cheap", "dear"]),
        ([block("little", 1, 10, 0), block("much", 4, 10, 0)], ["much", "little"]),
        ([block("unknown", 9, 1, None), block("known", 1, 60, 0)], ["known", "unknown"]),
        ([block("waits", 9, 1, 0, waits="a"), block("ready", 1, 60, 0)], ["ready", "waits"]),
        (
            [block("ends", 9, 1, 0, disposition=DISRUPTIVE), block("w", 1, 60, 0, waits="a")],
            ["w", "ends"],
        ),
        ([block("roof", 9, 1, 0, after=("wall",)), block("wall", 1, 60, 0)], ["wall", "roof"]),
        ([block("one", 1, 1, 0, after=("two",)), block("two", 1, 1, 0, after=("one",))], None),
    ],
)
def test_the_order_is_items_for_effort_and_dollars(
    blocks: list[Step], expected: list[str] | None
) -> None:
    found = [each.fix for each in ordered([(each,) for each in blocks])]
    assert found == expected if expected else sorted(found) == ["one", "two"]


def test_steps_that_rest_on_each_other_stay_together() -> None:
    stacks = (block("base", 0, 30, 0), block("top", 6, 30, 0))
    quick, slow = block("quick", 2, 10, 0), block("slow", 1, 60, 0)
    found = [each.fix for each in ordered([(slow,), stacks, (quick,)])]
    assert found == ["quick", "base", "top", "slow"]


def offered(workload: WorkloadAudit, items: frozenset[str]) -> Offer:
    step = block("training", 0, 30, 0, kind=Kind.CAPABILITY, workload=workload.name)
    reached = tuple(sorted(items & {"2.3", "3.1"}))
    told = ForAPerson("4.1", workload.name, "one machine trains", "", attest=False)
    return Offer((replace(step, items=reached),), (told,), {"ref/t.yaml": b"{}"})


def test_what_is_offered_is_planned_and_its_files_come_with_it() -> None:
    plan = planned(fix("alarms", "6.latency"), offers=offered)
    assert names(plan) == ["alarms", "training"]
    assert plan.files == {"ref/t.yaml": b"{}"}
    promised = {each.item: each.used for each in plan.promises}
    assert promised == {"3.1": True, "6.latency": False}


def test_nothing_is_deployed_for_what_a_setting_mends() -> None:
    asked: list[frozenset[str]] = []

    def asking(_: WorkloadAudit, items: frozenset[str]) -> Offer:
        asked.append(items)
        return Offer()

    goal = Goal(("fraud",), items=("6.latency", "6.errors", "3.1"))
    planned(fix("alarms", "6.latency", "6.errors"), goal=goal, offers=asking)
    planned(fix("alarms", "6.latency", "6.errors", plan=nothing), goal=goal, offers=asking)
    assert asked == [{"3.1"}, {"3.1", "6.latency", "6.errors"}]


def test_what_waits_promises_nothing() -> None:
    def waiting(workload: WorkloadAudit, items: frozenset[str]) -> Offer:
        found = offered(workload, items)
        return replace(found, steps=tuple(replace(each, waits="a run") for each in found.steps))

    assert [each.item for each in planned(offers=waiting).promises] == []


def test_what_no_fix_helps_is_for_people_with_the_closest_reason() -> None:
    plan = planned(
        fix("alarms", "6.latency"), people={"5.1": "only your code shows it"}, offers=offered
    )
    told = {each.item: each for each in plan.people}
    steps = {each.id: each.next_step for each in judge(SEEN, catalogue()).catalogue}
    assert "6.latency" not in told
    assert told["5.1"] == ForAPerson(
        "5.1", "fraud", "only your code shows it", steps["5.1"], attest=True
    )
    assert told["4.1"].why == "one machine trains"
    assert told["9.2"].workload == "*"
    assert not told["7.3"].attest


def test_the_same_again_gives_the_same_plan() -> None:
    fixes = (fix("alarms", "6.latency"), fix("logs", "4.11"))
    assert planned(*fixes) == planned(*fixes)


def test_a_file_promises_nothing_and_leaves_its_items_to_people() -> None:
    files = replace(block("tests", 1, 60, 0, kind=Kind.FILES), items=("5.5",))
    plan = planned(
        goal=Goal(("fraud",), items=("5.5",)), offers=lambda _workload, _items: Offer((files,))
    )
    assert names(plan) == ["tests"]
    assert plan.promises == ()
    assert [each.item for each in plan.people] == ["5.5"]
