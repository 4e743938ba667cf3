from typing import Any

import pytest

from mlaudit.capabilities.guards import Monitor
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_9_monitors_work import monitors_work

DENIED = (gap("sagemaker:ListMonitoringSchedules"),)
WORKS = Monitor("arn:e", "endpoint e: pipeline drift", (), RECENT)
BLIND = Monitor("arn:e", "endpoint e: schedule s", ("a baseline", "an active schedule"), None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WORKS,), (), Status.PASS),
        ((WORKS, BLIND), (), Status.FAIL),
        ((BLIND,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WORKS,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Monitor, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert monitors_work(Evidence(seen, gaps)).status is status


def test_words() -> None:
    assert monitors_work(Evidence((WORKS,))).summary == "endpoint e: pipeline drift works"
    assert monitors_work(Evidence((BLIND,))).summary == (
        "endpoint e: schedule s is without a baseline and an active schedule"
    )
