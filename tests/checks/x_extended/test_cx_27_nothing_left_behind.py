from typing import Any

import pytest

from mlaudit.capabilities.upkeep import Leftovers
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import OLD, gap
from mlaudit_checks.x_extended.cx_27_nothing_left_behind import nothing_left_behind

DENIED = (gap("sagemaker:ListModels"),)
FEW, MANY = (Leftovers("arn:m", "models", count, OLD) for count in (10, 11))


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((FEW,), (), Status.PASS),
        ((FEW, MANY), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Leftovers, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert nothing_left_behind(Evidence(seen, gaps)).status is status


def test_words() -> None:
    found = nothing_left_behind(Evidence((MANY,)))
    assert found.summary == "11 models older than the window that nothing uses"
