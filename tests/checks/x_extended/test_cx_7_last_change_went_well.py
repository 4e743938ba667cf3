from typing import Any

import pytest

from mlaudit.capabilities.plumbing import LastChange
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_7_last_change_went_well import last_change_went_well

DENIED = (gap("sagemaker:DescribeEndpoint"),)


def change(status: str = "InService", *, failed: bool = False) -> LastChange:
    return LastChange("arn:e", "endpoint e", status, failed, RECENT)


WELL, UNDER_WAY = change(), change("Updating")
QUIET, BROKEN, STUCK = change(failed=True), change("Failed"), change("UpdateRollbackFailed")


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WELL,), (), Status.PASS),
        ((WELL, UNDER_WAY), (), Status.PARTIAL),
        ((WELL, QUIET), (), Status.FAIL),
        ((BROKEN,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WELL,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[LastChange, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert last_change_went_well(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WELL, "serves, and its last change did not fail"),
        (UNDER_WAY, "is Updating"),
        (QUIET, "serves what it served before a change that failed"),
        (STUCK, "is UpdateRollbackFailed"),
    ],
)
def test_words(seen: LastChange, words: str) -> None:
    assert last_change_went_well(Evidence((seen,))).summary == f"endpoint e {words}"
