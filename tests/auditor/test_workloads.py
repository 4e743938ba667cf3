"""Slicing a region: what belongs to which workload, and what to none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit.resources import (
    KINDS,
    AirflowEnvironment,
    Container,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    FeatureGroup,
    Function,
    KinesisStream,
    Model,
    ModelPackage,
    ModelPackageGroup,
    Pipeline,
    PipelineRun,
    Resource,
    ResourceTags,
    RunStep,
    StateMachine,
    Step,
    TrainingJob,
    Trigger,
    UnusedEndpointConfig,
    Variant,
)
from mlaudit.sight import Region
from mlaudit.testing import REGION, arn_of, build, serving, snapshot
from mlaudit.workloads import ML_KINDS, TAG_KEYS, Found, find_workloads

A, B = ({"mlaudit:workload": name} for name in "ab")
PROJECT = {"sagemaker:project-name": "p"}
STREAM = build(KinesisStream, "clicks")


def found(*resources: Resource, mapping: Mapping[str, Sequence[str]] | None = None) -> Found:
    return find_workloads(Region(snapshot(*resources), REGION), TAG_KEYS, mapping or {})


def sliced(result: Found) -> dict[str, tuple[str, set[str]]]:
    return {
        each.name: (each.found_by, {arn.rpartition(":")[2] for arn in each.members})
        for each in result.workloads
    }


def of(kind: str, *names: str) -> set[str]:
    return {f"{kind}/{name}" for name in names}


def parts(name: str) -> set[str]:
    return of("endpoint", name) | of("endpoint-config", name) | of("model", name)


def ml_step(*refers_to: str) -> Step:
    return Step("s", "training", (), None, None, (), refers_to)


CASES: dict[str, tuple[tuple[Resource, ...], dict[str, tuple[str, set[str]]]]] = {
    "a tag names it, lineage closes it": (
        serving("e", endpoint={"tags": A}),
        {"a": ("tag", parts("e"))},
    ),
    "the project names it where no tag does": (
        serving("e", endpoint={"tags": PROJECT}),
        {"p": ("project", parts("e"))},
    ),
    "the tag is stronger than the project": (
        serving("e", endpoint={"tags": PROJECT | A}),
        {"a": ("tag", parts("e"))},
    ),
    "a tag and a project of one name are one workload": (
        (
            *serving("e", endpoint={"tags": {"sagemaker:project-name": "a"}}),
            build(TrainingJob, "j", tags=A),
        ),
        {"a": ("tag", parts("e") | of("training-job", "j"))},
    ),
    "the listing of tags counts like a resource's own": (
        (*serving("e"), build(ResourceTags, "t", arn=arn_of(Model, "e"), tags=A)),
        {"a": ("tag", parts("e"))},
    ),
    "a resource's own tag is newer than the listing's": (
        (
            *serving("e", endpoint={"tags": A}),
            build(ResourceTags, "t", arn=arn_of(Endpoint, "e"), tags=B),
        ),
        {"a": ("tag", parts("e"))},
    ),
    "a tag on what is not machine learning counts": (
        (build(AirflowEnvironment, "x", tags=A), build(TrainingJob, "j", tags=A)),
        {"a": ("tag", of("environment", "x") | of("training-job", "j"))},
    ),
    "an empty tag names nothing": (
        serving("e", endpoint={"tags": {"mlaudit:workload": ""}}),
        {"e": ("lineage", parts("e"))},
    ),
    "another workload's tag is not swallowed": (
        serving("e", endpoint={"tags": A}, model={"tags": B}),
        {
            "a": ("tag", of("endpoint", "e") | of("endpoint-config", "e")),
            "b": ("tag", of("model", "e") | of("endpoint-config", "e")),
        },
    ),
    "what is tagged and was not read makes no workload": (
        (build(ResourceTags, "t", arn="arn:aws:ec2:eu-west-1:123456789012:instance/i-1", tags=A),),
        {},
    ),
    "lineage is named by its package group first": (
        (
            *serving("e", build(Container, package_arn=arn_of(ModelPackage, "g/1"))),
            build(ModelPackage, "g/1", group_name="g"),
            build(ModelPackageGroup, "g"),
        ),
        {
            "g": (
                "lineage",
                parts("e") | of("model-package", "g/1") | of("model-package-group", "g"),
            )
        },
    ),
    "a pipeline is a workload with what its runs made": (
        (
            build(Pipeline, "p"),
            build(PipelineRun, "r", pipeline_arn=arn_of(Pipeline, "p")),
            build(
                RunStep,
                "s",
                run_arn=arn_of(PipelineRun, "r"),
                made_arn=arn_of(TrainingJob, "j"),
            ),
            build(TrainingJob, "j"),
        ),
        {"p": ("lineage", of("pipeline", "p") | of("pipeline-run", "r") | of("training-job", "j"))},
    ),
    "a machine that runs no machine learning is none": (
        (build(StateMachine, "s"), build(StateMachine, "m", steps=(ml_step(),))),
        {"m": ("lineage", {"m"})},
    ),
    "an endpoint that does not serve is none": (serving("e", endpoint={"status": "Failed"}), {}),
    "a job alone is none": ((build(TrainingJob, "j"), build(FeatureGroup, "f")), {}),
    "two of the same name get a number": (
        (
            *serving("e"),
            build(Endpoint, "other", tags={"mlaudit:workload": "e"}),
        ),
        {"e": ("tag", of("endpoint", "other")), "e (2)": ("lineage", parts("e"))},
    ),
    "one trigger of two workloads belongs to each": (
        (
            build(Pipeline, "p", tags=A),
            build(Pipeline, "q"),
            build(Trigger, "t", targets=(arn_of(Pipeline, "p"), arn_of(Pipeline, "q"))),
        ),
        {
            "a": ("tag", of("pipeline", "p") | of("rule", "t")),
            "q": ("lineage", of("pipeline", "q") | of("rule", "t")),
        },
    ),
}


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_workloads_are_found(
    resources: tuple[Resource, ...], expected: dict[str, tuple[str, set[str]]]
) -> None:
    assert sliced(found(*resources)) == expected


MAPPED: dict[str, tuple[tuple[Resource, ...], dict[str, list[str]], dict[str, set[str]]]] = {
    "by name": (
        (build(TrainingJob, "fraud-1"), build(TrainingJob, "churn-1")),
        {"fraud": ["fraud-*"]},
        {"fraud": of("training-job", "fraud-1")},
    ),
    "by ARN": (
        (build(TrainingJob, "fraud-1"),),
        {"fraud": ["arn:aws:sagemaker:*:training-job/fraud-*"]},
        {"fraud": of("training-job", "fraud-1")},
    ),
    "only what nothing else assigned": (
        (build(TrainingJob, "fraud-1", tags=A), build(TrainingJob, "fraud-2")),
        {"fraud": ["fraud-*"]},
        {"a": of("training-job", "fraud-1"), "fraud": of("training-job", "fraud-2")},
    ),
    "into a workload that is known": (
        (build(TrainingJob, "1", tags=A), build(TrainingJob, "2")),
        {"a": ["2"]},
        {"a": of("training-job", "1", "2")},
    ),
    "with what hangs together with it": (
        serving("e", endpoint={"status": "Failed"}),
        {"fraud": ["e"]},
        {"fraud": parts("e")},
    ),
    "not with what another pattern names": (
        (
            build(TrainingJob, "1", artifact="s3://b/o"),
            build(Model, "2", containers=(build(Container, model_data="s3://b/o"),)),
        ),
        {"one": ["1"], "two": ["2"]},
        {"one": of("training-job", "1"), "two": of("model", "2")},
    ),
    "by the first pattern that fits": (
        (build(TrainingJob, "1"),),
        {"one": ["*"], "two": ["1"]},
        {"one": of("training-job", "1")},
    ),
    "nothing by a pattern that fits nothing": (
        (build(TrainingJob, "1"),),
        {"none": ["2", "["]},
        {},
    ),
}


@pytest.mark.parametrize(("resources", "mapping", "expected"), MAPPED.values(), ids=MAPPED)
def test_the_mapping_assigns_what_is_left(
    resources: tuple[Resource, ...], mapping: dict[str, list[str]], expected: dict[str, set[str]]
) -> None:
    result = sliced(found(*resources, mapping=mapping))
    assert {name: members for name, (_, members) in result.items()} == expected
    for name, (how, _) in result.items():
        assert how == ("tag" if name == "a" else "mapping")


def test_a_tag_in_two_regions_makes_two_workloads() -> None:
    other = "us-east-1"
    seen = snapshot(
        build(Endpoint, "e", tags=A),
        build(Endpoint, "e", tags=A, region=other),
        regions=(REGION, other),
    )
    workloads = [
        each
        for region in seen.scope.regions
        for each in find_workloads(Region(seen, region), TAG_KEYS, {}).workloads
    ]
    assert [(each.name, each.region) for each in workloads] == [("a", REGION), ("a", other)]
    assert not workloads[0].members & workloads[1].members


def test_another_tag_key_can_name_workloads() -> None:
    seen = snapshot(build(Endpoint, "e", tags={"team:model": "x"}))
    result = find_workloads(Region(seen, REGION), ("team:model", "project"), {})
    assert [(each.name, each.found_by) for each in result.workloads] == [("x", "tag")]


def test_orphans_are_listed() -> None:
    result = found(
        build(TrainingJob, "j"),
        build(FeatureGroup, "f"),
        build(UnusedEndpointConfig, "u"),
        build(Function, "no-machine-learning"),
        build(Trigger, "t"),
    )
    assert result.workloads == ()
    assert result.orphans == tuple(
        sorted(
            [arn_of(TrainingJob, "j"), arn_of(FeatureGroup, "f"), arn_of(UnusedEndpointConfig, "u")]
        )
    )


TAGS = st.sampled_from([{}, {}, A, B, PROJECT])
NAMES = st.sampled_from("wxyz")


@st.composite
def regions(draw: st.DrawFn) -> list[Resource]:
    """Endpoints, pipelines and their like, related and tagged at random."""
    resources: list[Resource] = []
    for _ in range(draw(st.integers(0, 5))):
        name, other, tags = draw(NAMES), draw(NAMES), draw(TAGS)
        status = draw(st.sampled_from(["InService", "Failed"]))
        resources += [
            build(Endpoint, name, config_name=other, tags=draw(TAGS), status=status),
            build(EndpointConfig, other, variants=(build(Variant, model_name=name),)),
            build(Model, name, containers=(build(Container, model_data=f"s3://b/{other}"),)),
            build(TrainingJob, other, artifact=f"s3://b/{draw(NAMES)}", tags=tags),
            build(Pipeline, name, tags=draw(TAGS)),
            build(RunStep, name, run_arn=arn_of(Pipeline, name), made_arn=arn_of(Model, other)),
            build(StateMachine, other, steps=(ml_step(arn_of(Endpoint, name)),)),
            build(Trigger, "t", targets=(arn_of(Pipeline, name), arn_of(StateMachine, other))),
        ]
    return resources


@settings(max_examples=100, deadline=None)
@given(regions(), st.sampled_from([{}, {"m": ["x"]}, {"m": ["*job/*"], "n": ["*"]}]))
def test_nothing_is_lost_and_nothing_leaks(
    resources: list[Resource], mapping: dict[str, list[str]]
) -> None:
    result = found(*resources, mapping=mapping)
    names = [each.name for each in result.workloads]
    assert len(names) == len(set(names))
    members = {arn for each in result.workloads for arn in each.members}
    machine_learning = {each.arn for each in resources if isinstance(each, ML_KINDS)}
    assert machine_learning <= members | set(result.orphans)
    assert not members & set(result.orphans)
    assert members <= {each.arn for each in resources}
    tagged = {each.arn: getattr(each, "tags", {}) for each in snapshot(*resources).resources}
    for each in result.workloads:
        names_inside = {value for arn in each.members for value in tagged[arn].values()}
        assert names_inside <= {each.name}


NO_TAGS = st.one_of(st.none(), st.text(), st.booleans(), st.lists(st.text()).map(tuple))


@given(kind=st.sampled_from(sorted(KINDS.values(), key=str)), tags=NO_TAGS)
def test_what_a_kind_calls_its_tags_need_not_be_any(kind: type[Resource], tags: Any) -> None:
    resource = build(kind)
    if "tags" in {each.name for each in fields(kind)}:
        resource = replace(resource, tags=tags)
    own = build(Pipeline, "train", tags=A)
    assert "a" in sliced(found(resource, own))


def test_a_function_that_calls_two_endpoints_is_of_both_and_merges_neither() -> None:
    caller = build(Function, "score", endpoint_names=("a", "b"))
    fed = build(EventSourceMapping, "m", source_arn=STREAM.arn, function_arn=caller.arn)
    result = found(*serving("a"), *serving("b"), caller, fed, STREAM)
    shared = {"score", "m", "stream/clicks"}
    assert sliced(result) == {
        "a": ("lineage", parts("a") | shared),
        "b": ("lineage", parts("b") | shared),
    }


def test_a_function_with_a_workload_of_its_own_takes_what_it_calls() -> None:
    caller = build(Function, "score", endpoint_names=("a", "b"), tags=A)
    result = found(*serving("a"), *serving("b"), caller)
    assert sliced(result) == {"a": ("tag", parts("a") | parts("b") | {"score"})}


def test_a_function_keeps_out_of_the_workload_that_another_tag_names() -> None:
    caller = build(Function, "score", endpoint_names=("a", "b"))
    fed = build(EventSourceMapping, "m", function_arn=caller.arn)
    tagged = serving("a", endpoint={"tags": A})
    result = found(*tagged, *serving("b"), caller, fed)
    assert sliced(result) == {
        "a": ("tag", parts("a") | {"score", "m"}),
        "b": ("lineage", parts("b") | {"score", "m"}),
    }
