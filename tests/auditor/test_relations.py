"""Which resource leads to which, and that a reference to nothing leads nowhere."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit.relations import Relation, relations
from mlaudit.resources import (
    KINDS,
    Alarm,
    BatchJob,
    BatchQueue,
    Container,
    DeliveryPipeline,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    FeatureGroup,
    Function,
    InferenceComponent,
    KinesisStream,
    LogGroup,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    RecommendationJob,
    Resource,
    RunStep,
    ScalableTarget,
    ShadowTest,
    StateMachine,
    StateMachineRun,
    Step,
    TrainingJob,
    TransformJob,
    Trigger,
    TuningJob,
    Variant,
)
from mlaudit.testing import arn_of, build

DATA = "s3://bucket/data"
ARTIFACT = "s3://bucket/job/output/model.tar.gz"
RUN = arn_of(Pipeline, "p") + "/execution/1"
DELIVERY = "arn:aws:codepipeline:eu-west-1:123456789012:d"
QUEUE = arn_of(BatchQueue, "q")
DEFINITION = "arn:aws:batch:eu-west-1:123456789012:job-definition/train"


def variants(model: str) -> tuple[Variant, ...]:
    return (build(Variant, model_name=model),)


def holding(**container: Any) -> tuple[Container, ...]:
    return (build(Container, **container),)


def step(*refers_to: str) -> tuple[Step, ...]:
    return (build(Step, refers_to=refers_to),)


TABLE: dict[str, tuple[tuple[Resource, ...], set[tuple[str, str, str]]]] = {
    "data feeds training": (
        (build(TrainingJob, "j", inputs=(DATA,)),),
        {(DATA, "feeds", arn_of(TrainingJob, "j"))},
    ),
    "tuning tried and chose": (
        (
            build(TrainingJob, "j", tuning_job_arn=arn_of(TuningJob, "t")),
            build(TuningJob, "t", best_training_job_arn=arn_of(TrainingJob, "j")),
        ),
        {(arn_of(TuningJob, "t"), "chose", arn_of(TrainingJob, "j"))},
    ),
    "processing reads and writes": (
        (build(ProcessingJob, "j", inputs=(DATA,), outputs=("s3://bucket/out",)),),
        {
            (DATA, "feeds", arn_of(ProcessingJob, "j")),
            (arn_of(ProcessingJob, "j"), "writes", "s3://bucket/out"),
        },
    ),
    "features are written": (
        (build(FeatureGroup, "f", offline_uri=DATA),),
        {(arn_of(FeatureGroup, "f"), "writes", DATA)},
    ),
    "an artefact leads from job to package": (
        (
            build(TrainingJob, "j", artifact=ARTIFACT),
            build(ModelPackage, "g/1", containers=holding(model_data=ARTIFACT)),
        ),
        {(arn_of(TrainingJob, "j"), "made", arn_of(ModelPackage, "g/1"))},
    ),
    "a group holds its packages": (
        (build(ModelPackageGroup, "g"), build(ModelPackage, "g/1", group_name="g")),
        {(arn_of(ModelPackageGroup, "g"), "holds", arn_of(ModelPackage, "g/1"))},
    ),
    "a run registered": (
        (build(PipelineRun, "r", arn=RUN), build(ModelPackage, "g/1", generated_by=RUN)),
        {(RUN, "registered", arn_of(ModelPackage, "g/1"))},
    ),
    "the pipeline of a run that is too old registered": (
        (build(Pipeline, "p"), build(ModelPackage, "g/1", generated_by=RUN)),
        {(arn_of(Pipeline, "p"), "registered", arn_of(ModelPackage, "g/1"))},
    ),
    "a model is deployed from its package only": (
        (
            build(TrainingJob, "j", artifact=ARTIFACT),
            build(ModelPackage, "g/1"),
            build(
                Model,
                "m",
                containers=holding(package_arn=arn_of(ModelPackage, "g/1"), model_data=ARTIFACT),
            ),
        ),
        {(arn_of(ModelPackage, "g/1"), "deployed as", arn_of(Model, "m"))},
    ),
    "a model is deployed from its job": (
        (
            build(TrainingJob, "j", artifact=ARTIFACT),
            build(Model, "m", containers=holding(model_data=ARTIFACT)),
        ),
        {(arn_of(TrainingJob, "j"), "deployed as", arn_of(Model, "m"))},
    ),
    "a configuration places models, shadows included": (
        (
            build(Model, "m"),
            build(Model, "s"),
            build(EndpointConfig, "c", variants=variants("m"), shadow_variants=variants("s")),
        ),
        {
            (arn_of(Model, "m"), "placed by", arn_of(EndpointConfig, "c")),
            (arn_of(Model, "s"), "placed by", arn_of(EndpointConfig, "c")),
        },
    ),
    "an endpoint serves on its configuration": (
        (build(EndpointConfig, "c"), build(Endpoint, "e", config_name="c")),
        {(arn_of(EndpointConfig, "c"), "serves on", arn_of(Endpoint, "e"))},
    ),
    "a component places a model on an endpoint": (
        (
            build(Model, "m"),
            build(Endpoint, "e"),
            build(InferenceComponent, "i", model_name="m", endpoint_arn=arn_of(Endpoint, "e")),
        ),
        {
            (arn_of(Model, "m"), "placed by", arn_of(InferenceComponent, "i")),
            (arn_of(InferenceComponent, "i"), "serves on", arn_of(Endpoint, "e")),
        },
    ),
    "a study measures a model and a version": (
        (
            build(Model, "m"),
            build(ModelPackage, "g/1"),
            build(
                RecommendationJob,
                "r",
                model_name="m",
                package_version_arn=arn_of(ModelPackage, "g/1"),
            ),
        ),
        {
            (arn_of(Model, "m"), "measured by", arn_of(RecommendationJob, "r")),
            (arn_of(ModelPackage, "g/1"), "measured by", arn_of(RecommendationJob, "r")),
        },
    ),
    "a shadow is tested": (
        (
            build(Model, "m"),
            build(Endpoint, "e"),
            build(ShadowTest, "t", endpoint_name="e", model_names=("m", "gone")),
        ),
        {
            (arn_of(Model, "m"), "tried by", arn_of(ShadowTest, "t")),
            (arn_of(ShadowTest, "t"), "tests on", arn_of(Endpoint, "e")),
        },
    ),
    "a batch is scored": (
        (
            build(Model, "m"),
            build(TransformJob, "t", model_name="m", inputs=(DATA,), output="s3://bucket/out"),
        ),
        {
            (arn_of(Model, "m"), "scores in", arn_of(TransformJob, "t")),
            (DATA, "feeds", arn_of(TransformJob, "t")),
            (arn_of(TransformJob, "t"), "writes", "s3://bucket/out"),
        },
    ),
    "a pipeline ran and made": (
        (
            build(Pipeline, "p"),
            build(PipelineRun, "r", arn=RUN, pipeline_arn=arn_of(Pipeline, "p")),
            build(RunStep, "s", run_arn=RUN, made_arn=arn_of(TrainingJob, "j")),
            build(TrainingJob, "j"),
        ),
        {
            (arn_of(Pipeline, "p"), "ran as", RUN),
            (RUN, "made", arn_of(TrainingJob, "j")),
        },
    ),
    "a state machine ran, uses a queue and submitted its jobs": (
        (
            build(StateMachine, "s", steps=step(QUEUE, DEFINITION)),
            build(StateMachineRun, "r", machine_arn=arn_of(StateMachine, "s")),
            build(BatchQueue, "q"),
            build(BatchJob, "mine", queue_arn=QUEUE, definition_arn=f"{DEFINITION}:3"),
            build(BatchJob, "other", queue_arn=QUEUE, definition_arn=f"{DEFINITION}-2:1"),
        ),
        {
            (arn_of(StateMachine, "s"), "ran as", arn_of(StateMachineRun, "r")),
            (arn_of(StateMachine, "s"), "uses", QUEUE),
            (QUEUE, "ran", arn_of(BatchJob, "mine")),
            (QUEUE, "ran", arn_of(BatchJob, "other")),
            (arn_of(StateMachine, "s"), "submitted", arn_of(BatchJob, "mine")),
        },
    ),
    "a trigger starts": (
        (build(Pipeline, "p"), build(Trigger, "t", targets=(arn_of(Pipeline, "p"), "arn:gone"))),
        {(arn_of(Trigger, "t"), "starts", arn_of(Pipeline, "p"))},
    ),
    "a rule promotes the versions of its group": (
        (
            build(ModelPackageGroup, "g"),
            build(DeliveryPipeline, "d", arn=DELIVERY),
            build(
                Trigger,
                "t",
                targets=(DELIVERY,),
                pattern='{"detail": {"ModelPackageGroupName": ["g", "gone"]}}',
            ),
            build(Trigger, "u", pattern='{"detail": {"ModelPackageGroupName": ["g"]}}'),
            build(Trigger, "v", targets=(DELIVERY,), pattern="not JSON"),
        ),
        {
            (arn_of(Trigger, "t"), "starts", DELIVERY),
            (arn_of(Trigger, "v"), "starts", DELIVERY),
            (arn_of(ModelPackageGroup, "g"), "is promoted by", DELIVERY),
        },
    ),
    "a stream reaches an endpoint": (
        (
            build(KinesisStream, "k"),
            build(
                EventSourceMapping,
                "x",
                source_arn=arn_of(KinesisStream, "k"),
                function_arn=arn_of(Function, "f"),
            ),
            build(Function, "f", endpoint_names=("e", "gone")),
            build(Endpoint, "e"),
        ),
        {
            (arn_of(KinesisStream, "k"), "feeds", arn_of(EventSourceMapping, "x")),
            (arn_of(EventSourceMapping, "x"), "invokes", arn_of(Function, "f")),
            (arn_of(Function, "f"), "calls", arn_of(Endpoint, "e")),
        },
    ),
    "scaling is of an endpoint or a component": (
        (
            build(Endpoint, "e"),
            build(InferenceComponent, "e"),
            build(ScalableTarget, "1", resource_id="endpoint/e/variant/main"),
            build(ScalableTarget, "2", resource_id="inference-component/e"),
            build(ScalableTarget, "3", resource_id="endpoint/gone/variant/main"),
            build(ScalableTarget, "4", resource_id="e"),
        ),
        {
            (arn_of(ScalableTarget, "1"), "scales", arn_of(Endpoint, "e")),
            (arn_of(ScalableTarget, "2"), "scales", arn_of(InferenceComponent, "e")),
        },
    ),
    "what watches an endpoint": (
        (
            build(Endpoint, "e"),
            build(MonitoringSchedule, "s", endpoint_name="e"),
            build(Alarm, "a", dimensions={"EndpointName": "e"}),
            build(Alarm, "b", dimensions={"QueueName": "e"}),
        ),
        {
            (arn_of(MonitoringSchedule, "s"), "monitors", arn_of(Endpoint, "e")),
            (arn_of(Alarm, "a"), "watches", arn_of(Endpoint, "e")),
        },
    ),
    "who logs": (
        (
            build(Endpoint, "e"),
            build(Function, "f"),
            build(
                StateMachine, "s", log_level="ALL", log_group_arns=(arn_of(LogGroup, "s") + ":*",)
            ),
            build(LogGroup, "/aws/sagemaker/Endpoints/e"),
            build(LogGroup, "/aws/lambda/f"),
            build(LogGroup, "s"),
            build(LogGroup, "/aws/sagemaker/Endpoints/gone"),
        ),
        {
            (arn_of(Endpoint, "e"), "logs to", arn_of(LogGroup, "/aws/sagemaker/Endpoints/e")),
            (arn_of(Function, "f"), "logs to", arn_of(LogGroup, "/aws/lambda/f")),
            (arn_of(StateMachine, "s"), "logs to", arn_of(LogGroup, "s")),
        },
    ),
}


@pytest.mark.parametrize(("resources", "expected"), TABLE.values(), ids=TABLE)
def test_each_reference_is_a_relation(
    resources: tuple[Resource, ...], expected: set[tuple[str, str, str]]
) -> None:
    found = {(each.source, each.words, each.target) for each in relations(resources)}
    assert found >= expected
    assert {each for each in found if each not in expected} <= (
        {(arn_of(TuningJob, "t"), "tried", arn_of(TrainingJob, "j"))}
    )


def test_a_later_relation_of_the_same_two_does_not_hide_the_first() -> None:
    resources, _ = TABLE["tuning tried and chose"]
    words = [each.words for each in relations(resources)]
    assert sorted(words) == ["chose", "tried"]


@pytest.mark.parametrize(("resources", "expected"), TABLE.values(), ids=TABLE)
def test_a_reference_to_what_is_not_there_is_no_relation(
    resources: tuple[Resource, ...], expected: set[tuple[str, str, str]]
) -> None:
    for missing in resources:
        left = [each for each in resources if each is not missing]
        ends = {end for each in relations(left) for end in (each.source, each.target)}
        assert ends <= {each.arn for each in left} | {
            end for source, _, target in expected for end in (source, target) if end[:2] == "s3"
        }


ODD = ["", "/", "//", ":", "::::::", "s3://", "a/b/c", "*", "[", "\x00", "é", "#", "e" * 5000]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_odd_values_do_no_harm(kind: type[Resource], odd: str) -> None:
    hints = get_type_hints(kind)
    texts = {
        each.name: odd
        for each in fields(kind)
        if each.name != "region" and hints[each.name] in (str, str | None)
    }
    lists = {each.name: (odd, odd) for each in fields(kind) if hints[each.name] == tuple[str, ...]}
    found = list(relations([build(kind, "it", **texts, **lists), build(Endpoint, "e")]))
    assert all(isinstance(each, Relation) for each in found)


names = st.sampled_from(["a", "b", "c"])


@settings(max_examples=50, deadline=None)
@given(st.lists(names, min_size=2, max_size=6), st.permutations(range(6)))
def test_relations_do_not_depend_on_the_order_of_resources(
    chosen: list[str], order: list[int]
) -> None:
    resources: list[Resource] = []
    for name, other in pairwise(chosen):
        resources += [
            build(Endpoint, name, config_name=other),
            build(EndpointConfig, name, variants=variants(other)),
            build(Model, name),
        ]
    resources = list({each.arn: each for each in resources}.values())
    mixed = [resources[at] for at in order if at < len(resources)]
    mixed += [each for each in resources if each not in mixed]
    assert set(relations(mixed)) == set(relations(resources))


def test_a_resource_without_containers_relates_to_nothing() -> None:
    empty: list[Resource] = [
        build(Model, "m"),
        replace(build(ModelPackage, "g/1"), containers=(build(Container),)),
        build(EndpointConfig, "c"),
        build(ScalableTarget, "t"),
    ]
    assert list(relations(empty)) == []
