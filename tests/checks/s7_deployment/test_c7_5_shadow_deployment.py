from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.comparisons import ShadowUse
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_5_shadow_deployment import shadow_deployment

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListInferenceExperiments", "eu-west-1", "Denied", GapReason.DENIED)
RAN = ShadowUse("arn:t", "shadow test t is completed", present=True, compared=True, at=NOW)
LOST = ShadowUse("arn:t", "shadow test t is cancelled", present=True, compared=False, at=None)
NONE = ShadowUse("arn:e", "endpoint e has no shadow", present=False, compared=False, at=NOW)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((RAN, NONE)), Status.PASS),
        (Evidence((RAN,), (DENIED,)), Status.PASS),
        (Evidence((LOST, NONE)), Status.PARTIAL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((NONE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((LOST,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[ShadowUse], status: Status) -> None:
    assert shadow_deployment(evidence).status is status


@pytest.mark.parametrize("seen", [RAN, LOST, NONE])
def test_words(seen: ShadowUse) -> None:
    assert shadow_deployment(Evidence((seen,))).summary == seen.words
