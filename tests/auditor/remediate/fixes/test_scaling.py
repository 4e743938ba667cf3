"""Which variants get bounds and a policy."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.model import Gap
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Sight
from mlaudit.remediate.fixes.scaling import scaling
from mlaudit.resources import (
    InstanceQuota,
    Resource,
    ScalableTarget,
    ScalingPolicy,
)
from mlaudit.testing import ACCOUNT, build, gap, serving, view_of

RESOURCE = "endpoint/e/variant/main"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


def planned(*resources: Resource, gaps: tuple[Gap, ...] = (), most: int = 4) -> list[Change]:
    view = view_of(*resources, gaps=gaps)
    return list(scaling(Sight(view, {}, ACCOUNT, Choices(maximum_instances=most))))


def target(least: int = 1, most: int = 1, **values: Any) -> ScalableTarget:
    own = {"resource_id": RESOURCE, "dimension": DIMENSION, "minimum": least, "maximum": most}
    return build(ScalableTarget, **own, **values)


POLICY = build(ScalingPolicy, "p", resource_id=RESOURCE, dimension=DIMENSION)
ASYNCHRONOUS = serving("e", config={"asynchronous": True}, instance_type="ml.g5.xlarge")

CASES: dict[str, tuple[tuple[Resource, ...], tuple[int, int] | None, tuple[str, float] | None]] = {
    "nothing": ((), None, None),
    "a fixed number": (serving("e"), (1, 4), ("CPUUtilization", 120.0)),
    "more than chosen": (serving("e", instance_count=6), (6, 7), ("CPUUtilization", 120.0)),
    "GPUs": (
        serving("e", instance_type="ml.g5.12xlarge"),
        (1, 4),
        ("GPUUtilization", 240.0),
    ),
    "asynchronous": (ASYNCHRONOUS, (1, 4), ("ApproximateBacklogSizePerInstance", 5.0)),
    "serverless": (serving("e", serverless_concurrency=5, instance_type=None), None, None),
    "managed scaling": (serving("e", managed_scaling=True), None, None),
    "components": (serving("e", model_name=None), None, None),
    "a burstable type": (serving("e", instance_type="ml.t2.medium"), None, None),
    "chips without a metric": (serving("e", instance_type="ml.inf2.xlarge"), None, None),
    "a type of unknown size": (serving("e", instance_type="ml.new.strange"), None, None),
    "bounds and a policy": ((*serving("e"), target(1, 3), POLICY), None, None),
    "bounds without a policy": (
        (*serving("e"), target(2, 9)),
        (2, 9),
        ("CPUUtilization", 120.0),
    ),
    "a policy without room": ((*serving("e"), target(2, 2), POLICY), (2, 4), None),
    "bounds that are suspended": ((*serving("e"), target(suspended=True)), None, None),
    "a quota": (
        (*serving("e"), build(InstanceQuota, instance_type="ml.m5.large", allowed=2)),
        (1, 2),
        ("CPUUtilization", 120.0),
    ),
    "a quota that is used up": (
        (*serving("e"), build(InstanceQuota, instance_type="ml.m5.large", allowed=1)),
        None,
        None,
    ),
}


@pytest.mark.parametrize(("resources", "bounds", "tracked"), CASES.values(), ids=CASES)
def test_what_is_fixed_gets_bounds_and_a_policy(
    resources: tuple[Resource, ...],
    bounds: tuple[int, int] | None,
    tracked: tuple[str, float] | None,
) -> None:
    changes = planned(*resources)
    found = {each.kind.partition(".")[2]: each.patch or {} for each in changes}
    made = found.get("target")
    assert bounds == (made and (made["MinCapacity"], made["MaxCapacity"]))
    policy = found.get("policy", {}).get("TargetTrackingScalingPolicyConfiguration")
    metric = policy and policy["CustomizedMetricSpecification"]["MetricName"]
    assert tracked == (policy and (metric, policy["TargetValue"]))
    assert {each.scope for each in changes} <= {each.arn for each in resources}
    assert planned(*resources) == changes


@pytest.mark.parametrize(
    "denied",
    [
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:DescribeScheduledActions",
        "sagemaker:ListInferenceComponents",
    ],
)
def test_nothing_is_planned_that_may_be_there(denied: str) -> None:
    assert planned(*serving("e"), gaps=(gap(denied),)) == []
