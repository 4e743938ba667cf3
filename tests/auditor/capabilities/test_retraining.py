"""What starts training again by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlaudit.capabilities.retraining import period_of, retrain_schedules
from mlaudit.model import Gap
from mlaudit.resources import (
    Function,
    Pipeline,
    PipelineRun,
    Resource,
    RunStart,
    StateMachine,
    Step,
    Trigger,
)
from mlaudit.testing import NOW, RECENT, arn_of, build, gap, view_of

PIPELINE, MACHINE = arn_of(Pipeline, "p"), arn_of(StateMachine, "m")
FUNCTION = build(Function, "f")


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("rate(1 day)", 1),
        ("rate(12 hours)", 0.5),
        ("rate(2 weeks)", 14),
        ("cron(0 3 * * ? *)", 1),
        ("cron(0 3 ? * MON *)", 7),
        ("cron(0 3 ? * MON#1 *)", 35),
        ("cron(0 3 1 * ? *)", 35),
        ("cron(0 3 1 1 ? *)", 366),
        ("at(2026-03-01T00:00:00)", None),
        ("nonsense", None),
    ],
)
def test_a_schedule_has_a_longest_period(schedule: str, days: float | None) -> None:
    assert period_of(schedule) == (None if days is None else timedelta(days=days))


def step(kind: str, *refers_to: str) -> Step:
    return build(Step, "s", kind=kind, refers_to=refers_to)


def pipeline(kind: str = "training") -> Pipeline:
    return build(Pipeline, "p", steps=(step(kind),))


def timer(target: str = PIPELINE, *, enabled: bool = True) -> Trigger:
    return build(Trigger, "t", targets=(target,), schedule="rate(7 days)", enabled=enabled)


RUN = build(PipelineRun, pipeline_arn=PIPELINE, modified_at=RECENT)
ON_DATA = build(Trigger, "d", targets=(PIPELINE,), pattern="{}")
CALLER = build(StateMachine, "m", steps=(step("pipeline", PIPELINE),))
Expected = list[tuple[str | None, bool, timedelta | None]]
REST = NOW - RECENT

FOUND: dict[str, tuple[tuple[Resource, ...], Expected]] = {
    "by a schedule": ((pipeline(), RUN, timer()), [("t", True, REST)]),
    "by one that is off": ((pipeline(), RUN, timer(enabled=False)), [("t", False, REST)]),
    "without success": ((pipeline("tuning"), timer()), [("t", True, None)]),
    "by an event": ((pipeline("automl"), RUN, ON_DATA), [(None, False, REST)]),
    "by hand": ((pipeline(), RUN), [(None, False, REST)]),
    "what does not train": ((pipeline("processing"), RUN, timer()), []),
    "nothing": ((), []),
}


@pytest.mark.parametrize(("resources", "expected"), FOUND.values(), ids=FOUND)
def test_training_is_started(resources: tuple[Resource, ...], expected: Expected) -> None:
    evidence = retrain_schedules(view_of(*resources))
    found = [(each.schedule, each.enabled, each.rests) for each in evidence.items]
    assert (found, evidence.gaps) == (expected, ())


STARTED = build(RunStart, pipeline_name="p", program="f")
CALLER_OF_CODE = build(StateMachine, "m", steps=(step("lambda", FUNCTION.arn),))
WAYS: dict[str, tuple[Resource, ...]] = {
    "another workflow": (CALLER, timer(MACHINE)),
    "a function": (FUNCTION, STARTED, timer(FUNCTION.arn)),
    "another workflow and a function": (FUNCTION, STARTED, CALLER_OF_CODE, timer(MACHINE)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_schedule_may_start_training_by_way_of_something_else(way: tuple[Resource, ...]) -> None:
    evidence = retrain_schedules(view_of(pipeline(), RUN, *way))
    found = [(each.arn, each.schedule) for each in evidence.items]
    assert (found, evidence.gaps) == ([(PIPELINE, "t")], ())


def test_who_started_runs_must_be_known_where_a_schedule_calls_a_function() -> None:
    missing = gap("cloudtrail:LookupEvents")
    called = (pipeline(), RUN, timer(arn_of(Function, "other")))
    assert retrain_schedules(view_of(pipeline(), RUN, timer(), gaps=[missing])).gaps == ()
    evidence = retrain_schedules(view_of(*called, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


def test_a_program_outside_of_aws_may_have_a_schedule_of_its_own() -> None:
    started = build(RunStart, pipeline_name="p", program="git.example", outside=True)
    evidence = retrain_schedules(view_of(pipeline(), RUN, started))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [("StarterNotKnown", PIPELINE)]


@pytest.mark.parametrize(
    "missing",
    [
        gap("scheduler:GetSchedule"),
        gap("events:ListTargetsByRule"),
        gap("sagemaker:ListPipelineExecutions"),
        gap("sagemaker:DescribePipeline"),
        gap("stepfunctions:DescribeStateMachine"),
    ],
)
def test_what_cannot_be_seen_is_a_gap(missing: Gap) -> None:
    evidence = retrain_schedules(view_of(pipeline(), gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


HIDDEN: dict[str, tuple[tuple[Resource, ...], str]] = {
    "a function": ((FUNCTION, timer(FUNCTION.arn)), FUNCTION.arn),
    "a step of one's own": ((pipeline("batch"), RUN, timer()), PIPELINE),
    "something else": ((timer("arn:aws:codepipeline:eu-west-1:123456789012:x"),),
                       arn_of(Trigger, "t")),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "subject"), HIDDEN.values(), ids=HIDDEN)
def test_what_a_schedule_starts_out_of_sight_may_train(
    resources: tuple[Resource, ...], subject: str
) -> None:
    evidence = retrain_schedules(view_of(*resources))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [("CodeNotRead", subject)]


def test_what_a_schedule_of_another_workload_starts_is_no_gap() -> None:
    theirs = (build(Function, "g"), timer(arn_of(Function, "g")))
    assert retrain_schedules(view_of(others=theirs)).gaps == ()
