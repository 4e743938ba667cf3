"""What serves, how it scales, what it answered and where it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.searches import origins
from mlaudit.capabilities.serving import (
    real_time_variants,
    scalings,
    served_models,
    vertical_paths,
)
from mlaudit.model import GapReason
from mlaudit.resources import (
    Container,
    Endpoint,
    InferenceComponent,
    Model,
    ModelPackage,
    RecommendationJob,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
    TransformJob,
    Variant,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

ON_VARIANT = "endpoint/e/variant/main"
ON_COMPONENT = "inference-component/i"
ENDPOINT = arn_of(Endpoint, "e")


def target(resource_id: str = ON_VARIANT, **values: Any) -> ScalableTarget:
    return build(
        ScalableTarget, **{"resource_id": resource_id, "minimum": 1, "maximum": 4, **values}
    )


def policy(resource_id: str = ON_VARIANT) -> ScalingPolicy:
    return build(ScalingPolicy, resource_id=resource_id, metric="Invocations")


def schedule() -> ScheduledScaling:
    return build(ScheduledScaling, resource_id=ON_VARIANT, schedule="cron(0 8 * * ? *)")


def component(name: str = "i", **values: Any) -> InferenceComponent:
    return build(
        InferenceComponent,
        name,
        **{"endpoint_arn": ENDPOINT, "variant_name": "main", "model_name": "m", **values},
    )


def traffic(requests: float = 5.0) -> Traffic:
    return build(
        Traffic,
        arn=f"{ENDPOINT}#main",
        endpoint_arn=ENDPOINT,
        variant_name="main",
        requests=requests,
        last_at=RECENT if requests else None,
    )


SCALINGS: dict[str, tuple[tuple[Resource, ...], list[tuple[str | None, int | None]]]] = {
    "fixed": (serving("e", instance_count=3), [(None, 3)]),
    "by a policy": ((*serving("e"), target(), policy()), [("scales by Invocations, 1 to 4", 1)]),
    "by a schedule": (
        (*serving("e"), target(), schedule()),
        [("scales on schedule cron(0 8 * * ? *), 1 to 4", 1)],
    ),
    "without a rule": ((*serving("e"), target()), [(None, 1)]),
    "suspended": ((*serving("e"), target(suspended=True), policy()), [(None, 1)]),
    "between equal bounds": ((*serving("e"), target(maximum=1), policy()), [(None, 1)]),
    "of another endpoint": (
        (*serving("e"), target("endpoint/x/variant/main"), policy("endpoint/x/variant/main")),
        [(None, 1)],
    ),
    "on the component": (
        (*serving("e", model_name=None), component(), target(ON_COMPONENT), policy(ON_COMPONENT)),
        [("scales by Invocations, 1 to 4", 1)],
    ),
    "on a component of another variant": (
        (
            *serving("e", model_name=None),
            component(variant_name="x"),
            target(ON_COMPONENT),
            policy(ON_COMPONENT),
        ),
        [(None, 1)],
    ),
    "serverless": (
        serving("e", serverless_concurrency=5, instance_count=None),
        [("serverless, up to 5 at a time", None)],
    ),
    "managed": (
        serving("e", managed_scaling=True, managed_min=0, managed_max=2),
        [("managed instance scaling, 0 to 2 instances", None)],
    ),
    "while updating": (
        serving("e", endpoint={"status": "Updating"}, instance_count=2),
        [(None, 2)],
    ),
    "not serving": (serving("e", endpoint={"status": "Creating"}), []),
}


@pytest.mark.parametrize(("resources", "expected"), SCALINGS.values(), ids=SCALINGS)
def test_every_serving_variant_scales_somehow(
    resources: tuple[Resource, ...], expected: list[tuple[str | None, int | None]]
) -> None:
    evidence = scalings(view_of(*resources))
    assert [(each.by, each.minimum) for each in evidence.items] == expected
    assert evidence.gaps == ()


UNSEEN_SCALING = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
    "sagemaker:DescribeInferenceComponent",
]


@pytest.mark.parametrize("operation", UNSEEN_SCALING)
def test_unseen_scaling_is_not_fixed_capacity(operation: str) -> None:
    missing = gap(operation)
    for evidence in (
        scalings(view_of(*serving("e"), gaps=[missing])),
        real_time_variants(view_of(*serving("e"), traffic(), gaps=[missing])),
    ):
        assert evidence.items == ()
        assert evidence.gaps == (missing,)


@pytest.mark.parametrize("operation", UNSEEN_SCALING)
def test_what_scales_by_itself_needs_no_rules(operation: str) -> None:
    view = view_of(*serving("e", serverless_concurrency=5), gaps=[gap(operation)])
    assert len(scalings(view).items) == 1


PLACED = [scalings, real_time_variants, vertical_paths, served_models, origins]


@pytest.mark.parametrize("provider", PLACED)
def test_a_deleted_configuration_is_a_gap(provider: Any) -> None:
    endpoint, _, model = serving("e")
    evidence = provider(view_of(endpoint, model))
    assert evidence.items == ()
    assert [(each.operation, each.reason, each.subject) for each in evidence.gaps] == [
        ("sagemaker:DescribeEndpointConfig", GapReason.GONE, ENDPOINT)
    ]


@pytest.mark.parametrize("provider", PLACED)
def test_a_deleted_configuration_is_told_once(provider: Any) -> None:
    endpoint, _, model = serving("e")
    missing = gap("sagemaker:DescribeEndpointConfig", ENDPOINT, reason=GapReason.GONE)
    assert provider(view_of(endpoint, model, gaps=[missing])).gaps == (missing,)


@pytest.mark.parametrize("provider", [served_models, origins])
def test_a_deleted_model_is_a_gap(provider: Any) -> None:
    endpoint, config, _ = serving("e")
    job = build(TransformJob, "t", model_name="gone")
    evidence = provider(view_of(endpoint, config, job))
    assert evidence.items == ()
    assert {(each.operation, each.reason, each.subject) for each in evidence.gaps} == {
        ("sagemaker:DescribeModel", GapReason.GONE, ENDPOINT),
        ("sagemaker:DescribeModel", GapReason.GONE, job.arn),
    }


REAL_TIME: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, float]]]] = {
    "answered": ((*serving("e"), target(), policy(), traffic()), [(True, 5.0)]),
    "silent": ((*serving("e"), target(), policy(), traffic(0.0)), [(True, 0.0)]),
    "fixed": ((*serving("e"), traffic()), [(False, 5.0)]),
    "asynchronous": ((*serving("e", config={"asynchronous": True}), traffic()), []),
    "not serving": ((*serving("e", endpoint={"status": "OutOfService"}), traffic()), []),
}


@pytest.mark.parametrize(("resources", "expected"), REAL_TIME.values(), ids=REAL_TIME)
def test_variants_answer_in_real_time(
    resources: tuple[Resource, ...], expected: list[tuple[bool, float]]
) -> None:
    evidence = real_time_variants(view_of(*resources))
    assert [(each.scaling.by is not None, each.requests) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_requests_that_could_not_be_counted_are_not_none() -> None:
    missing = gap("cloudwatch:GetMetricData", ENDPOINT)
    resources = (*serving("e"), target(), policy())
    evidence = real_time_variants(view_of(*resources, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


def test_a_variant_whose_requests_nobody_counted_is_a_gap() -> None:
    evidence = real_time_variants(view_of(*serving("e", serverless_concurrency=1)))
    assert evidence.items == ()
    assert [(each.reason, each.subject) for each in evidence.gaps] == [
        (GapReason.NOT_ASKED, ENDPOINT)
    ]


def study(**values: Any) -> RecommendationJob:
    return build(RecommendationJob, "r", **values)


VERTICAL: dict[str, tuple[tuple[Resource, ...], list[bool]]] = {
    "none": (serving("e"), []),
    "serverless": (serving("e", serverless_concurrency=1), [True]),
    "pools": (serving("e", instance_pools=("ml.m5.large", "ml.g5.xlarge")), [True]),
    "measured": ((study(),), [True]),
    "measured before the window": ((study(completed_at=OLD),), [False]),
    "being measured": ((study(status="IN_PROGRESS", completed_at=None),), [False]),
    "a measurement that failed": ((study(status="FAILED"),), []),
    "a measurement that was stopped": ((study(status="STOPPED"),), []),
}


@pytest.mark.parametrize(("resources", "expected"), VERTICAL.values(), ids=VERTICAL)
def test_vertical_paths_are_in_use_or_measured(
    resources: tuple[Resource, ...], expected: list[bool]
) -> None:
    evidence = vertical_paths(view_of(*resources))
    assert [each.used for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_unseen_measurements_are_a_gap() -> None:
    missing = gap("sagemaker:ListInferenceRecommendationsJobs")
    assert vertical_paths(view_of(gaps=[missing])).gaps == (missing,)


SERVED: dict[str, tuple[tuple[Resource, ...], list[str]]] = {
    "on an endpoint": (serving("e"), ["e"]),
    "on an endpoint by a component": (
        (*serving("e", model_name=None), build(Model, "m"), component()),
        ["m"],
    ),
    "by a component that failed": (
        (*serving("e", model_name=None), build(Model, "m"), component(status="Failed")),
        [],
    ),
    "in a batch": ((build(Model, "m"), build(TransformJob, "t", model_name="m")), ["m"]),
    "in a batch that failed": (
        (build(Model, "m"), build(TransformJob, "t", model_name="m", status="Failed")),
        [],
    ),
    "in a batch before the window": (
        (build(Model, "m"), build(TransformJob, "t", model_name="m", ended_at=OLD)),
        [],
    ),
    "on an endpoint that failed": (serving("e", endpoint={"status": "Failed"}), []),
}


@pytest.mark.parametrize(("resources", "expected"), SERVED.values(), ids=SERVED)
def test_models_serve(resources: tuple[Resource, ...], expected: list[str]) -> None:
    evidence = served_models(view_of(*resources))
    assert [each.model.name for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_images_are_in_order_and_a_package_stands_in_its_place() -> None:
    package = build(ModelPackage, "g/1", containers=(build(Container, image="model"),))
    model = serving(
        "e",
        build(Container, image="before"),
        build(Container, package_arn=package.arn),
        build(Container, package_arn="arn:of-another-account"),
    )
    (served,) = served_models(view_of(*model, package)).items
    assert served.images == ("before", "model", None)


def test_variants_with_shadows_serve_once() -> None:
    shadow = build(Variant, "shadow", model_name="s")
    resources = serving("e", config={"shadow_variants": (shadow,)})
    assert len(scalings(view_of(*resources)).items) == 1


def test_an_endpoint_of_an_unseen_listing_makes_up_no_deletion() -> None:
    endpoint, _, model = serving("e")
    missing = gap("sagemaker:ListEndpointConfigs")
    view = view_of(endpoint, model, gaps=[missing])
    assert served_models(view).gaps == (missing,)
