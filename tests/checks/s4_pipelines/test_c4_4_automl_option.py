from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.workflows import AutoMLOption
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_4_automl_option import automl_option

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListAutoMLJobs", "eu-west-1", "AccessDenied", GapReason.DENIED)


def job(status: str, *, completed: bool = False) -> AutoMLOption:
    words = f"AutoML job churn is {status}"
    return AutoMLOption("arn:job", words, tried=True, completed=completed, at=NOW)


COMPLETED = job("completed", completed=True)
OLD = job("completed")
FAILED = job("failed")
STOPPED = job("stopped")
STEP = AutoMLOption("arn:pipeline", "SageMaker pipeline a has an AutoML step", False, False, None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((COMPLETED,)), Status.PASS),
        (Evidence((COMPLETED, FAILED), (DENIED,)), Status.PASS),
        (Evidence((OLD,)), Status.PARTIAL),
        (Evidence((STEP,)), Status.PARTIAL),
        (Evidence((STEP, FAILED)), Status.PARTIAL),
        (Evidence((FAILED,)), Status.FAIL),
        (Evidence((STOPPED,)), Status.FAIL),
        (Evidence(), Status.FAIL),
        (Evidence((STEP,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((FAILED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[AutoMLOption], status: Status) -> None:
    assert automl_option(evidence).status is status


def test_words() -> None:
    assert automl_option(Evidence((COMPLETED,))).summary == "AutoML job churn is completed"
    assert automl_option(Evidence()).summary == (
        "no AutoML run in the window and no pipeline with an AutoML step"
    )
