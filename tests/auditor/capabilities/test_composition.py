"""Several models together, side by side and one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.composition import chained_models, parallel_models
from mlaudit.model import GapReason
from mlaudit.resources import (
    Container,
    Endpoint,
    InferenceComponent,
    Model,
    Pipeline,
    PipelineRun,
    Resource,
    Step,
    Traffic,
    Variant,
)
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of

TWO = (build(Container), build(Container))


def component(name: str, status: str = "InService") -> InferenceComponent:
    return build(InferenceComponent, name, endpoint_arn=arn_of(Endpoint, "e"), status=status)


def calling(*kinds: str) -> Pipeline:
    steps = tuple(
        Step(f"s{at}", kind, (f"s{at - 1}",) if at else (), None, None, (), ())
        for at, kind in enumerate(kinds)
    )
    return build(Pipeline, "p", steps=steps)


def ran(status: str = "Succeeded", *, old: bool = False) -> PipelineRun:
    run = build(PipelineRun, pipeline_arn=arn_of(Pipeline, "p"), status=status)
    return build(
        PipelineRun,
        pipeline_arn=arn_of(Pipeline, "p"),
        status=status,
        started_at=OLD if old else run.started_at,
    )


PARALLEL: dict[str, tuple[tuple[Resource, ...], list[int | None]]] = {
    "one model": (serving("e"), []),
    "many on demand": (
        serving("e", build(Container, multi_model=True), instance_count=2),
        [2],
    ),
    "called by name": (serving("e", *TWO, model={"execution_mode": "Direct"}), [1]),
    "two components": ((*serving("e", model_name=None), component("1"), component("2")), [1]),
    "two components of one model": (
        (
            *serving("e", model_name=None),
            build(Model, "m"),
            replace(component("1"), model_name="m"),
            replace(component("2"), model_name="m"),
        ),
        [],
    ),
    "one of two components failed": (
        (*serving("e", model_name=None), component("1"), component("2", "Failed")),
        [],
    ),
    "serverless": (
        serving("e", build(Container, multi_model=True), serverless_concurrency=1),
        [None],
    ),
    "managed": (
        serving("e", build(Container, multi_model=True), managed_scaling=True, managed_min=2),
        [2],
    ),
    "two models by variant": (
        (
            *serving(
                "e",
                config={
                    "variants": (
                        build(Variant, "1", model_name="e", instance_count=2),
                        build(Variant, "2", model_name="f", instance_count=1),
                    )
                },
            ),
            build(Model, "f"),
        ),
        [1],
    ),
}


@pytest.mark.parametrize(("resources", "expected"), PARALLEL.values(), ids=PARALLEL)
def test_models_share_an_endpoint(
    resources: tuple[Resource, ...], expected: list[int | None]
) -> None:
    evidence = parallel_models(view_of(*resources))
    assert [each.capacity for each in evidence.items] == expected
    assert evidence.gaps == ()


CHAINED: dict[str, tuple[tuple[Resource, ...], list[int | None]]] = {
    "one container": (serving("e"), []),
    "in sequence": (serving("e", *TWO, model={"execution_mode": "Serial"}), [1]),
    "called by name": (serving("e", *TWO, model={"execution_mode": "Direct"}), []),
    "in a workflow": ((calling("transform", "lambda", "inference"), ran()), [None]),
    "in a workflow that failed": ((calling("transform", "transform"), ran("Failed")), []),
    "in a run before the window": ((calling("transform", "transform"), ran(old=True)), []),
    "once in a workflow": ((calling("training", "transform"), ran()), []),
}


@pytest.mark.parametrize(("resources", "expected"), CHAINED.values(), ids=CHAINED)
def test_models_run_one_after_another(
    resources: tuple[Resource, ...], expected: list[int | None]
) -> None:
    evidence = chained_models(view_of(*resources))
    assert [each.capacity for each in evidence.items] == expected
    assert evidence.gaps == ()


UNSEEN = [
    "application-autoscaling:DescribeScalableTargets",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel",
    "sagemaker:DescribeInferenceComponent",
]


@pytest.mark.parametrize("operation", UNSEEN)
def test_what_hides_models_or_their_capacity_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    resources = serving("e", build(Container, multi_model=True))
    for evidence in (
        parallel_models(view_of(*resources, gaps=[missing])),
        chained_models(view_of(*resources, gaps=[missing])),
    ):
        assert missing in evidence.gaps


def test_an_unseen_capacity_is_not_none() -> None:
    missing = gap("application-autoscaling:DescribeScalableTargets")
    resources = serving("e", build(Container, multi_model=True), instance_count=4)
    assert parallel_models(view_of(*resources, gaps=[missing])).items == ()


def test_a_deleted_model_is_a_gap() -> None:
    endpoint, config, _ = serving("e")
    for evidence in (
        parallel_models(view_of(endpoint, config)),
        chained_models(view_of(endpoint, config)),
    ):
        assert evidence.items == ()
        assert [(each.reason, each.subject) for each in evidence.gaps] == [
            (GapReason.GONE, endpoint.arn)
        ]


COMBINED = serving(
    "e", *TWO, build(Container, multi_model=True), model={"execution_mode": "Serial"}
)


def traffic(requests: float) -> Traffic:
    arn = COMBINED[0].arn
    return build(
        Traffic, arn=f"{arn}#main", endpoint_arn=arn, variant_name="main", requests=requests
    )


@pytest.mark.parametrize("provided", [parallel_models, chained_models])
def test_models_that_nobody_asked_are_not_used(provided: Any) -> None:
    for requests, used in ((0.0, [False]), (1.0, [True])):
        found = provided(view_of(*COMBINED, traffic(requests)))
        assert [each.used for each in found.items] == used


@pytest.mark.parametrize("provided", [parallel_models, chained_models])
def test_models_of_which_the_use_could_not_be_seen_are_a_gap(provided: Any) -> None:
    hidden = gap("cloudwatch:GetMetricData")
    unseen = provided(view_of(*COMBINED, gaps=[hidden]))
    assert (unseen.items, unseen.gaps) == ((), (hidden,))
