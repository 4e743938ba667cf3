"""What capacity costs while nobody asks it."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.capacity import paid_variants, scaled_units
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


def component(name: str = "i") -> InferenceComponent:
    return build(
        InferenceComponent, name, endpoint_arn=ENDPOINT, variant_name="main", model_name="m"
    )


def bounds(resource_id: str = ON_VARIANT, **values: Any) -> ScalableTarget:
    return build(
        ScalableTarget, **{"resource_id": resource_id, "minimum": 1, "maximum": 4, **values}
    )


def policy(resource_id: str = ON_VARIANT) -> ScalingPolicy:
    return build(ScalingPolicy, resource_id=resource_id, metric="Invocations")


ON_COMPONENT = "inference-component/i"
MANAGED: dict[str, Any] = {"managed_scaling": True, "managed_min": 1, "managed_max": 4}
UNITS: dict[str, tuple[tuple[Resource, ...], list[tuple[str | None, str | None]]]] = {
    "fixed": (serving("e"), [(None, None)]),
    "scales": ((*serving("e"), bounds(), policy()), [("scales by Invocations", None)]),
    "suspended": (
        (*serving("e"), bounds(suspended=True), policy()),
        [("scales by Invocations", "it is suspended")],
    ),
    "without a rule": (
        (*serving("e"), bounds()),
        [("a scalable target", "it has no policy and no schedule")],
    ),
    "nowhere to go": (
        (*serving("e"), bounds(maximum=1), policy()),
        [("scales by Invocations", "it may only be 1")],
    ),
    "serverless": (serving("e", serverless_concurrency=5), []),
    "managed alone": (
        serving("e", **MANAGED),
        [("managed instance scaling", "it holds no component that could ask for more")],
    ),
    "components": (
        (
            *serving("e", model_name=None, **MANAGED),
            component(),
            component("j"),
            bounds(ON_COMPONENT),
            policy(ON_COMPONENT),
        ),
        [("scales by Invocations", None), (None, None)],
    ),
}


@pytest.mark.parametrize(("resources", "expected"), UNITS.values(), ids=UNITS)
def test_what_scales_and_what_keeps_it_from_acting(
    resources: tuple[Resource, ...], expected: list[tuple[str | None, str | None]]
) -> None:
    found = scaled_units(view_of(*resources))
    assert [(each.rules, each.hindrance) for each in found.items] == expected
    assert found.gaps == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListEndpoints",
        "sagemaker:ListInferenceComponents",
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:DescribeScheduledActions",
    ],
)
def test_what_may_scale_unseen_is_not_fixed(operation: str) -> None:
    found = scaled_units(view_of(*serving("e"), gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps
