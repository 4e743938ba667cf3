from typing import Any

import pytest

from mlaudit.capabilities.quotas import Headroom
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_28_quotas_leave_room import quotas_leave_room

DENIED = (gap("service-quotas:ListServiceQuotas"),)
ENOUGH, SHORT = (Headroom("arn:quota", "ml.m5.large", wanted, 4) for wanted in (4, 5))


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((ENOUGH,), (), Status.PASS),
        ((ENOUGH, SHORT), (), Status.FAIL),
        ((SHORT,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((ENOUGH,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Headroom, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert quotas_leave_room(Evidence(seen, gaps)).status is status


def test_words() -> None:
    found = quotas_leave_room(Evidence((SHORT,)))
    assert found.summary == "ml.m5.large: endpoints may ask for 5, and the account may start 4"
