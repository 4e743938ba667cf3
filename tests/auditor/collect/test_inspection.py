"""What inspects a training job is asked of those that are worth it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.collect.inspection import training_tools
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Fleet, TrainingJob, TrainingTools
from mlaudit.testing import build

DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ENDED = NOW - timedelta(days=1)
GPU, CPU = Fleet("ml.g5.xlarge", 1), Fleet("ml.m5.xlarge", 1)
OFF: dict[str, Any] = {
    "DebugHookConfig": {"S3OutputPath": "s3://b/debug"},
    "ProfilerConfig": {"S3OutputPath": "s3://b/profile", "DisableProfiler": True},
    "InfraCheckConfig": {"EnableInfraCheck": False},
    "Environment": {"TOKEN": "hunter2"},
}
ON: dict[str, Any] = {
    "TensorBoardOutputConfig": {"S3OutputPath": "s3://b/board"},
    "DebugRuleConfigurations": [{"RuleConfigurationName": "VanishingGradient"}],
    "ProfilerConfig": {"S3OutputPath": "s3://b/profile"},
    "InfraCheckConfig": {"EnableInfraCheck": True},
}


def job(minutes: int = 10, fleet: Fleet = GPU, **values: Any) -> TrainingJob:
    made = {"created_at": ENDED - timedelta(minutes=minutes), "ended_at": ENDED, "fleets": (fleet,)}
    return build(TrainingJob, "fit", **{**made, **values})


def tools_of(reader: Any, *jobs: TrainingJob) -> list[Any]:
    return list(training_tools.run(reader, jobs))


@pytest.mark.parametrize(
    ("record", "tools"),
    [
        ({}, ()),
        (OFF, ()),
        (ON, ("TensorBoard", "Debugger rules", "the profiler", "an infrastructure check")),
    ],
)
def test_tools_that_are_on_are_kept(
    record: dict[str, Any], tools: tuple[str, ...], reader_of: Any, answers: Any
) -> None:
    fit = job()
    found = tools_of(reader_of(answers(DescribeTrainingJob=record)), fit)
    assert found == [TrainingTools(f"{fit.arn}#tools", fit.region, fit.arn, tools)]


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        (job(), True),
        (job(60, CPU), True),
        (job(59, CPU), False),
        (job(tuning_job_arn="arn:tuning"), False),
        (job(auto_ml_job_arn="arn:automl"), False),
        (job(ended_at=None), False),
        (job(ended_at=NOW - timedelta(days=400)), False),
    ],
)
def test_only_large_jobs_of_the_window_are_asked_for(
    found: TrainingJob,
    asked: bool,  # noqa: FBT001 -- a column of the table
    reader_of: Any,
    answers: Any,
) -> None:
    assert bool(tools_of(reader_of(answers(DescribeTrainingJob={})), found)) is asked


def test_a_job_that_cannot_be_described_is_a_gap(reader_of: Any, answers: Any) -> None:
    reader, fit = reader_of(answers(DescribeTrainingJob=DENIED)), job()
    assert tools_of(reader, fit) == []
    assert [each.subject for each in reader.ledger.gaps] == [fit.arn]
