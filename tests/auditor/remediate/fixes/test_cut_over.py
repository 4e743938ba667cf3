"""When an endpoint that was replaced can go, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlaudit.model import Gap
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Sight
from mlaudit.remediate.fixes.cut_over import cut_over
from mlaudit.resources import (
    Endpoint,
    Function,
    InferenceComponent,
    MonitoringSchedule,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)
from mlaudit.testing import ACCOUNT, RECENT, build, gap, serving, view_of

OLD = serving("old")
NEW = build(Endpoint, "new")
RESOURCE = "endpoint/old/variant/main"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
SCALED = (
    build(ScalableTarget, resource_id=RESOURCE, dimension=DIMENSION),
    build(ScalingPolicy, "p", resource_id=RESOURCE, dimension=DIMENSION),
)
ASKED = {"old": "new"}


def planned(
    *resources: Resource, gaps: tuple[Gap, ...] = (), asked: Mapping[str, str] = ASKED
) -> list[Change]:
    view = view_of(*resources, gaps=gaps)
    return list(cut_over(Sight(view, {}, ACCOUNT, Choices(replaced_by=asked))))


def test_what_scales_an_endpoint_is_taken_off_before_it_is_deleted() -> None:
    changes = planned(*OLD, NEW, *SCALED)
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": RESOURCE,
        "ScalableDimension": DIMENSION,
    }
    assert [(each.kind, dict(each.key)) for each in changes] == [
        ("application-autoscaling.policy", {**target, "PolicyName": "p"}),
        ("application-autoscaling.target", target),
        ("sagemaker.endpoint", {"EndpointName": "old"}),
    ]
    assert {each.patch is None for each in changes} == {True}
    assert {each.scope for each in changes} == {OLD[0].arn}


def test_it_is_said_when_an_endpoint_last_answered() -> None:
    traffic = build(
        Traffic, arn=f"{OLD[0].arn}#main", endpoint_arn=OLD[0].arn, requests=7.0, last_at=RECENT
    )
    (change,) = planned(*OLD, NEW, traffic)
    assert f"on {RECENT:%Y-%m-%d}" in change.about
    (change,) = planned(*OLD, NEW)
    assert "no request was seen" in change.about


STAYS: dict[str, tuple[tuple[Resource, ...], Mapping[str, str]]] = {
    "nobody asked": ((*OLD, NEW), {}),
    "the new one is not there": (OLD, ASKED),
    "the new one does not serve": ((*OLD, build(Endpoint, "new", status="Creating")), ASKED),
    "it would replace itself": (OLD, {"old": "old"}),
    "it is not there": ((NEW,), ASKED),
    "it is being updated": (
        (*serving("old", endpoint={"status": "Updating"}), NEW),
        ASKED,
    ),
    "a function calls it": ((*OLD, NEW, build(Function, endpoint_names=("old",))), ASKED),
    "components are on it": (
        (*OLD, NEW, build(InferenceComponent, endpoint_arn=OLD[0].arn)),
        ASKED,
    ),
    "it is monitored": ((*OLD, NEW, build(MonitoringSchedule, endpoint_name="old")), ASKED),
    "its scaling has a schedule, which would be lost": (
        (*OLD, NEW, build(ScheduledScaling, resource_id=RESOURCE)),
        ASKED,
    ),
}


@pytest.mark.parametrize(("resources", "asked"), STAYS.values(), ids=STAYS)
def test_an_endpoint_stays(resources: tuple[Resource, ...], asked: Mapping[str, str]) -> None:
    assert planned(*resources, asked=asked) == []


@pytest.mark.parametrize(
    "denied",
    [
        "lambda:ListFunctions",
        "sagemaker:ListInferenceComponents",
        "sagemaker:ListMonitoringSchedules",
        "application-autoscaling:DescribeScheduledActions",
        "application-autoscaling:DescribeScalingPolicies",
    ],
)
def test_an_endpoint_stays_that_something_out_of_sight_may_need(denied: str) -> None:
    assert planned(*OLD, NEW, gaps=(gap(denied),)) == []


def test_the_endpoint_of_another_workload_stays() -> None:
    view = view_of(NEW, others=OLD)
    assert list(cut_over(Sight(view, {}, ACCOUNT, Choices(replaced_by=ASKED)))) == []
