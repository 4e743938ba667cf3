"""A whole scan of the recorded account: what is found, what a denial costs, what stays out."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect.collector import Collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import collectors, collectors_of, declared_operations, operations_behind
from mlaudit.collect.run import Request, collect
from mlaudit.model import Gap, GapReason
from mlaudit.resources import KINDS, Model, RunStep, TrainingJob
from mlaudit.snapshot import Snapshot, dump_snapshot

REGION = "eu-west-1"
ANSWERED_OTHERWISE = {
    # What Search shows needs no describing, and what it does not show is listed and described.
    "sagemaker:Search",
    "sagemaker:ListPipelineExecutions",
    "sagemaker:DescribeFeatureGroup",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
}

Ask = Callable[..., Request]


def _ids(operation: Operation) -> str:
    return operation.id


ELSEWHERE = {"CatalogDatabase", "TrainingTools"}
"""Kinds that only some work makes worth reading; the tests of their collectors have such work."""


def test_every_kind_of_resource_is_found(snapshot: Snapshot) -> None:
    assert {type(each).__name__ for each in snapshot.resources} == set(KINDS) - ELSEWHERE


def test_what_a_whole_reading_cannot_see_are_two_known_contents(snapshot: Snapshot) -> None:
    assert [(gap.operation, gap.code, gap.reason) for gap in snapshot.gaps] == [
        ("lambda:ListFunctions", "EnvironmentNotReadable", GapReason.CONTENT_NOT_READ),
        ("stepfunctions:ListExecutions", "ExpressRunsAreInLogs", GapReason.CONTENT_NOT_READ),
    ]


def test_every_time_is_utc(snapshot: Snapshot) -> None:
    times = [
        value
        for each in snapshot.resources
        for name in each.__dataclass_fields__
        if isinstance(value := getattr(each, name), datetime)
    ]
    assert len(times) > 40
    assert {each.tzinfo for each in times} == {UTC}


def test_no_secret_of_the_account_is_in_the_snapshot(snapshot: Snapshot) -> None:
    assert "hunter2" not in dump_snapshot(snapshot)
    assert "4242" not in dump_snapshot(snapshot)


def test_no_secret_is_in_the_snapshot_when_everything_is_described(
    account: Any, request_for: Ask
) -> None:
    account.deny("sagemaker:Search")
    assert "hunter2" not in dump_snapshot(collect(account, request_for()))


def test_two_readings_give_equal_bytes(account: Any, request_for: Ask) -> None:
    texts = {dump_snapshot(collect(account, request_for(in_flight=n))) for n in (1, 2, 8, 24)}
    assert len(texts) == 1


def test_many_regions_are_read_with_few_workers(account: Any, request_for: Ask) -> None:
    regions = [f"eu-west-{number}" for number in range(1, 21)]
    seen = collect(account, request_for(*regions, in_flight=1))
    assert {each.region for each in seen.resources} == set(regions)
    assert len(seen.scope.collected) == len(regions) * len(collectors())


def test_a_region_named_twice_is_read_once(account: Any, request_for: Ask) -> None:
    told: list[tuple[int, int]] = []
    collect(account, request_for(REGION, REGION), lambda done, all_: told.append((done, all_)))
    assert told == [(n, len(collectors())) for n in range(1, len(collectors()) + 1)]


@pytest.mark.parametrize("operation", declared_operations(), ids=_ids)
def test_a_denied_operation_is_named_unless_another_shows_the_same(
    operation: Operation, account: Any, request_for: Ask, snapshot: Snapshot
) -> None:
    account.deny(operation.id)
    seen = collect(account, request_for())
    named = [gap for gap in seen.gaps if gap.operation == operation.id]
    if operation.id in ANSWERED_OTHERWISE:
        assert not [gap for gap in named if gap.reason is GapReason.DENIED]
        assert _arns(seen) == _arns(snapshot)
    else:
        assert GapReason.DENIED in {gap.reason for gap in named}
        assert {gap.request_id for gap in named if gap.reason is GapReason.DENIED} == {"request-1"}
    _assert_hidden_kinds_have_gaps(seen, snapshot, GapReason.DENIED)


def test_denying_both_search_and_a_listing_is_a_gap_of_the_listing(
    account: Any, request_for: Ask
) -> None:
    account.deny("sagemaker:Search")
    account.deny("sagemaker:ListModels")
    seen = collect(account, request_for())
    assert not seen.of(Model, REGION)
    assert Gap("sagemaker:ListModels", REGION, "AccessDenied", GapReason.DENIED, "request-1") in (
        seen.gaps
    )
    assert "sagemaker:Search" not in {gap.operation for gap in seen.gaps}


def test_denying_everything_finds_nothing_and_says_so(account: Any, request_for: Ask) -> None:
    for operation in declared_operations():
        account.deny(operation.id)
    seen = collect(account, request_for())
    assert seen.resources == ()
    for kind in KINDS.values():
        assert {gap.operation for gap in seen.gaps} & operations_behind(kind), kind


def test_an_empty_account_has_neither_resources_nor_gaps(nothing: Any, request_for: Ask) -> None:
    seen = collect(nothing, request_for())
    assert (seen.resources, seen.gaps) == ((), ())


def test_a_spent_budget_is_a_gap_for_all_that_was_not_asked(account: Any, request_for: Ask) -> None:
    seen = collect(account, request_for(budget=10))
    assert len(account.calls) == 10
    assert {gap.reason for gap in seen.gaps} >= {GapReason.BUDGET}


def test_calls_and_failures_are_counted(account: Any, request_for: Ask) -> None:
    account.deny("batch:DescribeJobQueues")
    scope = collect(account, request_for()).scope
    counted = {each.operation: (each.made, each.failed) for each in scope.calls}
    assert counted["batch:DescribeJobQueues"] == (1, 1)
    assert counted["kinesis:ListStreams"] == (2, 0)
    assert sum(made for made, _ in counted.values()) == len(account.calls)


@pytest.mark.parametrize("one", collectors(), ids=lambda each: each.name)
def test_a_collector_calls_only_what_it_declares(
    one: Collector, account: Any, reader_of: Any, snapshot: Snapshot
) -> None:
    for denied in ((), ("sagemaker:Search",)):
        for operation in denied:
            account.deny(operation)
        account.calls.clear()
        needed = [snapshot.of(kind, REGION) for kind in one.needs]
        found = list(one.run(reader_of(account), *needed))
        assert {call for call, _, _ in account.calls} <= {use.id for use in one.uses}
        assert {type(each) for each in found} <= set(one.yields)


def test_every_kind_has_a_collector_and_all_that_it_needs() -> None:
    for kind in KINDS.values():
        names = {each.name for each in collectors_of(kind)}
        for each in collectors_of(kind):
            for need in each.needs:
                assert {maker.name for maker in collectors_of(need)} <= names


def test_a_program_error_ends_the_scan_at_once(account: Any, request_for: Ask) -> None:
    class BrokenError(Exception):
        pass

    def broken(*_: Any) -> Any:
        raise BrokenError

    account.call = broken
    with pytest.raises(BrokenError):
        collect(account, request_for())
    assert not [each for each in threading.enumerate() if "ThreadPool" in each.name]


@pytest.mark.parametrize("operation", declared_operations(), ids=_ids)
def test_a_garbage_reply_never_raises(operation: Operation, account: Any, request_for: Ask) -> None:
    answer = account.call

    def call(asked: Operation, region: str, params: Any) -> Any:
        return "garbage" if asked == operation else answer(asked, region, params)

    account.call = call
    assert collect(account, request_for()).scope.collected


@pytest.mark.parametrize("operation", declared_operations(), ids=_ids)
def test_things_of_no_known_shape_leave_a_gap_for_their_kind(
    operation: Operation, account: Any, request_for: Ask, snapshot: Snapshot
) -> None:
    answer = account.call

    def call(asked: Operation, region: str, params: Any) -> Any:
        if asked != operation:
            return answer(asked, region, params)
        return {operation.items: [{"Unknown": 1}, 7]} if operation.items else {"Unknown": 1}

    account.call = call
    seen = collect(account, request_for())
    _assert_hidden_kinds_have_gaps(seen, snapshot, GapReason.FAILED)


def test_jobs_older_than_the_window_are_found_by_what_they_left(snapshot: Snapshot) -> None:
    assert [each.name for each in snapshot.of(TrainingJob, REGION)] == ["new-job", "old-job"]


def test_the_run_that_registered_a_package_is_read_however_old(snapshot: Snapshot) -> None:
    runs = {each.run_arn.rpartition("/")[2] for each in snapshot.of(RunStep, REGION)}
    assert runs == {"new", "old"}


def _assert_hidden_kinds_have_gaps(seen: Snapshot, whole: Snapshot, reason: GapReason) -> None:
    named = {gap.operation for gap in seen.gaps if gap.reason is reason}
    for kind in {kind for kind, _ in _arns(whole) - _arns(seen)}:
        assert named & operations_behind(KINDS[kind]), kind


def _arns(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {(type(each).__name__, each.arn) for each in snapshot.resources}
