from typing import Any

import pytest

from mlaudit.capabilities.machines import SharedTraining
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_20_machines_share_data import machines_share_data

DENIED = (gap("cloudwatch:GetMetricData"),)


def job(busy: float | None, *, copied: bool = False) -> SharedTraining:
    return SharedTraining("arn:j", "j", 2, copied, busy, RECENT)


SHARES, COPIES, UNMEASURED = job(20.0), job(90.0, copied=True), job(None)
IDLE = job(19.9)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((SHARES,), (), Status.PASS),
        ((SHARES, COPIES), (), Status.PARTIAL),
        ((UNMEASURED,), (), Status.PARTIAL),
        ((SHARES, IDLE), (), Status.FAIL),
        ((IDLE,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((SHARES,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[SharedTraining, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert machines_share_data(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SHARES, "shared its data out, and kept all at least 20 % busy"),
        (COPIES, "copied all of its data to each of them"),
        (UNMEASURED, "shared its data out, and was not measured"),
        (job(3.0, copied=True), "kept one of them 3 % busy"),
    ],
)
def test_words(seen: SharedTraining, words: str) -> None:
    found = machines_share_data(Evidence((seen,)))
    assert found.summary == f"training job j on 2 machines {words}"
