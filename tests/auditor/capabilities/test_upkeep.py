"""What keeps an account in order."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.upkeep import leftovers, tagged, traced_parts
from mlaudit.resources import (
    Endpoint,
    Function,
    InferenceComponent,
    LogGroup,
    Model,
    ModelPackageGroup,
    Pipeline,
    ShadowTest,
    StateMachine,
    TrainingJob,
    TransformJob,
    UnusedEndpointConfig,
)
from mlaudit.sight import View
from mlaudit.testing import OLD, RECENT, build, gap, serving, view_of

BOTH = {"Owner": "ada", "cost-center": "7"}


@pytest.mark.parametrize(
    ("tags", "owned", "charged"),
    [
        (BOTH, True, True),
        ({"team": "fraud"}, True, False),
        ({"sagemaker:project-name": "fraud"}, False, True),
        ({"Owner": "", "CostCenter": ""}, False, False),
        ({}, False, False),
    ],
)
def test_keys_tell_who_answers_and_who_pays(
    tags: dict[str, str], *, owned: bool, charged: bool
) -> None:
    (found,) = tagged(view_of(build(Endpoint, "e", tags=tags))).items
    assert (found.owned, found.charged) == (owned, charged)


def test_what_stands_and_the_newest_of_each_job_are_tagged() -> None:
    view = view_of(
        build(Endpoint, "e"),
        build(Endpoint, "f", status="Failed"),
        build(Pipeline, "p"),
        build(ModelPackageGroup, "g"),
        build(TrainingJob, "j1", created_at=OLD),
        build(TrainingJob, "j2"),
        build(TrainingJob, "j3", tuning_job_arn="arn:t"),
        build(TrainingJob, "j4", auto_ml_job_arn="arn:a"),
        build(TransformJob, "t", created_at=OLD),
    )
    found = tagged(view)
    assert [each.words for each in found.items] == [
        "endpoint e",
        "pipeline p",
        "model package group g",
        "training job j2",
    ]
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("operation", "left"),
    [("sagemaker:ListTags", []), ("sagemaker:ListTrainingJobs", ["endpoint e"])],
)
def test_what_may_have_tags_out_of_sight_is_not_called_untagged(
    operation: str, left: list[str]
) -> None:
    view = view_of(build(Endpoint, "e"), build(TrainingJob, "j"), gaps=[gap(operation)])
    found = tagged(view)
    assert [each.words for each in found.items] == left
    assert gap(operation) in found.gaps


def platform(*resources: Any, gaps: tuple[Any, ...] = ()) -> View:
    return View(view_of(*resources, gaps=gaps).region, None)


def model(name: str) -> Model:
    return build(Model, name, created_at=OLD)


USED = (
    *serving("e", model={"created_at": OLD}),
    model("component"),
    build(InferenceComponent, "i", model_name="component"),
    model("batch"),
    build(TransformJob, "t", model_name="batch"),
    model("shadow"),
    build(ShadowTest, "s", model_names=("shadow",)),
)


def test_what_nothing_uses_is_counted() -> None:
    unused = build(UnusedEndpointConfig, "c", created_at=OLD)
    young = build(UnusedEndpointConfig, "new", created_at=RECENT)
    found = leftovers(platform(*USED, model("left"), model("too"), unused, young))
    assert [(each.words, each.count) for each in found.items] == [
        ("models", 2),
        ("endpoint configurations", 1),
    ]
    assert leftovers(platform(*USED)).items == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListModels",
        "sagemaker:ListEndpointConfigs",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListTransformJobs",
        "sagemaker:ListInferenceComponents",
        "sagemaker:ListInferenceExperiments",
    ],
)
def test_what_may_be_used_out_of_sight_is_not_left_behind(operation: str) -> None:
    found = leftovers(platform(model("left"), gaps=(gap(operation),)))
    assert found.items == ()
    assert gap(operation) in found.gaps


def test_parts_tell_what_they_do_not_keep() -> None:
    view = view_of(
        build(Function, "f"),
        build(Function, "g", traced=True),
        build(StateMachine, "m", tracing=True),
        build(StateMachine, "n", log_level="ALL"),
        build(LogGroup, "/l"),
        build(LogGroup, "/k", retention_days=30),
    )
    found = traced_parts(view)
    assert {each.words: each.lacks for each in found.items} == {
        "function f": ("traces",),
        "function g": (),
        "state machine m": ("logs",),
        "state machine n": ("traces",),
        "log group /l": ("a retention",),
        "log group /k": (),
    }
    assert found.gaps == ()


@pytest.mark.parametrize(
    "operation",
    ["lambda:ListFunctions", "stepfunctions:ListStateMachines", "logs:DescribeLogGroups"],
)
def test_parts_that_could_not_be_seen_are_a_gap(operation: str) -> None:
    assert gap(operation) in traced_parts(view_of(gaps=[gap(operation)])).gaps
