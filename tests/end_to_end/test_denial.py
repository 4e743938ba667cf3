"""Losing sight of anything never makes a verdict better, and never makes one up."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from mlaudit.audit import Audit, Outcome
from mlaudit.catalog import catalogue
from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import collectors_of, declared_operations
from mlaudit.emulator import Scenario, load_scenario
from mlaudit.footprint import operations_of
from mlaudit.model import GapReason, Status
from mlaudit.resources import ResourceTags
from mlaudit.sight import REACHED
from mlaudit.workloads import ML_KINDS

Statuses = dict[tuple[str, str], Status]


def statuses(audit: Audit) -> Statuses:
    beyond = {(each.workload or each.region, each.id): each.status for each in audit.extended}
    items = {(each.name, item.id): item.status for each in audit.workloads for item in each.items}
    return items | beyond


def without_tags(value: Any) -> Any:
    """The same account where nobody ever tagged anything."""
    if isinstance(value, dict):
        return {key: without_tags(each) for key, each in value.items() if key.lower() != "tags"}
    return [without_tags(each) for each in value] if isinstance(value, list) else value


def untagged(scenario: Scenario) -> Scenario:
    calls = (
        replace(each, params=without_tags(each.params))
        for each in scenario.calls
        if "Tag" not in each.call
    )
    return replace(scenario, calls=tuple(calls), values=without_tags(scenario.values))


@pytest.fixture(scope="module", params=["tagged", "untagged", "exemplary"])
def account(
    request: pytest.FixtureRequest, running: Callable[[Scenario], AbstractContextManager[Any]]
) -> Iterator[Any]:
    scenario = load_scenario("exemplary" if request.param == "exemplary" else "demo")
    if request.param == "untagged":
        scenario = untagged(scenario)
    with running(replace(scenario, denied=())) as up:
        yield up


@dataclass(frozen=True)
class Denials:
    """The audit of an account, and those with each of the reads denied."""

    whole: Audit
    without: list[tuple[Operation, Audit]]


@pytest.fixture(scope="module")
def denials(account: Any) -> Denials:
    account.api.denied = None
    whole, without = account.scan(), []
    for operation in declared_operations():
        account.api.denied = operation.id
        without.append((operation, account.scan()))
    account.api.denied = None
    return Denials(whole, without)


@pytest.mark.slow
def test_denying_an_operation_never_makes_up_a_verdict(denials: Denials) -> None:
    known = statuses(denials.whole)
    open_gates = {each.name for each in denials.whole.workloads if is_open(each)}
    wrong = []
    for operation, audit in denials.without:
        wrong += [
            f"{operation.id}: {workload} {item} {known[workload, item]} became {status}"
            for (workload, item), status in statuses(audit).items()
            if (workload, item) in known
            and status not in {known[workload, item], Status.NOT_ASSESSED}
        ]
        assert {each.name for each in audit.workloads if is_open(each)} <= open_gates
    assert wrong == []


def lost(whole: Audit, audit: Audit) -> set[str]:
    """Ids of the checklist's items that have lost their verdict in a workload still found.

    That of the streaming gate rests on all the others, and is open with them.
    """
    known = statuses(whole)
    return {
        item.id
        for each in audit.workloads
        for item in each.items
        if item.status is Status.NOT_ASSESSED
        and item.id != catalogue().streaming_item
        and known.get((each.name, item.id), Status.NOT_ASSESSED) is not Status.NOT_ASSESSED
    }


@pytest.mark.slow
def test_a_denied_operation_is_named_with_all_it_leaves_open_and_what_cures_it(
    denials: Denials,
) -> None:
    unnamed = []
    for operation, audit in denials.without:
        named = {
            id_
            for spot in audit.blind_spots
            if (spot.operation, spot.reason) == (operation.id, GapReason.DENIED)
            and operation.iam_action in spot.allow
            for id_ in spot.items
        }
        unnamed += [f"{operation.id}: {id_}" for id_ in lost(denials.whole, audit) - named]
    assert sorted(unnamed) == []


FINDS_WORKLOADS = {
    use.id
    for kind in {*ML_KINDS, *REACHED, ResourceTags}
    for each in collectors_of(kind)
    for use in each.uses
}


@pytest.mark.slow
def test_the_page_of_an_item_lists_each_operation_that_it_needs(denials: Denials) -> None:
    listed = {
        id_: {each.id for each in operations_of(check)} | FINDS_WORKLOADS
        for id_, check in catalogue().checks.items()
    }
    unlisted = [
        f"{operation.id}: {id_}"
        for operation, audit in denials.without
        for id_ in lost(denials.whole, audit)
        if operation.id not in listed.get(id_, ())
    ]
    assert sorted(unlisted) == []


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_losing_calls_at_random_never_makes_up_a_verdict(account: Any, share: float) -> None:
    account.api.denied = None
    known = statuses(account.scan())
    wrong = []
    for seed in range(8):
        account.api.lost_share, account.api.seed = share, seed
        wrong += [
            f"{seed}: {workload} {item} {known[workload, item]} became {status}"
            for (workload, item), status in statuses(account.scan()).items()
            if (workload, item) in known
            and status not in {known[workload, item], Status.NOT_ASSESSED}
        ]
        account.api.lost_share = 0.0
    assert wrong == []


@pytest.mark.slow
def test_what_is_denied_is_named(account: Any) -> None:
    account.api.denied = "sagemaker:DescribeEndpointConfig"
    audit = account.scan()
    gaps = [gap for gap in audit.gaps if gap.operation == account.api.denied]
    assert {(gap.code, gap.reason.value, gap.request_id) for gap in gaps} == {
        ("AccessDeniedException", "denied", "request-1")
    }


def is_open(workload: Any) -> bool:
    return bool(workload.gates["streaming"].outcome is Outcome.OPEN)
