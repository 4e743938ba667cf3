"""Who logged in the window, and who had nothing to log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from mlaudit.capabilities.logging import inference_records, step_logs
from mlaudit.model import GapReason
from mlaudit.resources import (
    BatchJob,
    DataCapture,
    Endpoint,
    Function,
    InferenceComponent,
    LogGroup,
    LogStream,
    ProcessingJob,
    Resource,
    StateMachine,
    StateMachineRun,
    Step,
    Traffic,
    TrainingJob,
    TransformJob,
)
from mlaudit.testing import NOW, OLD, RECENT, arn_of, build, gap, serving, view_of

TRAINING = "/aws/sagemaker/TrainingJobs"
SERVER = "/aws/sagemaker/Endpoints/e"
BATCH = "/aws/batch/job"
MONTH_AGO = NOW - timedelta(days=30)
LOGGED, SILENT, IDLE = "logged", "silent", "idle"


def group(name: str, days: int | None = None) -> LogGroup:
    return build(LogGroup, name, retention_days=days)


def stream(group_name: str, name: str = "s") -> LogStream:
    arn = arn_of(LogGroup, group_name) + f":log-stream:{name}"
    return build(LogStream, name, arn=arn, group_name=group_name)


def traffic(last_at: datetime | None) -> Traffic:
    arn = arn_of(Endpoint, "e")
    return build(
        Traffic,
        arn=f"{arn}#main",
        endpoint_arn=arn,
        variant_name="main",
        requests=5.0 if last_at else 0.0,
        last_at=last_at,
    )


def component() -> InferenceComponent:
    return build(InferenceComponent, "i", endpoint_arn=arn_of(Endpoint, "e"))


def machine(**values: Any) -> StateMachine:
    steps = (build(Step, name="s"),)
    learns = Step("s", "training", (), None, None, (), ())
    assert steps
    usual = {
        "steps": (learns,),
        "log_level": "ALL",
        "log_group_arns": (arn_of(LogGroup, "machine") + ":*",),
    }
    return build(StateMachine, "m", **{**usual, **values})


def run(at: datetime = RECENT) -> StateMachineRun:
    return build(StateMachineRun, machine_arn=arn_of(StateMachine, "m"), started_at=at, ended_at=at)


CASES: dict[str, tuple[tuple[Resource, ...], list[tuple[str, str]]]] = {
    "a job that logged": (
        (build(TrainingJob, "j"), group(TRAINING), stream(TRAINING, "j/algo-1-1")),
        [("training jobs", LOGGED)],
    ),
    "a job whose namesake logged": (
        (build(TrainingJob, "j"), group(TRAINING), stream(TRAINING, "j2/algo-1-1")),
        [("training jobs", SILENT)],
    ),
    "a job without a group": ((build(ProcessingJob, "j"),), [("processing jobs", SILENT)]),
    "a job before the window": ((build(TransformJob, "j", ended_at=OLD),), []),
    "a job that runs": ((build(TransformJob, "j", ended_at=None),), []),
    "a job whose logs have expired": (
        (build(TrainingJob, "j", ended_at=MONTH_AGO), group(TRAINING, 7)),
        [("training jobs", IDLE)],
    ),
    "a job whose logs should be there": (
        (build(TrainingJob, "j", ended_at=MONTH_AGO), group(TRAINING, 90)),
        [("training jobs", SILENT)],
    ),
    "a batch job that logged": (
        (build(BatchJob, "j", log_stream="s"), group(BATCH), stream(BATCH)),
        [("AWS Batch jobs", LOGGED)],
    ),
    "a batch job that did not": (
        (build(BatchJob, "j", log_stream="s"), group(BATCH), stream(BATCH, "other")),
        [("AWS Batch jobs", SILENT)],
    ),
    "a batch job that never started": ((build(BatchJob, "j", status="FAILED"),), []),
    "a batch job before the window": ((build(BatchJob, "j", log_stream="s", ended_at=OLD),), []),
    "an endpoint that logged": (
        (build(Endpoint, "e"), group(SERVER), stream(SERVER), traffic(RECENT)),
        [("endpoint e", LOGGED)],
    ),
    "an endpoint that answered and did not log": (
        (build(Endpoint, "e"), group(SERVER), traffic(RECENT)),
        [("endpoint e", SILENT)],
    ),
    "an endpoint that answered nothing": (
        (build(Endpoint, "e"), traffic(None)),
        [("endpoint e", IDLE)],
    ),
    "an endpoint whose logs have expired": (
        (build(Endpoint, "e"), group(SERVER, 7), traffic(MONTH_AGO)),
        [("endpoint e", IDLE)],
    ),
    "an endpoint whose component logged": (
        (
            build(Endpoint, "e"),
            component(),
            group("/aws/sagemaker/InferenceComponents/i"),
            stream("/aws/sagemaker/InferenceComponents/i"),
            traffic(RECENT),
        ),
        [("endpoint e", LOGGED)],
    ),
    "an endpoint that does not serve": ((build(Endpoint, "e", status="Failed"),), []),
    "a function that logged": (
        (
            build(Function, "f", tags={"a": "b"}),
            group("/aws/lambda/f"),
            stream("/aws/lambda/f"),
        ),
        [("function f", LOGGED)],
    ),
    "a function that did not": (
        (build(Function, "f", tags={"a": "b"}),),
        [("function f", IDLE)],
    ),
    "a function that is not read": ((build(Function, "f"),), []),
    "a machine that ran and logged": (
        (machine(), run(), group("machine"), stream("machine")),
        [("state machine m", LOGGED)],
    ),
    "a machine that ran and did not": (
        (machine(), run(), group("machine")),
        [("state machine m", SILENT)],
    ),
    "a machine that ran and may not log": (
        (machine(log_level="OFF"), run()),
        [("state machine m", SILENT)],
    ),
    "a machine that did not run": ((machine(), group("machine")), [("state machine m", IDLE)]),
    "a machine that may not log and did not run": (
        (machine(log_level="OFF"),),
        [("state machine m", IDLE)],
    ),
    "a machine whose logs have expired": (
        (machine(), run(MONTH_AGO), group("machine", 7)),
        [("state machine m", IDLE)],
    ),
    "a machine that is no machine learning": ((build(StateMachine, "m"), run()), []),
}


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_what_ran_logged_or_did_not(
    resources: tuple[Resource, ...], expected: list[tuple[str, str]]
) -> None:
    evidence = step_logs(view_of(*resources))
    found = [
        (each.words, LOGGED if each.last_event_at else IDLE if each.idle else SILENT)
        for each in evidence.items
    ]
    assert found == expected
    assert evidence.gaps == ()


@pytest.mark.parametrize("operation", ["logs:DescribeLogGroups", "logs:DescribeLogStreams"])
@pytest.mark.parametrize("subject", [None, arn_of(LogGroup, TRAINING)])
def test_unseen_logs_are_not_missing(operation: str, subject: str | None) -> None:
    missing = gap(operation, subject)
    evidence = step_logs(view_of(build(TrainingJob, "j"), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


def test_an_endpoint_whose_requests_are_unseen_is_not_silent() -> None:
    missing = gap("cloudwatch:GetMetricData", arn_of(Endpoint, "e"))
    evidence = step_logs(view_of(build(Endpoint, "e"), group(SERVER), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


@pytest.mark.parametrize("subject", [None, arn_of(StateMachine, "m")])
@pytest.mark.parametrize("level", ["ALL", "OFF"])
def test_a_machine_whose_runs_are_unseen_is_a_gap(subject: str | None, level: str) -> None:
    missing = gap("stepfunctions:ListExecutions", subject)
    evidence = step_logs(view_of(machine(log_level=level), group("machine"), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


def test_an_express_machine_shows_by_its_logs_that_it_ran() -> None:
    missing = gap(
        "stepfunctions:ListExecutions",
        arn_of(StateMachine, "m"),
        reason=GapReason.CONTENT_NOT_READ,
        code="ExpressRunsAreInLogs",
    )
    resources = (machine(express=True), group("machine"), stream("machine"))
    evidence = step_logs(view_of(*resources, gaps=[missing]))
    assert [each.last_event_at for each in evidence.items] == [RECENT]
    assert evidence.gaps == ()


def test_a_batch_job_that_does_not_say_where_it_logs_is_a_gap() -> None:
    job = build(BatchJob, "j", nodes=2)
    evidence = step_logs(view_of(job))
    assert evidence.items == ()
    assert [(each.reason, each.subject) for each in evidence.gaps] == [
        (GapReason.CONTENT_NOT_READ, job.arn)
    ]


def test_logs_tell_their_retention_and_level() -> None:
    resources = (machine(log_level="ERROR"), run(), group("machine", 30), stream("machine"))
    (logs,) = step_logs(view_of(*resources)).items
    assert (logs.retention_days, logs.level) == (30, "ERROR")
    assert logs.arn == arn_of(LogGroup, "machine")


def capture(**values: Any) -> DataCapture:
    return build(DataCapture, **values)


RECORDS: dict[str, tuple[dict[str, Any], list[tuple[tuple[str, ...], int | None]]]] = {
    "nothing": ({}, [((), None)]),
    "off": ({"data_capture": capture(modes=("Input",))}, [((), None)]),
    "on": (
        {"data_capture": capture(enabled=True, modes=("Input", "Output"), sampling_percent=20)},
        [(("Input", "Output"), 20)],
    ),
    "asynchronous": ({"asynchronous": True}, [(("Input", "Output"), 100)]),
}


@pytest.mark.parametrize(("config", "expected"), RECORDS.values(), ids=RECORDS)
def test_endpoints_keep_requests(
    config: dict[str, Any], expected: list[tuple[tuple[str, ...], int | None]]
) -> None:
    evidence = inference_records(view_of(*serving("e", config=config)))
    assert [(each.modes, each.sampling_percent) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_a_deleted_configuration_does_not_say_that_nothing_is_kept() -> None:
    endpoint, _, _ = serving("e")
    evidence = inference_records(view_of(endpoint))
    assert evidence.items == ()
    assert [each.subject for each in evidence.gaps] == [endpoint.arn]


def test_an_endpoint_that_does_not_serve_keeps_nothing() -> None:
    resources = serving("e", endpoint={"status": "Failed"})
    assert inference_records(view_of(*resources)).items == ()
