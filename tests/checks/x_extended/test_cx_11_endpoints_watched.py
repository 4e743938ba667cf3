from typing import Any

import pytest

from mlaudit.capabilities.guards import WatchedEndpoint
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_11_endpoints_watched import endpoints_watched

DENIED = (gap("sagemaker:ListMonitoringSchedules"),)
WORKS = WatchedEndpoint("arn:e", "endpoint e", ("pipeline drift",), ("alarm old",))
BROKEN = WatchedEndpoint("arn:e", "endpoint e", (), ("alarm old",))
BARE = WatchedEndpoint("arn:e", "endpoint e", (), ())


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WORKS,), (), Status.PASS),
        ((WORKS, BROKEN), (), Status.PARTIAL),
        ((WORKS, BARE), (), Status.FAIL),
        ((BARE,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WORKS,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[WatchedEndpoint, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert endpoints_watched(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WORKS, "endpoint e is watched by pipeline drift"),
        (BROKEN, "endpoint e has monitors that do not work: alarm old"),
        (BARE, "nothing watches endpoint e"),
    ],
)
def test_words(seen: WatchedEndpoint, words: str) -> None:
    assert endpoints_watched(Evidence((seen,))).summary == words
