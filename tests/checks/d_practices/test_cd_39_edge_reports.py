from typing import Any

import pytest

from mlaudit.capabilities.edge import EdgeDevice
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.resources import CoreDevice
from mlaudit.testing import build, gap
from mlaudit_checks.d_practices.cd_39_edge_reports import edge_reports

DENIED = (gap("greengrassv2:ListCoreDevices"),)


def device(*, healthy: bool = True, reports: bool = True) -> EdgeDevice:
    return EdgeDevice(build(CoreDevice, "d", healthy=healthy), reports)


HEALTHY, SICK, SILENT = device(), device(healthy=False), device(reports=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((HEALTHY,), (), Status.PASS),
        ((HEALTHY, SICK), (), Status.PARTIAL),
        ((SICK, SILENT), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((HEALTHY,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[EdgeDevice, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert edge_reports(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (HEALTHY, "core device d is healthy"),
        (SICK, "core device d is not healthy"),
        (SILENT, "core device d told nothing of itself in the window"),
    ],
)
def test_words(seen: EdgeDevice, words: str) -> None:
    assert edge_reports(Evidence((seen,))).summary == words
