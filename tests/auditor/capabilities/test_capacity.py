"""What capacity costs while nobody asks it."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.capacity import paid_variants
from mlaudit.model import GapReason
from mlaudit.resources import (
    Endpoint,
    InferenceComponent,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    Traffic,
)
from mlaudit.testing import RECENT, arn_of, build, gap, serving, view_of

ENDPOINT = arn_of(Endpoint, "e")
ON_VARIANT = "endpoint/e/variant/main"


def traffic(requests: float = 5.0) -> Traffic:
    return build(
        Traffic,
        arn=f"{ENDPOINT}#main",
        endpoint_arn=ENDPOINT,
        variant_name="main",
        requests=requests,
        last_at=RECENT if requests else None,
    )


def scaled(minimum: int) -> tuple[Resource, ...]:
    return (
        build(ScalableTarget, resource_id=ON_VARIANT, minimum=minimum, maximum=4),
        build(ScalingPolicy, resource_id=ON_VARIANT, metric="Invocations"),
    )


def holding(**variant: Any) -> tuple[Resource, ...]:
    component = build(
        InferenceComponent, "i", endpoint_arn=ENDPOINT, variant_name="main", model_name="m"
    )
    return (*serving("e", model_name=None, **variant), component)


SEEN: dict[str, tuple[tuple[Resource, ...], list[tuple[int, int | None, float]]]] = {
    "fixed": ((*serving("e", instance_count=2), traffic()), [(2, 16790, 5.0)]),
    "scaled": ((*serving("e", instance_count=3), *scaled(1), traffic()), [(1, 8395, 5.0)]),
    "asleep": ((*serving("e"), *scaled(0)), [(0, 0, 0.0)]),
    "managed": (
        (*serving("e", managed_scaling=True, managed_min=2, managed_max=4), traffic(0.0)),
        [(2, 16790, 0.0)],
    ),
    "unpriced": ((*serving("e", instance_type="ml.q9.large"), traffic()), [(1, None, 5.0)]),
    "serverless": (serving("e", serverless_concurrency=5, instance_type=None), []),
    "asked by component": ((*holding(instance_count=2), traffic()), [(2, 16790, 5.0)]),
    "not serving": (serving("e", endpoint={"status": "Failed"}), []),
}


@pytest.mark.parametrize(("resources", "expected"), SEEN.values(), ids=SEEN)
def test_what_a_variant_costs_while_nobody_asks(
    resources: tuple[Resource, ...], expected: list[tuple[int, int | None, float]]
) -> None:
    found = paid_variants(view_of(*resources))
    assert [(each.least, each.cents_a_month, each.requests) for each in found.items] == expected
    assert found.gaps == ()


UNCOUNTED: dict[str, tuple[Resource, ...]] = {
    "nobody counted": serving("e"),
    "asynchronous": (*serving("e", config={"asynchronous": True}), traffic(0.0)),
    "components": (*holding(), traffic(0.0)),
}


@pytest.mark.parametrize("resources", UNCOUNTED.values(), ids=UNCOUNTED)
def test_what_is_not_counted_is_not_idle(resources: tuple[Resource, ...]) -> None:
    found = paid_variants(view_of(*resources))
    assert found.items == ()
    assert [each.reason for each in found.gaps] == [GapReason.NOT_ASKED]


@pytest.mark.parametrize(
    ("operation", "hidden"),
    [
        ("sagemaker:ListEndpoints", True),
        ("sagemaker:DescribeEndpointConfig", True),
        ("cloudwatch:GetMetricData", False),
        ("application-autoscaling:DescribeScalableTargets", True),
        ("application-autoscaling:DescribeScalingPolicies", True),
        ("application-autoscaling:DescribeScheduledActions", True),
    ],
)
def test_what_could_not_be_seen_is_a_gap(operation: str, *, hidden: bool) -> None:
    found = paid_variants(view_of(*serving("e"), traffic(), gaps=[gap(operation)]))
    assert gap(operation) in found.gaps
    assert (found.items == ()) is hidden
