"""What checks the requests to an endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.requests import request_checks
from mlaudit.resources import ApiMethod, Endpoint, Function, Resource, Traffic
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.testing import RECENT, REGION, arn_of, build, gap, serving, view_of

FUNCTION = arn_of(Function, "score")
ANSWERED = build(
    Traffic, arn=f"{arn_of(Endpoint, 'e')}#main", endpoint_arn=arn_of(Endpoint, "e"),
    requests=12.0, last_at=RECENT,
)  # fmt: skip
CALLS = build(Function, "score", arn=FUNCTION, endpoint_names=("e",))
IN_CODE = RepositoryFact(
    arn="repo://app/inference.py#L3",
    region=REGION,
    repository="app",
    workload=None,
    kind=FactKind.REQUEST_CHECKS,
    tool="pydantic",
    path="inference.py",
    line=3,
    on_commit=False,
    local=False,
)


def method(leads_to: str = "e", **values: Any) -> ApiMethod:
    usual = {"api": "scoring", "verb": "POST", "path": "/score", "checks_body": True}
    return build(ApiMethod, arn="arn:m", leads_to=leads_to, **{**usual, **values})


CHECKED: dict[str, tuple[tuple[Resource, ...], str]] = {
    "by a validator": ((method(),), "POST /score of API scoring"),
    "by a validator before a function": ((method(FUNCTION), CALLS), "POST /score of API scoring"),
    "in code": ((IN_CODE,), "pydantic in app/inference.py line 3"),
}


@pytest.mark.parametrize(("resources", "by"), CHECKED.values(), ids=CHECKED)
def test_requests_are_checked(resources: tuple[Resource, ...], by: str) -> None:
    found = request_checks(view_of(*serving("e"), ANSWERED, *resources))
    assert [(each.name, each.by, each.answered_at) for each in found.items] == [
        ("e", (by,), RECENT)
    ]
    assert found.gaps == ()


UNCHECKED: dict[str, tuple[Resource, ...]] = {
    "nothing in front": (),
    "a validator without a model": (method(checks_body=False),),
    "a method to another": (method("other"),),
    "a function that calls another": (method(FUNCTION), build(Function, "score", arn=FUNCTION)),
}


@pytest.mark.parametrize("resources", UNCHECKED.values(), ids=UNCHECKED)
def test_code_that_is_out_of_sight_may_check_them(resources: tuple[Resource, ...]) -> None:
    found = request_checks(view_of(*serving("e"), ANSWERED, *resources))
    assert found.items == ()
    assert [each.words for each in found.gaps] == [
        "whether code in front of or inside endpoint/e checks requests"
    ]


def test_what_answers_nothing_has_no_time() -> None:
    silent = build(Traffic, arn="t", endpoint_arn=arn_of(Endpoint, "e"), requests=0.0)
    (found,) = request_checks(view_of(*serving("e"), silent, method())).items
    assert found.answered_at is None


def test_without_an_endpoint_that_serves_there_is_nothing() -> None:
    found = request_checks(view_of(*serving("e", endpoint={"status": "Failed"})))
    assert (found.items, found.gaps) == ((), ())


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListEndpoints",
        "apigateway:GetRestApis",
        "lambda:ListFunctions",
        "cloudwatch:GetMetricData",
    ],
)
def test_what_is_not_seen_is_a_gap(operation: str) -> None:
    unseen = gap(operation)
    assert unseen in request_checks(view_of(*serving("e"), gaps=[unseen])).gaps


def test_requests_that_were_not_counted_leave_a_gap_alone() -> None:
    unseen = gap("cloudwatch:GetMetricData")
    assert request_checks(view_of(*serving("e"), method(), gaps=[unseen])).items == ()
