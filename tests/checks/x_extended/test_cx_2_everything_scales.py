from typing import Any

import pytest

from mlaudit.capabilities.capacity import ScaledUnit
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_2_everything_scales import everything_scales

DENIED = (gap("application-autoscaling:DescribeScalableTargets"),)
SCALES = ScaledUnit("arn:e", "variant main", "scales by Invocations", None)
STUCK = ScaledUnit("arn:e", "variant main", "scales by Invocations", "it is suspended")
FIXED = ScaledUnit("arn:e", "variant main", None, None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((SCALES,), (), Status.PASS),
        ((SCALES, STUCK), (), Status.PARTIAL),
        ((SCALES, FIXED), (), Status.FAIL),
        ((FIXED,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((SCALES,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ScaledUnit, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert everything_scales(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SCALES, "variant main: scales by Invocations"),
        (STUCK, "variant main: scales by Invocations, but it is suspended"),
        (FIXED, "variant main: no scaling is set up"),
    ],
)
def test_words(seen: ScaledUnit, words: str) -> None:
    assert everything_scales(Evidence((seen,))).summary == words
