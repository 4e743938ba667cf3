"""What starts training when something happens, whether it did, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.retrain_triggers import (
    RetrainTrigger,
    new_data_triggers,
    shifted_data_triggers,
    started_or_watched,
    worse_answers_triggers,
)
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Status
from mlaudit.resources import (
    Alarm,
    Bucket,
    CompositeAlarm,
    EventSourceMapping,
    Function,
    Pipe,
    Pipeline,
    PipelineRun,
    Resource,
    RuleUse,
    RunStart,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
    Topic,
    TrainingJob,
    Trigger,
    WatchedMetric,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, view_of

HOUR = timedelta(hours=1)
PIPELINE, MACHINE = arn_of(Pipeline, "p"), arn_of(StateMachine, "m")
FUNCTION, RULE = arn_of(Function, "f"), arn_of(Trigger, "r")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:drift"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:new"
S3 = '{"source": ["aws.s3"], "detail-type": ["Object Created"]}'
ALARMS = '{"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}'


def step(kind: str, *refers_to: str) -> Step:
    return build(Step, "s", kind=kind, refers_to=refers_to)


TRAINING = build(Pipeline, "p", steps=(step("training"),))
RUN = build(PipelineRun, pipeline_arn=PIPELINE, started_at=RECENT, modified_at=RECENT + HOUR)
CODE = build(Function, "f")
STARTED = build(RunStart, pipeline_name="p", program="f", at=RECENT)
FLOW: tuple[Resource, ...] = (TRAINING, RUN)
BY_CODE: tuple[Resource, ...] = (*FLOW, CODE, STARTED)


def rule(target: str = PIPELINE, pattern: str = S3, **values: Any) -> Trigger:
    return build(Trigger, "r", targets=(target,), pattern=pattern, **values)


def used(*hours: int) -> RuleUse:
    return build(RuleUse, trigger_arn=RULE, hours=tuple(RECENT + at * HOUR for at in hours))


def clock(target: str, schedule: str = "rate(7 days)") -> Trigger:
    return build(Trigger, "c", targets=(target,), schedule=schedule)


def alarm(name: str = "psi", *actions: str, **values: Any) -> Alarm:
    watches = (WatchedMetric("own", name, None, {}),)
    return build(Alarm, "a", **{"watches": watches, "actions": actions, **values})


STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
PIPED = build(RunStart, pipeline_name="p", program="pipes.amazonaws.com", at=RECENT)


def pipe(source: str = STREAM, target: str = PIPELINE, *, enabled: bool = True) -> Pipe:
    arn = "arn:aws:pipes:eu-west-1:123456789012:pipe/x"
    return build(Pipe, arn=arn, source_arn=source, target_arn=target, enabled=enabled)


def bucket(*notifies: str) -> Bucket:
    return build(Bucket, "lake", notifies=notifies)


CALLER = build(StateMachine, "m", steps=(step("pipeline", PIPELINE),))
CALLING = build(StateMachineRun, machine_arn=MACHINE, started_at=RECENT, ended_at=RECENT + HOUR)
EARLIER = build(
    StateMachineRun, machine_arn=MACHINE, started_at=RECENT - 5 * HOUR, ended_at=RECENT - 4 * HOUR
)
TAGS = {"mlaudit:control": "data-drift"}
WATCHER = build(StateMachine, "m", steps=CALLER.steps, tags=TAGS)
Expected = list[tuple[str | None, bool, bool]]
Found = dict[str, tuple[tuple[Resource, ...], Expected]]


def found(evidence: Evidence[Any]) -> Expected:
    triggers = [each.trigger for each in evidence.items]
    return [(each.begins, each.enabled, each.succeeded_at is not None) for each in triggers]


NEW_DATA: Found = {
    "by a rule": ((*FLOW, rule(), used(0)), [("rule r", True, True)]),
    "by a rule in the hour before": ((*FLOW, rule(), used(-1)), [("rule r", True, True)]),
    "by a rule that was set off later": ((*FLOW, rule(), used(1)), [("rule r", True, False)]),
    "by a rule that was set off long before": (
        (*FLOW, rule(), used(-2)),
        [("rule r", True, False)],
    ),
    "by a rule that never was": ((*FLOW, rule(), used()), [("rule r", True, False)]),
    "by a rule that is off": ((*FLOW, rule(enabled=False)), [("rule r", False, False)]),
    "by a rule, and it failed": (
        (TRAINING, build(PipelineRun, pipeline_arn=PIPELINE, status="Failed"), rule(), used(0)),
        [("rule r", True, False)],
    ),
    "by a rule and a state machine": (
        (*FLOW, CALLER, CALLING, rule(MACHINE), used(0)),
        [("rule r", True, True)],
    ),
    "by a state machine that ran before": (
        (*FLOW, CALLER, EARLIER, rule(MACHINE), used(-5)),
        [("rule r", True, False)],
    ),
    "by a rule and a function": ((*BY_CODE, rule(FUNCTION), used(0)), [("rule r", True, True)]),
    "by a rule and a function, another time": (
        (*BY_CODE, rule(FUNCTION), used(3)),
        [("rule r", True, False)],
    ),
    "by a bucket and a function": ((*BY_CODE, bucket(FUNCTION)), [("bucket lake", True, True)]),
    "by a bucket, a queue and a function": (
        (*BY_CODE, bucket(QUEUE),
         build(EventSourceMapping, source_arn=QUEUE, function_arn=FUNCTION)),
        [("bucket lake", True, True)],
    ),
    "by a bucket, a topic and a function": (
        (*BY_CODE, bucket(TOPIC), build(Topic, arn=TOPIC, passes_to=(FUNCTION,))),
        [("bucket lake", True, True)],
    ),
    "by a bucket, a topic, a queue and a function": (
        (*BY_CODE, bucket(TOPIC), build(Topic, arn=TOPIC, passes_to=(QUEUE,)),
         build(EventSourceMapping, source_arn=QUEUE, function_arn=FUNCTION)),
        [("bucket lake", True, True)],
    ),
    "by a bucket and a topic that nobody hears": (
        (*FLOW, bucket(TOPIC), build(Topic, arn=TOPIC)),
        [(None, False, False)],
    ),
    "by a stream and a function": (
        (*BY_CODE, build(EventSourceMapping, function_arn=FUNCTION,
                         source_arn="arn:aws:kinesis:eu-west-1:123456789012:stream/clicks")),
        [("stream clicks", True, True)],
    ),
    "by a stream that is switched off": (
        (*BY_CODE, bucket(FUNCTION), build(
            EventSourceMapping, function_arn=FUNCTION, source_arn=STREAM, enabled=False)),
        [("bucket lake", True, True)],
    ),
    "by a rule before the window": (
        (TRAINING, build(PipelineRun, pipeline_arn=PIPELINE, started_at=OLD), rule(),
         build(RuleUse, trigger_arn=RULE, hours=(OLD,))),
        [("rule r", True, False)],
    ),
    "by a partner": (
        (*FLOW, rule(pattern='{"source": ["aws.partner/crm.example"], "detail-type": ["File"]}'),
         used(0)),
        [("rule r", True, True)],
    ),
    "by a stream and a pipe": (
        (*FLOW, pipe(), PIPED),
        [("stream clicks", True, True)],
    ),
    "by a stream and a pipe that did not start it": (
        (*FLOW, pipe()),
        [("stream clicks", True, False)],
    ),
    "by a pipe that is off": ((*FLOW, pipe(enabled=False)), [(None, False, False)]),
    "by a bucket, a queue and a pipe": (
        (*FLOW, bucket(QUEUE), pipe(QUEUE), PIPED),
        [("bucket lake", True, True)],
    ),
    "of a state machine that trains": (
        (build(StateMachine, "m", steps=(step("training"),)), CALLING, rule(MACHINE), used(0)),
        [("rule r", True, True)],
    ),
    "next to a weekly schedule": (
        (*FLOW, rule(), used(0), clock(PIPELINE)),
        [("rule r", True, True)],
    ),
    "by a schedule": ((*FLOW, clock(PIPELINE)), [(None, False, False)]),
    "by an alarm": ((*FLOW, alarm(), rule(pattern=ALARMS), used(0)), [(None, False, False)]),
    "by new code": (
        (*FLOW, rule(pattern='{"source": ["aws.codecommit"]}'), used(0)),
        [(None, False, False)],
    ),
    "by hand": (FLOW, [(None, False, False)]),
    "of what does not train": ((build(Pipeline, "p", steps=(step("processing"),)), RUN), []),
    "nothing": ((), []),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), NEW_DATA.values(), ids=NEW_DATA)
def test_new_data_starts_training(resources: tuple[Resource, ...], expected: Expected) -> None:
    evidence = new_data_triggers(view_of(*resources))
    assert (found(evidence), evidence.gaps) == (expected, ())


MONITOR_RULE = rule(pattern='{"source": ["bank.models"], "detail-type": ["DriftFound"]}')
SHIFT: Found = {
    "by an alarm and a rule": (
        (*FLOW, alarm(), rule(pattern=ALARMS), used(0)),
        [("alarm a", True, True)],
    ),
    "by an alarm whose rule is off": (
        (*FLOW, alarm(), rule(pattern=ALARMS, enabled=False)),
        [("alarm a", False, False)],
    ),
    "by an alarm that never went off": (
        (*FLOW, alarm(), rule(pattern=ALARMS), used()),
        [("alarm a", True, False)],
    ),
    "by an alarm on an alarm": (
        (
            *FLOW,
            alarm(),
            build(CompositeAlarm, "b", watches=("a",)),
            rule(pattern=ALARMS.replace("]}", '], "detail": {"alarmName": ["b"]}}')),
            used(0),
        ),
        [("alarm a", True, True)],
    ),
    "by an alarm and a function": (
        (*BY_CODE, alarm("psi", FUNCTION)),
        [("alarm a", True, True)],
    ),
    "by an alarm, a topic and a function": (
        (*BY_CODE, alarm("psi", TOPIC), build(Topic, arn=TOPIC, passes_to=(FUNCTION,))),
        [("alarm a", True, True)],
    ),
    "by violations": (
        (*BY_CODE, alarm("violations_total", FUNCTION)),
        [("alarm a", True, True)],
    ),
    "by an event of one's own": ((*FLOW, MONITOR_RULE, used(0)), [("rule r", True, True)]),
    "by a machine that watches": ((*FLOW, WATCHER, CALLING), [("state machine m", True, True)]),
    "by a machine that watches and started nothing": (
        (*FLOW, WATCHER, EARLIER),
        [("state machine m", True, False)],
    ),
    "by a function that watches": (
        (*FLOW, build(Function, "f", tags=TAGS), STARTED, clock(FUNCTION, "rate(1 hour)")),
        [("function f", True, True)],
    ),
    "by the end of a machine that watches": (
        (
            *FLOW,
            build(StateMachine, "m", steps=(), tags=TAGS),
            rule(pattern=f'{{"source": ["aws.states"], "detail": {{"machine": ["{MACHINE}"]}}}}'),
            used(0),
        ),
        [("rule r", True, True)],
    ),
    "by quality": ((*BY_CODE, alarm("accuracy", FUNCTION)), [(None, False, False)]),
    "by latency": (
        (*BY_CODE, alarm("ModelLatency", FUNCTION,
                         watches=(WatchedMetric("AWS/SageMaker", "ModelLatency", None, {}),))),
        [(None, False, False)],
    ),
    "by an alarm that does nothing": ((*FLOW, alarm()), [(None, False, False)]),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), SHIFT.values(), ids=SHIFT)
def test_shifted_data_starts_training(resources: tuple[Resource, ...], expected: Expected) -> None:
    evidence = shifted_data_triggers(view_of(*resources))
    assert (found(evidence), evidence.gaps) == (expected, ())


WORSE: Found = {
    "by an alarm": ((*BY_CODE, alarm("ModelAccuracy", FUNCTION)), [("alarm a", True, True)]),
    "by a rule": ((*FLOW, alarm("auc"), rule(pattern=ALARMS), used(0)), [("alarm a", True, True)]),
    "by drift": ((*BY_CODE, alarm("psi", FUNCTION)), [(None, False, False)]),
}


@pytest.mark.parametrize(("resources", "expected"), WORSE.values(), ids=WORSE)
def test_worse_answers_start_training(resources: tuple[Resource, ...], expected: Expected) -> None:
    evidence = worse_answers_triggers(view_of(*resources))
    assert (found(evidence), evidence.gaps) == (expected, ())


JOB = build(TrainingJob, "j", created_at=RECENT)
UNTOLD: dict[str, tuple[tuple[Resource, ...], str, str]] = {
    "a function that may train": ((*FLOW, CODE, bucket(FUNCTION)), "CodeNotRead", FUNCTION),
    "a workflow that may train": (
        (build(Pipeline, "p", steps=(step("lambda"),)), RUN, rule(), used(0)),
        "CodeNotRead",
        PIPELINE,
    ),
    "a rule on events of one's own": (
        (*FLOW, rule(pattern='{"source": ["bank.core"]}'), used(0)),
        "CauseNotKnown",
        RULE,
    ),
    "an alarm on metrics that are not understood": (
        (*BY_CODE, alarm("psi", FUNCTION, hides_metrics=True)),
        "CauseNotKnown",
        arn_of(Alarm, "a"),
    ),
    "a pipe to a state machine": (
        (build(StateMachine, "m", steps=(step("training"),)), CALLING, pipe(target=MACHINE)),
        "StarterNotKnown",
        MACHINE,
    ),
    "a queue that something unseen fills": ((*FLOW, pipe(QUEUE), PIPED), "CauseNotKnown", QUEUE),
    "a program outside": (
        (*FLOW, build(RunStart, pipeline_name="p", program="git.example", outside=True)),
        "StarterNotKnown",
        PIPELINE,
    ),
    "a function that something unseen calls": (BY_CODE, "StarterNotKnown", FUNCTION),
    "a training job that no workflow ran": ((*FLOW, JOB), "StarterNotKnown", JOB.arn),
    "a schedule that fires all the time": (
        (*FLOW, rule(), used(0), clock(PIPELINE, "rate(1 day)")),
        "StarterNotKnown",
        PIPELINE,
    ),
    "a function that a schedule calls too": (
        (*BY_CODE, bucket(FUNCTION), clock(FUNCTION)),
        "StarterNotKnown",
        PIPELINE,
    ),
    "a function that an alarm calls too": (
        (*BY_CODE, bucket(FUNCTION), alarm("psi", FUNCTION)),
        "StarterNotKnown",
        PIPELINE,
    ),
}


@pytest.mark.parametrize(("resources", "code", "subject"), UNTOLD.values(), ids=UNTOLD)
def test_what_does_not_tell_is_a_gap(
    resources: tuple[Resource, ...], code: str, subject: str
) -> None:
    evidence = new_data_triggers(view_of(*resources))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [(code, subject)]


KNOWN: dict[str, tuple[Resource, ...]] = {
    "by a step": (JOB, build(RunStep, run_arn=PIPELINE, made_arn=JOB.arn)),
    "by a tuning job": (build(TrainingJob, "j", tuning_job_arn="arn:t"),),
    "by a pipeline that named it": (build(TrainingJob, "pipelines-abc-Train-x"),),
    "before the window": (build(TrainingJob, "j", created_at=RECENT - timedelta(days=200)),),
}


@pytest.mark.parametrize("jobs", KNOWN.values(), ids=KNOWN)
def test_a_training_job_is_known_to_be_run_by_something(jobs: tuple[Resource, ...]) -> None:
    assert new_data_triggers(view_of(*FLOW, *jobs)).gaps == ()


def test_a_function_that_scores_a_stream_does_not_train() -> None:
    scores = build(Function, "f", endpoint_names=("e",))
    fed = build(
        EventSourceMapping,
        function_arn=FUNCTION,
        source_arn="arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
    )
    assert new_data_triggers(view_of(*FLOW, scores, fed)).gaps == ()
    watches = build(Function, "f", endpoint_names=("e",), tags=TAGS)
    (missing,) = shifted_data_triggers(view_of(*FLOW, watches)).gaps
    assert (missing.code, missing.subject) == ("CodeNotRead", FUNCTION)


SHARED = [
    gap("events:ListRules"),
    gap("events:ListTargetsByRule"),
    gap("cloudwatch:GetMetricData", RULE),
    gap("cloudtrail:LookupEvents"),
    gap("lambda:ListFunctions"),
    gap("lambda:ListEventSourceMappings"),
    gap("pipes:ListPipes"),
    gap("sagemaker:ListPipelineExecutions"),
    gap("sagemaker:DescribePipeline"),
    gap("stepfunctions:DescribeStateMachine"),
]
OF_ALARMS = [gap("cloudwatch:DescribeAlarms"), gap("sns:ListSubscriptionsByTopic", TOPIC)]
OF_DATA = [gap("s3:GetBucketNotificationConfiguration")]
PROVIDERS: list[tuple[Callable[..., Evidence[Any]], list[Gap]]] = [
    (new_data_triggers, SHARED + OF_DATA),
    (worse_answers_triggers, SHARED + OF_ALARMS),
    (shifted_data_triggers, SHARED + OF_ALARMS),
]


@pytest.mark.parametrize(
    ("provided", "missing"), [(each, one) for each, some in PROVIDERS for one in some]
)
def test_what_cannot_be_seen_is_a_gap(provided: Callable[..., Evidence[Any]], missing: Gap) -> None:
    evidence = provided(view_of(*FLOW, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


def test_the_bucket_of_somebody_else_hides_nothing() -> None:
    theirs = gap("s3:GetBucketNotificationConfiguration", "arn:aws:s3:::theirs")
    mine = gap("s3:GetBucketNotificationConfiguration", "arn:aws:s3:::mine")
    job = build(TrainingJob, "pipelines-j", inputs=("s3://mine/data",))
    assert new_data_triggers(view_of(*FLOW, job, gaps=[theirs, mine])).gaps == (mine,)


@pytest.mark.parametrize(("topic", "hides"), [(TOPIC, True), (f"{TOPIC}-other", False)])
def test_only_the_topic_of_a_bucket_hides_what_starts_on_new_data(
    topic: str,
    hides: bool,  # noqa: FBT001 - a table
) -> None:
    missing = gap("sns:ListSubscriptionsByTopic", topic)
    evidence = new_data_triggers(view_of(*FLOW, bucket(TOPIC), gaps=[missing]))
    assert (missing in evidence.gaps) is hides


IT = RetrainTrigger("arn:p", "pipeline p", "rule r", enabled=True, succeeded_at=RECENT)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.FAIL, Status.PASS), Status.PARTIAL),
        ((Status.FAIL, Status.PARTIAL), Status.PARTIAL),
        ((Status.FAIL, Status.FAIL), Status.FAIL),
        ((Status.PASS, Status.FAIL), Status.PASS),
        ((Status.PARTIAL, Status.FAIL), Status.PARTIAL),
    ],
)
def test_what_is_watched_is_a_beginning(statuses: Any, expected: Status) -> None:
    assert started_or_watched(statuses) is expected


def test_a_trigger_that_worked_is_exercised() -> None:
    seen = IT.observed("new data")
    assert (seen.grade, seen.fact, seen.at) == (
        Grade.EXERCISED,
        "pipeline p trains on new data, started by rule r",
        RECENT,
    )
