from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mlaudit.capabilities.retraining import RetrainSchedule
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s8_training.c8_2_scheduled_retraining import scheduled_retraining

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
DENIED = Gap("scheduler:GetSchedule", "eu-west-1", "AccessDenied", GapReason.DENIED)
ON_TIME = RetrainSchedule(
    "arn:p", "SageMaker pipeline p", "weekly", enabled=True, period=WEEK, rests=DAY,
    succeeded_at=NOW,
)  # fmt: skip
JUST_IN_TIME = replace(ON_TIME, rests=2 * WEEK)
LATE = replace(ON_TIME, rests=2 * WEEK + DAY)
OFF = replace(ON_TIME, enabled=False)
ONCE = replace(ON_TIME, period=None)
FAILING = replace(ON_TIME, rests=None, succeeded_at=None)
BY_HAND = replace(ON_TIME, schedule=None, enabled=False, period=None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((ON_TIME,)), Status.PASS),
        (Evidence((JUST_IN_TIME,)), Status.PASS),
        (Evidence((ON_TIME, BY_HAND), (DENIED,)), Status.PASS),
        (Evidence((LATE,)), Status.PARTIAL),
        (Evidence((OFF, BY_HAND)), Status.PARTIAL),
        (Evidence((ONCE,)), Status.PARTIAL),
        (Evidence((FAILING,)), Status.PARTIAL),
        (Evidence((BY_HAND,)), Status.FAIL),
        (Evidence(), Status.FAIL),
        (Evidence((OFF,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((BY_HAND,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[RetrainSchedule], status: Status) -> None:
    assert scheduled_retraining(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (ON_TIME, "SageMaker pipeline p trains by schedule weekly"),
        (LATE, "SageMaker pipeline p has schedule weekly and no success for 15 days"),
        (OFF, "SageMaker pipeline p trains, and its schedule weekly is switched off"),
        (ONCE, "SageMaker pipeline p trains, and its schedule weekly starts it once"),
        (FAILING, "SageMaker pipeline p has schedule weekly and no success in the window"),
        (BY_HAND, "SageMaker pipeline p trains, and no schedule starts it"),
    ],
)
def test_words(seen: RetrainSchedule, words: str) -> None:
    assert scheduled_retraining(Evidence((seen,))).summary == words
