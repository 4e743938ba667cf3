"""Which log groups get a retention, and how long it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlaudit.model import Gap
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Sight
from mlaudit.remediate.fixes.logs import LEGAL_DAYS, log_retention
from mlaudit.resources import (
    BatchJob,
    Container,
    Function,
    InferenceComponent,
    LogGroup,
    ProcessingJob,
    Resource,
    StateMachine,
    TrainingJob,
)
from mlaudit.testing import ACCOUNT, NOW, OLD, arn_of, build, gap, serving, view_of

SERVES = serving("e")
ENDPOINT = "/aws/sagemaker/Endpoints/e"
TRAINING = "/aws/sagemaker/TrainingJobs"
LOGS_ELSEWHERE = build(
    StateMachine, "m", log_group_arns=("arn:aws:logs:eu-west-1:1:log-group:own:*",)
)


def planned(*resources: Resource, gaps: tuple[Gap, ...] = (), days: int = 180) -> list[Change]:
    view = view_of(*resources, gaps=gaps)
    return list(log_retention(Sight(view, {}, ACCOUNT, Choices(log_days=days))))


def group(name: str, days: int | None = None) -> LogGroup:
    return build(LogGroup, name, retention_days=days)


CASES: dict[str, tuple[tuple[Resource, ...], dict[str, bool]]] = {
    "nothing": ((), {}),
    "an endpoint without a group": (SERVES, {ENDPOINT: True}),
    "a group that keeps for ever": ((*SERVES, group(ENDPOINT)), {ENDPOINT: False}),
    "a group with a retention": ((*SERVES, group(ENDPOINT, 30)), {}),
    "an endpoint that does not serve": (serving("e", endpoint={"status": "Failed"}), {}),
    "components": (
        (
            *SERVES,
            group(ENDPOINT, 30),
            build(InferenceComponent, "c", endpoint_arn=arn_of(type(SERVES[0]), "e")),
        ),
        {"/aws/sagemaker/InferenceComponents/c": True},
    ),
    "jobs": (
        (build(TrainingJob, "t"), build(ProcessingJob, "p"), group(TRAINING)),
        {TRAINING: False, "/aws/sagemaker/ProcessingJobs": True},
    ),
    "a job before the window": ((build(TrainingJob, ended_at=OLD),), {}),
    "batch jobs with a stream": (
        (build(BatchJob, log_stream="s"), build(BatchJob, "other")),
        {"/aws/batch/job": True},
    ),
    "batch jobs that never started": ((build(BatchJob),), {}),
    "a function that may log elsewhere": ((build(Function, "f"),), {}),
    "a function": ((build(Function, "f"), group("/aws/lambda/f")), {"/aws/lambda/f": False}),
    "a state machine": ((LOGS_ELSEWHERE, group("own")), {"own": False}),
    "a state machine with a group out of sight": ((LOGS_ELSEWHERE,), {}),
    "somebody else's group": ((*SERVES, group(ENDPOINT, 30), group("/aws/sagemaker/x")), {}),
}


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_groups_that_lack_a_retention(
    resources: tuple[Resource, ...], expected: dict[str, bool]
) -> None:
    changes = planned(*resources)
    made = {each.key["logGroupName"]: "tags" in (each.patch or {}) for each in changes}
    assert made == expected
    assert all((each.patch or {})["retentionInDays"] == 180 for each in changes)
    assert {each.scope for each in changes} <= {each.arn for each in resources}


def test_nothing_is_planned_where_groups_may_be_hidden() -> None:
    assert planned(*SERVES, gaps=(gap("logs:DescribeLogGroups"),)) == []


def test_what_all_workloads_share_is_tagged_with_none() -> None:
    (training,) = planned(build(TrainingJob))
    assert (training.patch or {})["tags"] == {"mlaudit:managed-by": "remediate"}
    assert "the jobs of all workloads" in training.about


@pytest.mark.parametrize(("days", "kept"), [(1, 1), (2, 3), (181, 365), (9999, LEGAL_DAYS[-1])])
def test_a_retention_is_one_that_aws_takes(days: int, kept: int) -> None:
    (change,) = planned(*SERVES, days=days)
    assert (change.patch or {})["retentionInDays"] == kept


def test_the_training_of_what_serves_stays_on_record() -> None:
    data = "s3://b/model.tar.gz"
    job = build(TrainingJob, artifact=data, ended_at=NOW - timedelta(days=80))
    served = serving("e", build(Container, model_data=data))
    kept = {
        each.key["logGroupName"]: (each.patch or {})["retentionInDays"]
        for each in planned(job, *served, group(TRAINING), days=90)
    }
    assert kept == {TRAINING: 180, ENDPOINT: 90}
