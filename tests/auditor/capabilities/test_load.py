"""Which variants that serve were under load, and whether they scale out in time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.load import LoadedVariant, loaded_variants
from mlaudit.evidence import Evidence
from mlaudit.model import GapReason
from mlaudit.resources import (
    Benchmark,
    Container,
    Endpoint,
    InferenceComponent,
    LoadRun,
    Model,
    ModelPackage,
    RecommendationJob,
    Resource,
    ScalingPolicy,
)
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.testing import OLD, RECENT, REGION, arn_of, build, gap, serving, view_of

TYPE = "ml.m5.large"
PACKAGE = build(
    ModelPackage,
    arn=arn_of(ModelPackage, "fraud/2"),
    containers=(build(Container, model_data="s3://b/m"),),
)
SERVED = serving("e", build(Container, package_arn=PACKAGE.arn), config={"created_at": OLD})
STUDY = build(RecommendationJob, "load", job_type="Advanced")
DEFAULT = build(RecommendationJob, "sizing", job_type="Default")


def run(**values: Any) -> LoadRun:
    usual: dict[str, Any] = {
        "arn": f"{STUDY.arn}#load",
        "model_name": "e",
        "rates": {TYPE: 600},
        "ended_at": RECENT,
    }
    return build(LoadRun, "load", **{**usual, **values})


def policy(target: float, metric: str = "SageMakerVariantInvocationsPerInstance") -> ScalingPolicy:
    return build(
        ScalingPolicy,
        arn=f"arn:policy:{target}",
        resource_id="endpoint/e/variant/main",
        metric=metric,
        target_value=target,
    )


def benchmark(**values: Any) -> Benchmark:
    return build(Benchmark, "bench", arn="arn:bench", endpoint_name="e", **values)


def fact(kind: FactKind, tool: str = "", *, on_commit: bool = False) -> RepositoryFact:
    place = f"/a#L1:{kind}:{tool}" if kind is not FactKind.REPOSITORY else ""
    return RepositoryFact(
        arn=f"repo://app{place}",
        region=REGION,
        repository="app",
        workload=None,
        kind=kind,
        tool=tool,
        path="a",
        line=1,
        on_commit=on_commit,
        local=False,
    )


TOP = fact(FactKind.REPOSITORY)
LOCUST = fact(FactKind.LOAD_TESTS, "locust", on_commit=True)
BY_HAND = (fact(FactKind.LOAD_TESTS, "k6"), fact(FactKind.CI, "GitHub Actions", on_commit=True))


def found(*facts: Resource, **options: Any) -> Evidence[LoadedVariant]:
    return loaded_variants(view_of(*SERVED, PACKAGE, STUDY, *facts, **options))


def only(*facts: Resource) -> LoadedVariant:
    evidence = found(*facts)
    assert evidence.gaps == ()
    (variant,) = evidence.items
    return variant


@pytest.mark.parametrize(
    ("facts", "test", "measured"),
    [
        ((run(),), "recommendation job load", 600),
        (
            (run(model_name=None, package_version_arn=PACKAGE.arn),),
            "recommendation job load",
            600,
        ),
        (
            (run(model_name=None, rates={}, endpoint_rates={"e": 500}),),
            "recommendation job load",
            500,
        ),
        ((benchmark(ended_at=RECENT),), "benchmark bench", None),
        ((TOP, LOCUST), "load tests with locust in app/a line 1", None),
    ],
)
def test_a_load_test_of_any_make_counts(
    facts: tuple[Resource, ...], test: str, measured: int | None
) -> None:
    variant = only(*facts)
    assert (variant.tests, variant.measured) == ((test,), measured)
    assert variant.words == "endpoint e, variant main"


@pytest.mark.parametrize(
    "facts",
    [
        (run(model_name="another"),),
        (run(rates={"ml.c5.large": 600}),),
        (run(model_name=None, rates={}, endpoint_rates={"another": 500}),),
        (DEFAULT,),
    ],
)
def test_a_test_of_something_else_is_only_near(facts: tuple[Resource, ...]) -> None:
    variant = only(TOP, *BY_HAND, *facts)
    assert variant.tests == ()
    assert variant.nearly == (
        "recommendation job load",
        *(("recommendation job sizing",) if DEFAULT in facts else ()),
        "load tests with k6 in app/a line 1",
    )


def test_a_test_before_the_version_served_is_none_of_it() -> None:
    endpoint, config, model = SERVED
    newer = replace(config, created_at=RECENT)
    tests = (
        run(model_name=None, rates={}, endpoint_rates={"e": 1}, ended_at=OLD),
        benchmark(ended_at=OLD),
    )
    view = view_of(endpoint, newer, model, PACKAGE, STUDY, TOP, *BY_HAND, *tests)
    (variant,) = loaded_variants(view).items
    assert variant.tests == ()


def test_a_component_is_tested_as_its_model() -> None:
    endpoint, config, model = serving("e", model_name=None)
    placed = build(
        InferenceComponent,
        "c",
        endpoint_arn=endpoint.arn,
        variant_name="main",
        model_name="e",
    )
    evidence = loaded_variants(view_of(endpoint, config, model, placed, STUDY, run()))
    assert [each.tests for each in evidence.items] == [("recommendation job load",)]


@pytest.mark.parametrize(
    ("policies", "target"),
    [
        ((), None),
        ((policy(500.0),), 500.0),
        ((policy(700.0), policy(400.0)), 400.0),
        ((policy(70.0, "CPUUtilization"),), None),
    ],
)
def test_the_first_policy_by_requests_scales(
    policies: tuple[ScalingPolicy, ...], target: float | None
) -> None:
    assert only(run(), *policies).target == target


def test_without_a_test_a_tool_of_the_team_may_have_done_it() -> None:
    evidence = found()
    assert evidence.items == ()
    assert [(each.code, each.reason) for each in evidence.gaps] == [
        ("NoRepository", GapReason.NO_CHECKOUT)
    ]


def test_where_nothing_is_there_nothing_was_tested() -> None:
    evidence = loaded_variants(view_of(*SERVED, PACKAGE, TOP, BY_HAND[1]))
    assert [(each.tests, each.nearly) for each in evidence.items] == [((), ())]


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListInferenceRecommendationsJobs",
        "sagemaker:DescribeInferenceRecommendationsJob",
        "sagemaker:ListModelPackages",
        "sagemaker:ListModels",
        "application-autoscaling:DescribeScalingPolicies",
    ],
)
def test_what_could_change_a_test_and_was_not_seen_is_a_gap(operation: str) -> None:
    denied = gap(operation)
    evidence = found(run(), gaps=[denied])
    assert evidence.items == ()
    assert denied in evidence.gaps


def test_a_benchmark_that_was_not_seen_matters_without_another_test() -> None:
    denied = gap("sagemaker:ListAIBenchmarkJobs")
    assert found(run(), gaps=[denied]).gaps == ()
    evidence = found(TOP, *BY_HAND, gaps=[denied])
    assert evidence.items == ()
    assert denied in evidence.gaps


def test_a_version_out_of_sight_matters_for_its_own_variant() -> None:
    foreign = "arn:aws:sagemaker:eu-west-1:999999999999:model-package/x/1"
    other = serving("f", build(Container, package_arn=foreign))
    evidence = found(run(), *other)
    assert [each.arn for each in evidence.items] == [arn_of(Endpoint, "e")]
    assert {each.subject for each in evidence.gaps} >= {arn_of(Model, "f")}
