from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.training import ParallelTraining
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_1_distributed_training import distributed_training

DENIED = Gap("sagemaker:DescribeTrainingJob", "eu-west-1", "AccessDenied", GapReason.DENIED)


def job(use: tuple[float, ...] | None, *, succeeded: bool = True) -> ParallelTraining:
    ended_at = datetime(2026, 3, 1, tzinfo=UTC)
    return ParallelTraining(f"arn:job/{use}", "2 x ml.p4d.24xlarge", succeeded, use, ended_at)


BUSY = job((60.0, 70.0))
LAZY = job((49.0, 49.0))
UNEVEN = job((95.0, 60.0))
UNKNOWN = job(None)
FAILED = job((90.0, 90.0), succeeded=False)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((BUSY,)), Status.PASS),
        (Evidence((BUSY, LAZY, FAILED), (DENIED,)), Status.PASS),
        (Evidence((job((50.0, 50.0)),)), Status.PASS),
        (Evidence((job((80.0, 60.0)),)), Status.PASS),
        (Evidence((job((80.0, 59.9)),)), Status.PARTIAL),
        (Evidence((LAZY,)), Status.PARTIAL),
        (Evidence((UNEVEN,)), Status.PARTIAL),
        (Evidence((UNKNOWN,)), Status.PARTIAL),
        (Evidence((job(()),)), Status.PARTIAL),
        (Evidence((UNKNOWN, FAILED)), Status.PARTIAL),
        (Evidence((FAILED,)), Status.FAIL),
        (Evidence(), Status.FAIL),
        (Evidence((UNKNOWN,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[ParallelTraining], status: Status) -> None:
    assert distributed_training(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BUSY, "trained on 2 x ml.p4d.24xlarge, hosts 65 % busy within 10 points"),
        (UNKNOWN, "trained on 2 x ml.p4d.24xlarge, use of hosts not known"),
        (FAILED, "training on 2 x ml.p4d.24xlarge did not complete"),
    ],
)
def test_words(seen: ParallelTraining, words: str) -> None:
    assert distributed_training(Evidence((seen,))).summary == words
