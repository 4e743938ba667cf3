from typing import Any

import pytest

from mlaudit.capabilities.alarms import AlarmReach
from mlaudit.capabilities.guards import ModelAlarmReach
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_10_model_alarms_heard import model_alarms_heard

DENIED = (gap("cloudwatch:DescribeAlarms"),)


def reach(*reaches: str, pending: int = 0) -> ModelAlarmReach:
    return ModelAlarmReach(AlarmReach("arn:a", "alarm drift", True, reaches, pending))


HEARD, PENDING, DEAF = reach("topic ops with 2 confirmed"), reach(pending=1), reach()


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((HEARD,), (), Status.PASS),
        ((HEARD, PENDING), (), Status.PARTIAL),
        ((HEARD, DEAF), (), Status.FAIL),
        ((DEAF,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((HEARD,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ModelAlarmReach, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert model_alarms_heard(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (HEARD, "reaches topic ops with 2 confirmed"),
        (PENDING, "waits for 1 subscribers to confirm"),
        (DEAF, "reaches nobody"),
    ],
)
def test_words(seen: ModelAlarmReach, words: str) -> None:
    assert model_alarms_heard(Evidence((seen,))).summary == f"alarm drift {words}"
