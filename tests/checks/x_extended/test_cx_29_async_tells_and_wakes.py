from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.queued import QueuedVariant
from mlaudit.capabilities.serving import Placement
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_29_async_tells_and_wakes import async_tells_and_wakes

DENIED = (gap("cloudwatch:DescribeAlarms"),)
State = tuple[bool, bool, bool]
WAKES: State = (True, True, True)
AWAKE: State = (True, False, False)
LATE: State = (True, True, False)
SILENT: State = (False, True, True)


def variant(placement: Placement, state: State) -> QueuedVariant:
    tells, sleeps, wakes = state
    config = replace(placement.config, asynchronous=True, error_topic=tells)
    return QueuedVariant(replace(placement, config=config), sleeps, wakes)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WAKES, AWAKE), (), Status.PASS),
        ((WAKES, LATE), (), Status.PARTIAL),
        ((WAKES, SILENT), (), Status.FAIL),
        ((SILENT,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WAKES,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(
    seen: tuple[State, ...], gaps: tuple[Any, ...], status: Status, placement: Placement
) -> None:
    evidence = Evidence(tuple(variant(placement, each) for each in seen), gaps)
    assert async_tells_and_wakes(evidence).status is status


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (WAKES, "tells of errors, and wakes on the first request"),
        (AWAKE, "tells of errors, and never sleeps"),
        (LATE, "tells of errors, and wakes late from no instance"),
        (SILENT, "no topic hears of requests that fail"),
    ],
)
def test_words(state: State, words: str, placement: Placement) -> None:
    found = async_tells_and_wakes(Evidence((variant(placement, state),)))
    assert found.summary == f"endpoint fraud, variant main: {words}"
