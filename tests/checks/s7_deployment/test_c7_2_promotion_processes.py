from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.promotion import Promotion, PromotionRunbook
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_2_promotion_processes import promotion_processes

DENIED = Gap("codepipeline:GetPipeline", "eu-west-1", "AccessDenied", GapReason.DENIED)
DONE = Promotion(
    arn="arn:m",
    words="model m on endpoint e",
    tested=("staging/test",),
    approved=("release/approve",),
    by=("delivery pipeline d",),
    placed_at=datetime(2026, 3, 1, tzinfo=UTC),
)
OLD = replace(DONE, placed_at=None)
UNAPPROVED, UNTESTED = replace(DONE, approved=()), replace(DONE, tested=())
STRAIGHT = replace(UNTESTED, approved=())
RUNBOOK = PromotionRunbook("arn:r", "automation document promote")
Promotions = tuple[Promotion, ...]


@pytest.mark.parametrize(
    ("promotions", "status"),
    [
        ((DONE,), Status.PASS),
        ((DONE, OLD), Status.PARTIAL),
        ((OLD,), Status.PARTIAL),
        ((UNAPPROVED,), Status.PARTIAL),
        ((UNTESTED,), Status.PARTIAL),
        ((DONE, STRAIGHT), Status.PARTIAL),
        ((STRAIGHT,), Status.FAIL),
        ((), Status.NOT_APPLICABLE),
    ],
)
def test_status(promotions: Promotions, status: Status) -> None:
    found = promotion_processes(Evidence(promotions), Evidence((RUNBOOK,)))
    assert found.status is status


@pytest.mark.parametrize(
    ("promotions", "runbooks", "status"),
    [
        (Evidence((DONE,), (DENIED,)), Evidence((RUNBOOK,)), Status.NOT_ASSESSED),
        (Evidence((UNTESTED,), (DENIED,)), Evidence((RUNBOOK,)), Status.PARTIAL),
        (Evidence((STRAIGHT,), (DENIED,)), Evidence((RUNBOOK,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((RUNBOOK,)), Status.NOT_ASSESSED),
        (Evidence((DONE,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((STRAIGHT,)), Evidence((), (DENIED,)), Status.FAIL),
        (Evidence((DONE,)), Evidence(), Status.PARTIAL),
    ],
)
def test_denied_or_without_a_runbook(
    promotions: Evidence[Promotion], runbooks: Evidence[PromotionRunbook], status: Status
) -> None:
    assert promotion_processes(promotions, runbooks).status is status


@pytest.mark.parametrize(
    ("promotion", "words"),
    [
        (OLD, "passed staging/test and release/approve, before the window"),
        (UNAPPROVED, "passed staging/test, and no approval"),
        (UNTESTED, "passed release/approve, and no test apart from production"),
        (STRAIGHT, "was deployed by delivery pipeline d without a test or an approval"),
    ],
)
def test_words(promotion: Promotion, words: str) -> None:
    found = promotion_processes(Evidence((promotion,)), Evidence((RUNBOOK,)))
    assert found.summary == f"model m on endpoint e {words}"


def test_words_of_a_pass() -> None:
    found = promotion_processes(Evidence((DONE,)), Evidence((RUNBOOK,)))
    assert found.summary == (
        "model m on endpoint e passed staging/test and release/approve; "
        "automation document promote is there"
    )
