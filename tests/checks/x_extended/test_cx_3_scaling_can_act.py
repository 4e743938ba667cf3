from typing import Any

import pytest

from mlaudit.capabilities.capacity import ScaledUnit
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_3_scaling_can_act import scaling_can_act

DENIED = (gap("application-autoscaling:DescribeScalableTargets"),)
SCALES = ScaledUnit("arn:e", "variant main", "scales by Invocations", None)
STUCK = ScaledUnit("arn:e", "variant main", "scales by Invocations", "it is suspended")
FIXED = ScaledUnit("arn:e", "variant main", None, None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((SCALES,), (), Status.PASS),
        ((SCALES, FIXED), (), Status.PASS),
        ((SCALES, STUCK), (), Status.FAIL),
        ((STUCK,), DENIED, Status.FAIL),
        ((FIXED,), (), Status.NOT_APPLICABLE),
        ((), (), Status.NOT_APPLICABLE),
        ((SCALES,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ScaledUnit, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert scaling_can_act(Evidence(seen, gaps)).status is status


def test_words() -> None:
    stuck = scaling_can_act(Evidence((STUCK,)))
    assert stuck.summary == "variant main: scales by Invocations, but it is suspended"
    assert scaling_can_act(Evidence((FIXED,))).summary == "no scaling is set up"
    acts = scaling_can_act(Evidence((SCALES,)))
    assert acts.summary == "variant main: scales by Invocations can act"
