"""Endpoints that answer later."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.queued import queued_variants
from mlaudit.resources import Alarm, Resource, ScalableTarget, ScalingPolicy, WatchedMetric
from mlaudit.testing import build, gap, serving, view_of

ON_VARIANT = "endpoint/e/variant/main"
LATER = serving("e", config={"asynchronous": True, "error_topic": True})
ASLEEP = build(ScalableTarget, resource_id=ON_VARIANT, minimum=0, maximum=4)
POLICY = build(ScalingPolicy, "wake", arn="arn:policy", resource_id=ON_VARIANT)


def alarm(metric: str, endpoint: str = "e", action: str = "arn:policy") -> Alarm:
    watched = WatchedMetric("AWS/SageMaker", metric, "Average", {"EndpointName": endpoint})
    return build(Alarm, "waiting", watches=(watched,), actions=(action,))


WAKING = alarm("HasBacklogWithoutCapacity")
SEEN: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool, bool]]]] = {
    "never sleeps": (LATER, [(True, False, False)]),
    "wakes": ((*LATER, ASLEEP, POLICY, WAKING), [(True, True, True)]),
    "by another metric": (
        (*LATER, ASLEEP, POLICY, alarm("ApproximateBacklogSize")),
        [(True, True, False)],
    ),
    "of another endpoint": (
        (*LATER, ASLEEP, POLICY, alarm("HasBacklogWithoutCapacity", "f")),
        [(True, True, False)],
    ),
    "by another policy": (
        (*LATER, ASLEEP, POLICY, alarm("HasBacklogWithoutCapacity", action="arn:other")),
        [(True, True, False)],
    ),
    "without a topic": (serving("e", config={"asynchronous": True}), [(False, False, False)]),
    "answers at once": (serving("e"), []),
}


@pytest.mark.parametrize(("resources", "expected"), SEEN.values(), ids=SEEN)
def test_what_hears_and_what_wakes(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool, bool]]
) -> None:
    found = queued_variants(view_of(*resources))
    assert [(each.tells, each.sleeps, each.wakes) for each in found.items] == expected
    assert found.gaps == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListEndpoints",
        "sagemaker:DescribeEndpointConfig",
        "cloudwatch:DescribeAlarms",
        "application-autoscaling:DescribeScalingPolicies",
    ],
)
def test_what_may_be_heard_out_of_sight_is_a_gap(operation: str) -> None:
    found = queued_variants(view_of(*LATER, gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps
