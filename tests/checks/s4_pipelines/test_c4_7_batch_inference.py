from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.workflows import BatchScoring
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_7_batch_inference import batch_inference

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListTransformJobs", "eu-west-1", "AccessDenied", GapReason.DENIED)


def flow(*started_by: str, succeeded_at: datetime | None = NOW) -> BatchScoring:
    return BatchScoring("arn:flow", "SageMaker pipeline score", True, started_by, succeeded_at)


def job(succeeded_at: datetime | None) -> BatchScoring:
    return BatchScoring("arn:job", "transform job once", False, (), succeeded_at)


BY_ITSELF = flow("weekly", "daily")
BY_HAND = flow()
NEVER_RAN = flow("daily", succeeded_at=None)
SINGLE = job(NOW)
FAILED = job(None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((BY_ITSELF,)), Status.PASS),
        (Evidence((BY_ITSELF, FAILED), (DENIED,)), Status.PASS),
        (Evidence((BY_HAND,)), Status.PARTIAL),
        (Evidence((NEVER_RAN,)), Status.PARTIAL),
        (Evidence((SINGLE,)), Status.PARTIAL),
        (Evidence((SINGLE, FAILED)), Status.PARTIAL),
        (Evidence((FAILED,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((BY_HAND,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((FAILED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[BatchScoring], status: Status) -> None:
    assert batch_inference(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BY_ITSELF, "SageMaker pipeline score scores, started by daily, weekly"),
        (BY_HAND, "SageMaker pipeline score scores, and no enabled trigger starts it"),
        (NEVER_RAN, "SageMaker pipeline score has a scoring step and no success in the window"),
        (SINGLE, "transform job once scored once, outside any workflow"),
        (FAILED, "transform job once did not complete"),
    ],
)
def test_words(seen: BatchScoring, words: str) -> None:
    assert batch_inference(Evidence((seen,))).summary == words
