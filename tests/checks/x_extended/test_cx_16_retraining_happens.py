from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.retraining import RetrainSchedule
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_16_retraining_happens import retraining_happens

DENIED = (gap("events:ListRules"),)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
IN_TIME = RetrainSchedule("arn:p", "pipeline p", "weekly", True, WEEK, 14 * DAY, RECENT)
LATE = replace(IN_TIME, rests=15 * DAY)
SILENT = replace(IN_TIME, rests=None, succeeded_at=None)
OFF = replace(LATE, enabled=False)
ONCE = replace(IN_TIME, period=None)
BY_HAND = replace(SILENT, schedule=None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((IN_TIME, BY_HAND), (), Status.PASS),
        ((IN_TIME, OFF), (), Status.PARTIAL),
        ((ONCE,), (), Status.PARTIAL),
        ((IN_TIME, LATE), (), Status.FAIL),
        ((SILENT,), DENIED, Status.FAIL),
        ((BY_HAND,), (), Status.NOT_APPLICABLE),
        ((), (), Status.NOT_APPLICABLE),
        ((IN_TIME,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[RetrainSchedule, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert retraining_happens(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (IN_TIME, "schedule weekly brings success in time"),
        (LATE, "schedule weekly brought no success for 15 days"),
        (SILENT, "schedule weekly brought no success in the window"),
        (OFF, "schedule weekly is switched off"),
        (ONCE, "schedule weekly starts it once"),
    ],
)
def test_words(seen: RetrainSchedule, words: str) -> None:
    assert retraining_happens(Evidence((seen,))).summary == f"pipeline p: {words}"
