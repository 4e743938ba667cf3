import pytest

from mlaudit.capabilities.tracking import RunTracking
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s2_experimentation.c2_3_tracking import tracking

DENIED = Gap("sagemaker:ListTrialComponents", "eu-west-1", "AccessDenied", GapReason.DENIED)
NEARLY_ALL = RunTracking("arn:job", 10, 9)
MOST = RunTracking("arn:job", 10, 8)
NONE = RunTracking("arn:job", 10, 0)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((NEARLY_ALL,)), Status.PASS),
        (Evidence((NEARLY_ALL,), (DENIED,)), Status.PASS),
        (Evidence((MOST,)), Status.PARTIAL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((MOST,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((NONE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[RunTracking], status: Status) -> None:
    assert tracking(evidence).status is status


def test_words() -> None:
    assert tracking(Evidence((MOST,))).summary == "8 of 10 training jobs are attached to a run"
    assert tracking(Evidence()).summary == "nothing trained in the window"
