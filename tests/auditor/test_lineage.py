"""How the resources of a region hang together, and what is drawn of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit.lineage import Lineage
from mlaudit.resources import (
    Alarm,
    BatchJob,
    BatchQueue,
    Bucket,
    Endpoint,
    EndpointConfig,
    Function,
    LogGroup,
    Model,
    Pipeline,
    ProcessingJob,
    Resource,
    ResourceTags,
    StateMachine,
    Step,
    TrainingJob,
    Trigger,
    Variant,
)
from mlaudit.testing import RECENT, arn_of, build, serving

ARTIFACT = "s3://bucket/job/output/model.tar.gz"


def chain(name: str) -> tuple[Resource, ...]:
    return serving(name)


def machine(name: str, *refers_to: str) -> StateMachine:
    steps = (build(Step, kind="batch", refers_to=refers_to),)
    return build(StateMachine, name, steps=steps)


def test_upstream_goes_all_the_way_and_into_one_step() -> None:
    endpoint, config, model = serving("e")
    lineage = Lineage([endpoint, config, model])
    assert lineage.upstream(endpoint.arn, Model) == (model,)
    assert lineage.into(endpoint.arn, EndpointConfig) == (config,)
    assert lineage.into(endpoint.arn, Model) == ()
    assert lineage.upstream(model.arn, Endpoint) == ()


@pytest.mark.parametrize("unknown", ["", "arn:nothing", "s3://bucket/x"])
def test_what_is_not_there_has_no_lineage(unknown: str) -> None:
    lineage = Lineage(chain("e"))
    assert lineage.upstream(unknown, Model) == ()
    assert lineage.into(unknown, Model) == ()
    assert lineage.reach([unknown]) == frozenset()
    assert lineage.picture([unknown]).nodes == ()


def test_facts_about_resources_are_no_resources() -> None:
    tags = build(ResourceTags, "x", arn=arn_of(Endpoint, "e"), tags={"a": "b"})
    lineage = Lineage([tags])
    assert list(lineage.arns) == []


def test_reach_stops_at_what_is_closed() -> None:
    endpoint, config, model = serving("e")
    lineage = Lineage([endpoint, config, model])
    assert lineage.reach([endpoint.arn]) == {endpoint.arn, config.arn, model.arn}
    assert lineage.reach([endpoint.arn], frozenset({config.arn})) == {endpoint.arn}


def test_reach_holds_resources_and_no_data() -> None:
    job = build(TrainingJob, "j", inputs=("s3://bucket/data",))
    assert Lineage([job]).reach([job.arn]) == {job.arn}


SHARED: dict[str, tuple[Resource, ...]] = {
    "a trigger": (
        build(Pipeline, "one"),
        build(Pipeline, "two"),
        build(Trigger, "t", targets=(arn_of(Pipeline, "one"), arn_of(Pipeline, "two"))),
    ),
    "a queue": (
        machine("one", arn_of(BatchQueue, "q")),
        machine("two", arn_of(BatchQueue, "q")),
        build(BatchQueue, "q"),
    ),
    "a log group": (
        build(StateMachine, "one", log_level="ALL", log_group_arns=(arn_of(LogGroup, "g"),)),
        build(StateMachine, "two", log_level="ALL", log_group_arns=(arn_of(LogGroup, "g"),)),
        build(LogGroup, "g"),
    ),
    "an alarm": (
        build(Endpoint, "one"),
        build(Endpoint, "two"),
        build(Alarm, "a", dimensions={"EndpointName": "one"}),
    ),
    "data": (
        build(ProcessingJob, "one", inputs=("s3://bucket/data",)),
        build(TrainingJob, "two", inputs=("s3://bucket/data",)),
        build(Bucket, "bucket"),
    ),
}


@pytest.mark.parametrize("resources", SHARED.values(), ids=SHARED)
def test_what_several_share_does_not_tie_them(resources: tuple[Resource, ...]) -> None:
    lineage = Lineage(resources)
    one, two, shared = (each.arn for each in resources)
    assert two not in lineage.reach([one])
    groups = list(lineage.components(frozenset(lineage.arns)))
    assert sum(one in group for group in groups) == 1
    assert not any({one, two} <= group for group in groups)
    assert lineage.tying([one, two, shared]) == {one, two}


def test_a_queue_does_not_tie_the_jobs_of_two_state_machines() -> None:
    queue = arn_of(BatchQueue, "q")
    one, two = (f"arn:aws:batch:eu-west-1:123456789012:job-definition/{n}" for n in "ab")
    resources: list[Resource] = [
        machine("one", queue, one),
        machine("two", queue, two),
        build(BatchQueue, "q"),
        build(BatchJob, "1", queue_arn=queue, definition_arn=f"{one}:1"),
        build(BatchJob, "2", queue_arn=queue, definition_arn=f"{two}:1"),
    ]
    reached = Lineage(resources).reach([arn_of(StateMachine, "one")])
    assert reached == {arn_of(StateMachine, "one"), arn_of(BatchJob, "1"), queue}


def test_components_are_disjoint_and_complete() -> None:
    resources = [*chain("a"), *chain("b"), build(TrainingJob, "alone")]
    lineage = Lineage(resources)
    groups = list(lineage.components(frozenset(lineage.arns)))
    assert sorted(map(len, groups)) == [1, 3, 3]
    assert frozenset().union(*groups) == {each.arn for each in resources}


def test_components_stay_among_what_they_are_asked_for() -> None:
    endpoint, config, model = serving("e")
    lineage = Lineage([endpoint, config, model])
    groups = list(lineage.components(frozenset({endpoint.arn, model.arn})))
    assert sorted(groups, key=sorted) == [{endpoint.arn}, {model.arn}]


def cycle(length: int) -> list[Resource]:
    """Functions and state machines that start one another in a circle."""
    names = [f"m{number}" for number in range(length)]
    return [
        machine(name, arn_of(StateMachine, after))
        for name, after in zip(names, [*names[1:], names[0]], strict=True)
    ]


@pytest.mark.parametrize("length", [1, 2, 50])
def test_a_cycle_ends(length: int) -> None:
    resources = cycle(length)
    lineage = Lineage(resources)
    first = resources[0].arn
    assert len(lineage.reach([first])) == length
    assert len(lineage.upstream(first, StateMachine)) == length - 1
    assert len(list(lineage.components(frozenset(lineage.arns)))) == 1
    assert len(lineage.picture(lineage.arns).nodes) == length


def test_the_picture_shows_members_with_the_data_beside_them() -> None:
    data = "s3://bucket/data"
    job = build(TrainingJob, "j", inputs=(data,))
    picture = Lineage([job, build(TrainingJob, "other")]).picture([job.arn])
    assert [(node.kind, node.label, node.detail) for node in picture.nodes] == [
        ("TrainingJob", "j", "Completed"),
        ("data", "bucket/data", ""),
    ]
    assert [(each.source, each.relation, each.target) for each in picture.edges] == [
        (data, "feeds", job.arn)
    ]


def test_the_picture_is_bounded_and_keeps_the_newest() -> None:
    jobs = [
        build(TrainingJob, f"j{n:04}", inputs=("s3://b/d",), created_at=RECENT - timedelta(hours=n))
        for n in range(500)
    ]
    picture = Lineage(jobs).picture(each.arn for each in jobs)
    shown = [node.label for node in picture.nodes if node.kind == "TrainingJob"]
    assert 6 <= len(shown) <= 120
    assert shown == [f"j{n:04}" for n in range(len(shown))]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12), st.randoms())
def test_a_picture_is_whole_and_does_not_depend_on_order(
    pairs: list[tuple[int, int]], shuffle: object
) -> None:
    resources: dict[str, Resource] = {}
    for here, there in pairs:
        config = build(EndpointConfig, str(here), variants=(build(Variant, model_name=str(there)),))
        for each in (
            build(Endpoint, str(there), config_name=str(here)),
            config,
            build(Model, str(there)),
            build(Function, str(here), endpoint_names=(str(there),)),
        ):
            resources[each.arn] = each
    mixed = list(resources.values())
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    picture = Lineage(resources.values()).picture(resources)
    assert picture == Lineage(mixed).picture(list(reversed(list(resources))))
    ids = {node.id for node in picture.nodes}
    assert len(ids) == len(picture.nodes)
    assert {end for edge in picture.edges for end in (edge.source, edge.target)} == ids


def test_two_models_of_one_artefact_hang_together() -> None:
    job = build(TrainingJob, "j", artifact=ARTIFACT)
    _, _, model = serving("a")
    held = tuple(replace(each, model_data=ARTIFACT) for each in model.containers)
    both = [replace(model, containers=held), build(Model, "b", containers=held)]
    assert len(Lineage([job, *both]).reach([both[0].arn])) == 3
