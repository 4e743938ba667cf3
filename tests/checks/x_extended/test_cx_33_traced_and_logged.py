from typing import Any

import pytest

from mlaudit.capabilities.upkeep import TracedPart
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_33_traced_and_logged import traced_and_logged

DENIED = (gap("lambda:ListFunctions"),)


def part(*lacks: str) -> TracedPart:
    return TracedPart("arn:m", "state machine m", lacks)


WHOLE, UNTRACED, UNLOGGED, DARK = part(), part("traces"), part("logs"), part("logs", "traces")


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WHOLE,), (), Status.PASS),
        ((WHOLE, UNTRACED), (), Status.PARTIAL),
        ((WHOLE, UNLOGGED), (), Status.FAIL),
        ((DARK,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WHOLE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[TracedPart, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert traced_and_logged(Evidence(seen, gaps)).status is status


def test_words() -> None:
    assert traced_and_logged(Evidence((WHOLE,))).summary == "state machine m keeps what it should"
    dark = traced_and_logged(Evidence((DARK,)))
    assert dark.summary == "state machine m is without logs and traces"
