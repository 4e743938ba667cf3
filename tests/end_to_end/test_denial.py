"""Losing sight of anything never makes a verdict better, and never makes one up."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.audit import Audit, Outcome
from mlaudit.collect.plan import declared_operations
from mlaudit.emulator import Scenario, load_scenario
from mlaudit.model import Status

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


@pytest.fixture(scope="module", params=["tagged", "untagged"])
def account(
    request: pytest.FixtureRequest, running: Callable[[Scenario], AbstractContextManager[Any]]
) -> Iterator[Any]:
    scenario = load_scenario("demo")
    if request.param == "untagged":
        scenario = untagged(scenario)
    with running(replace(scenario, denied=())) as up:
        yield up


@pytest.mark.slow
def test_denying_an_operation_never_makes_up_a_verdict(account: Any) -> None:
    account.api.denied = None
    whole = account.scan()
    known = statuses(whole)
    open_gates = {each.name for each in whole.workloads if is_open(each)}
    wrong = []
    for operation in declared_operations():
        account.api.denied = operation.id
        audit = account.scan()
        wrong += [
            f"{operation.id}: {workload} {item} {known[workload, item]} became {status}"
            for (workload, item), status in statuses(audit).items()
            if (workload, item) in known
            and status not in {known[workload, item], Status.NOT_ASSESSED}
        ]
        assert {each.name for each in audit.workloads if is_open(each)} <= open_gates
    assert wrong == []


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
