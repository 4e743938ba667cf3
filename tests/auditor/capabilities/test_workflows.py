"""Workflows, what they score, what prepares data in them, and AutoML."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.transforms import post_processing, shared_preparation
from mlaudit.capabilities.workflows import auto_ml_options, batch_scorings, workflows
from mlaudit.model import GapReason
from mlaudit.resources import (
    AirflowEnvironment,
    AutoMLJob,
    Container,
    Function,
    Model,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    RunStart,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
    TrainingJob,
    TransformJob,
    Trigger,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

PIPELINE, MACHINE = arn_of(Pipeline, "p"), arn_of(StateMachine, "m")


def steps(*kinds: str, image: str | None = None) -> tuple[Step, ...]:
    return tuple(
        Step(f"s{at}", kind, (f"s{at - 1}",) if at else (), image, None, (), ())
        for at, kind in enumerate(kinds)
    )


def pipeline(*kinds: str, image: str | None = None) -> Pipeline:
    return build(Pipeline, "p", steps=steps(*kinds, image=image))


def machine(*kinds: str) -> StateMachine:
    return build(StateMachine, "m", steps=steps(*kinds))


def ran(**values: Any) -> PipelineRun:
    return build(PipelineRun, **{"pipeline_arn": PIPELINE, **values})


def executed(**values: Any) -> StateMachineRun:
    return build(StateMachineRun, **{"machine_arn": MACHINE, **values})


RUNS: dict[str, tuple[tuple[Resource, ...], list[bool]]] = {
    "a pipeline that succeeded": ((pipeline(), ran()), [True]),
    "a pipeline that failed": ((pipeline(), ran(status="Failed")), [False]),
    "a pipeline that never ran": ((pipeline(),), [False]),
    "a pipeline that ran before the window": ((pipeline(), ran(started_at=OLD)), [False]),
    "a machine that succeeded": ((machine(), executed()), [True]),
    "a machine that runs": ((machine(), executed(status="RUNNING", ended_at=None)), [False]),
    "a machine that ran before the window": ((machine(), executed(ended_at=OLD)), [False]),
}


@pytest.mark.parametrize(("resources", "expected"), RUNS.values(), ids=RUNS)
def test_workflows_succeeded_in_the_window_or_did_not(
    resources: tuple[Resource, ...], expected: list[bool]
) -> None:
    evidence = workflows(view_of(*resources))
    assert [each.succeeded_at is not None for each in evidence.items] == expected
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    "missing",
    [
        gap("sagemaker:ListPipelineExecutions"),
        gap("sagemaker:ListPipelineExecutions", PIPELINE),
        gap("stepfunctions:ListExecutions"),
        gap("sagemaker:DescribePipeline", PIPELINE, code="DefinitionNotUnderstood"),
    ],
)
def test_a_workflow_of_unseen_runs_or_steps_is_a_gap(missing: Any) -> None:
    evidence = workflows(view_of(pipeline("tuning"), gaps=[missing]))
    assert evidence.gaps == (missing,)
    assert evidence.items == ()


def test_a_workflow_that_succeeded_needs_no_more_runs() -> None:
    missing = gap("sagemaker:ListPipelineExecutions")
    evidence = workflows(view_of(pipeline(), ran(), gaps=[missing]))
    assert len(evidence.items) == 1


def test_what_airflow_runs_is_a_gap() -> None:
    airflow = build(AirflowEnvironment, "x")
    (missing,) = workflows(view_of(airflow)).gaps
    assert (missing.reason, missing.subject) == (GapReason.CONTENT_NOT_READ, airflow.arn)


def test_a_step_runs_before_another_even_in_a_circle() -> None:
    circle = (
        Step("a", "processing", ("b",), None, None, (), ()),
        Step("b", "training", ("a", "gone"), None, None, (), ()),
    )
    (flow,) = workflows(view_of(build(Pipeline, "p", steps=circle))).items
    assert flow.runs_before(frozenset({"processing"}), frozenset({"training"}))
    assert not flow.runs_before(frozenset({"transform"}), frozenset({"training"}))


def test_a_step_that_is_repeated_is_not_before_itself() -> None:
    loop = (
        Step("list", "listobjectsv2", ("score", "more"), None, None, (), ()),
        Step("score", "transform", ("list", "more"), None, None, (), ()),
        Step("more", "condition", ("score",), None, None, (), ()),
    )
    (flow,) = workflows(view_of(build(StateMachine, "m", steps=loop))).items
    assert not flow.runs_before(frozenset({"transform"}), frozenset({"transform"}))
    assert flow.runs_before(frozenset({"listobjectsv2"}), frozenset({"transform"}))


FUNCTION = build(Function, "f")
CALLER = build(StateMachine, "m", steps=(Step("s", "pipeline", (), None, None, (), (PIPELINE,)),))
WAYS: dict[str, tuple[Resource, ...]] = {
    "a state machine": (CALLER, build(Trigger, "t", targets=(MACHINE,))),
    "a function": (
        FUNCTION,
        build(RunStart, pipeline_name="p", program="f"),
        build(Trigger, "t", targets=(FUNCTION.arn,)),
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_scoring_may_be_started_by_way_of_something_else(way: tuple[Resource, ...]) -> None:
    evidence = batch_scorings(view_of(pipeline("transform"), ran(), *way))
    assert [each.started_by for each in evidence.items] == [("t",)]


def test_who_started_runs_must_be_known_where_a_trigger_calls_a_function() -> None:
    missing = gap("cloudtrail:LookupEvents")
    called = build(Trigger, "t", targets=(FUNCTION.arn,))
    evidence = batch_scorings(view_of(pipeline("transform"), ran(), called, gaps=[missing]))
    assert (evidence.items, evidence.gaps) == ((), (missing,))


def trigger(*, enabled: bool = True) -> Trigger:
    return build(Trigger, "t", targets=(PIPELINE, MACHINE), enabled=enabled)


def job(name: str = "j", **values: Any) -> TransformJob:
    return build(TransformJob, name, **values)


SCORINGS: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool, bool]]]] = {
    "by a trigger": ((pipeline("transform"), ran(), trigger()), [(True, True, True)]),
    "by a trigger that is off": (
        (pipeline("transform"), ran(), trigger(enabled=False)),
        [(True, False, True)],
    ),
    "without success": ((machine("transform"), trigger()), [(True, True, False)]),
    "without scoring": ((pipeline("training"), ran(), trigger()), []),
    "once": ((job(),), [(False, False, True)]),
    "once before the window": ((job(ended_at=OLD),), [(False, False, False)]),
    "once, still running": ((job(status="InProgress", ended_at=None),), []),
    "once and failed": ((job(status="Failed"),), [(False, False, False)]),
    "once, by a workflow": (
        (
            pipeline("transform"),
            job(),
            build(RunStep, run_arn=PIPELINE, made_arn=arn_of(TransformJob, "j")),
        ),
        [(True, False, False)],
    ),
    "by a job that a pipeline named": ((job("pipelines-abc-Score-x"),), []),
}


@pytest.mark.parametrize(("resources", "expected"), SCORINGS.values(), ids=SCORINGS)
def test_batches_are_scored(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool, bool]]
) -> None:
    evidence = batch_scorings(view_of(*resources))
    assert [
        (each.in_workflow, bool(each.started_by), each.succeeded_at is not None)
        for each in evidence.items
    ] == expected
    assert evidence.gaps == ()


@pytest.mark.parametrize("operation", ["events:ListTargetsByRule", "scheduler:GetSchedule"])
def test_an_unseen_trigger_is_not_missing(operation: str) -> None:
    missing = gap(operation)
    evidence = batch_scorings(view_of(pipeline("transform"), ran(), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


AUTO: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool]]]] = {
    "a job": ((build(AutoMLJob, "a"),), [(True, True)]),
    "an old job": ((build(AutoMLJob, "a", ended_at=OLD),), [(True, False)]),
    "a library": ((build(TrainingJob, "j", image="x/autogluon-training:1.0"),), [(True, True)]),
    "another library": ((build(TrainingJob, "j", image="x/pytorch:2.0"),), []),
    "a step": ((pipeline("automl"),), [(False, False)]),
}


@pytest.mark.parametrize(("resources", "expected"), AUTO.values(), ids=AUTO)
def test_automl_was_tried(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool]]
) -> None:
    evidence = auto_ml_options(view_of(*resources))
    assert [(each.tried, each.completed) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_a_step_is_an_option_whether_or_not_its_runs_are_seen() -> None:
    missing = gap("stepfunctions:ListExecutions")
    evidence = auto_ml_options(view_of(machine("automl"), gaps=[missing]))
    assert len(evidence.items) == 1


OWN = build(Container, image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/prepare:1")
LEARNER = build(Container, image="x/sagemaker-xgboost:1.7-1")
BUILT_IN = build(Container, image="x/linear-learner:1")
SERIAL, DIRECT = {"execution_mode": "Serial"}, {"execution_mode": "Direct"}
HIDDEN = "hidden"

AFTER: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool]] | str]] = {
    "one container": (serving("e", LEARNER), HIDDEN),
    "one built-in": (serving("e", BUILT_IN), [(False, False)]),
    "three in sequence": (serving("e", OWN, LEARNER, OWN, model=SERIAL), [(True, True)]),
    "two in sequence": (serving("e", OWN, LEARNER, model=SERIAL), HIDDEN),
    "several by name": (serving("e", LEARNER, LEARNER, OWN, model=DIRECT), HIDDEN),
    "several built-in by name": (
        serving("e", BUILT_IN, BUILT_IN, BUILT_IN, model=DIRECT),
        [(False, False)],
    ),
    "a filter": ((job(output_filter="$.score", status="Failed"),), [(True, False)]),
    "a filter before the window": ((job(output_filter="$.score", ended_at=OLD),), [(True, False)]),
    "a filter that keeps everything": ((job(output_filter="$", status="Failed"),), []),
    "a join": ((job(joins_input=True, status="Failed"),), [(True, False)]),
    "a step after scoring": ((pipeline("transform", "processing"), ran()), [(True, True)]),
    "a step that never ran": ((pipeline("transform", "lambda"),), [(True, False)]),
    "a step before scoring": ((pipeline("processing", "transform"), ran()), []),
}


@pytest.mark.parametrize(("resources", "expected"), AFTER.values(), ids=AFTER)
def test_work_on_answers_shows_or_is_hidden(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool]] | str
) -> None:
    evidence = post_processing(view_of(*resources))
    found = [(each.present, each.used) for each in evidence.items]
    unread = [each.subject for each in evidence.gaps]
    if expected == HIDDEN:
        assert (found, unread) == ([], [arn_of(Model, "e")])
    else:
        assert (found, unread) == (expected, [])


SKLEARN = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1"
OF_AWS = build(Container, image=SKLEARN)
PREPARES = build(ProcessingJob, "j", image=OWN.image)
EVALUATES = build(ProcessingJob, "j", image=LEARNER.image)
BEFORE: dict[str, tuple[tuple[Resource, ...], list[bool] | str]] = {
    "the same image": ((*serving("e", OWN, LEARNER, model=SERIAL), PREPARES), [True]),
    "the same image as a step": (
        (*serving("e", OWN, LEARNER, model=SERIAL), pipeline("processing", image=OWN.image)),
        [True],
    ),
    "another image": ((*serving("e", LEARNER, OWN, model=SERIAL), PREPARES), [False]),
    "the same image of AWS": (
        (*serving("e", OF_AWS, LEARNER, model=SERIAL), build(ProcessingJob, "j", image=SKLEARN)),
        HIDDEN,
    ),
    "the same public image": (
        (*serving("e", LEARNER, OWN, model=SERIAL), EVALUATES),
        HIDDEN,
    ),
    "the image of the model": (
        (*serving("e", OWN, LEARNER, OWN, model=SERIAL), EVALUATES),
        HIDDEN,
    ),
    "an unknown image": (serving("e", build(Container), LEARNER, model=SERIAL), HIDDEN),
    "code of one's own": ((*serving("e", LEARNER), PREPARES), HIDDEN),
    "a built-in": ((*serving("e", BUILT_IN), PREPARES), [False]),
    "several by name": ((*serving("e", OWN, LEARNER, model=DIRECT), PREPARES), HIDDEN),
}


@pytest.mark.parametrize(("resources", "expected"), BEFORE.values(), ids=BEFORE)
def test_preparation_is_shared_or_hidden(
    resources: tuple[Resource, ...], expected: list[bool] | str
) -> None:
    evidence = shared_preparation(view_of(*resources))
    found = [each.shared for each in evidence.items]
    unread = [each.subject for each in evidence.gaps]
    if expected == HIDDEN:
        assert (found, unread) == ([], [arn_of(Model, "e")])
    else:
        assert (found, unread) == (expected, [])


def test_preparation_that_could_not_be_seen_is_not_missing() -> None:
    missing = gap("sagemaker:ListProcessingJobs")
    evidence = shared_preparation(view_of(*serving("e", BUILT_IN), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


def test_the_newest_success_counts() -> None:
    runs = (ran(), build(PipelineRun, "2", pipeline_arn=PIPELINE, status="Failed"))
    (flow,) = workflows(view_of(pipeline(), *runs)).items
    assert flow.succeeded_at == RECENT
