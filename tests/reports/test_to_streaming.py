"""What stands between a workload and streaming, in the order in which to remove it."""

from dataclasses import replace

from mlaudit import denials
from mlaudit.audit import Audit, Outcome, WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.model import Gap, GapReason, Status
from mlaudit_reports import to_streaming

UNREAD = Gap.unread("s3:GetObject", "eu-west-1", "CodeNotRead", "arn:x")
NO_CHECKOUT = Gap("probe", "global", "NoRepository", GapReason.NO_CHECKOUT)


def _with(audit: Audit, *gaps: Gap, item: str = "6.1") -> WorkloadAudit:
    workload = audit.workloads[0]
    items = tuple(replace(e, gaps=gaps) if e.id == item else e for e in workload.items)
    return replace(workload, items=items)


def test_what_nothing_makes_up_for_comes_first_then_the_least_effort(audit: Audit) -> None:
    steps = to_streaming.steps(audit.workloads[0], audit)
    assert [(each.item, each.required, each.effort) for each in steps] == [
        ("6.1", True, "let it be seen"),
        ("6.errors", True, "a person tells"),
        ("6.notification", True, "build it"),
        ("1.2", False, "a person tells"),
        ("1.3", False, "finish it"),
    ]


def test_it_is_what_the_gate_itself_says_in_its_order(audit: Audit) -> None:
    known = catalogue()
    groups = tuple(tuple(sorted(group)) for group in known.any_of)
    told = replace(audit, rules=replace(audit.rules, any_of=groups))
    for needed in (3, 8, 20):
        workload = told.workloads[0]
        gate = replace(workload.gates["streaming"], needed=needed)
        workload = replace(workload, gates={"streaming": gate})
        counting = [each for each in workload.items if each.id != known.streaming_item]
        denied = sorted(denials.of_workload(counting, gate, known, told), key=denials.by_effort)
        steps = to_streaming.steps(workload, told)
        assert [(each.item, each.required) for each in steps] == [
            (each.item, each.required) for each in denied
        ]


def test_an_open_gate_asks_nothing(audit: Audit) -> None:
    assert audit.workloads[1].gates["streaming"].outcome is Outcome.OPEN
    assert to_streaming.steps(audit.workloads[1], audit) == ()


def test_a_workload_without_the_gate_is_asked_nothing(audit: Audit) -> None:
    assert to_streaming.steps(replace(audit.workloads[0], gates={}), audit) == ()


def test_with_enough_complete_items_only_the_floor_is_asked_for(audit: Audit) -> None:
    workload = audit.workloads[0]
    gate = replace(workload.gates["streaming"], complete=8)
    steps = to_streaming.steps(replace(workload, gates={"streaming": gate}), audit)
    assert {each.item for each in steps} == {"6.1", "6.errors", "6.notification"}


def test_what_another_item_of_its_group_covers_is_not_asked_for(audit: Audit) -> None:
    grouped = replace(audit, rules=replace(audit.rules, any_of=(("1.3", "7.4"),)))
    items = [each.item for each in to_streaming.steps(audit.workloads[0], grouped)]
    assert "1.3" not in items
    assert "1.2" in items


def test_with_too_few_what_does_not_apply_is_asked_for_too(audit: Audit) -> None:
    workload = audit.workloads[0]
    gate = replace(workload.gates["streaming"], needed=20)
    asked = to_streaming.steps(replace(workload, gates={"streaming": gate}), audit)
    applies = next(each for each in asked if each.item == "7.5")
    assert (applies.effort, applies.required) == ("build it", False)


def test_a_permission_that_is_wanting_is_named(audit: Audit) -> None:
    step = to_streaming.steps(audit.workloads[0], audit)[0]
    assert step.do == "Allow s3:GetBucketVersioning."


def test_what_a_person_can_tell_may_be_attested(audit: Audit) -> None:
    step = to_streaming.steps(_with(audit, UNREAD), audit)[0]
    assert step.effort == "a person tells"
    assert step.do.startswith("Where it is done: mlaudit attest 6.1. Where it is not: Set a canary")


def test_a_checkout_is_given_sooner_than_a_word(audit: Audit) -> None:
    step = to_streaming.steps(_with(audit, NO_CHECKOUT), audit)[0]
    assert step.effort == "let it be seen"
    assert "Give" in step.do or "give the checkout of its code with --repo" in step.do


def test_every_step_is_an_item_that_is_not_complete(audit: Audit) -> None:
    status = {each.id: each.status for each in audit.workloads[0].items}
    steps = to_streaming.steps(audit.workloads[0], audit)
    assert all(status[each.item] is not Status.PASS for each in steps)
