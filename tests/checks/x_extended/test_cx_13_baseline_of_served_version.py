from typing import Any

import pytest

from mlaudit.capabilities.compared import ComparedBaseline
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_13_baseline_of_served_version import baseline_of_served_version

DENIED = (gap("sagemaker:DescribeMonitoringSchedule"),)
OWN = ComparedBaseline("arn:s", "s", ("fraud/2",), ("fraud/1",), RECENT)
STALE = ComparedBaseline("arn:s", "s", (), ("fraud/1",), RECENT)
LOOSE = ComparedBaseline("arn:s", "s", (), (), RECENT)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((OWN,), (), Status.PASS),
        ((OWN, LOOSE), (), Status.PARTIAL),
        ((OWN, STALE), (), Status.FAIL),
        ((STALE,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((OWN,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ComparedBaseline, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert baseline_of_served_version(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (OWN, "the baseline of fraud/2"),
        (STALE, "the baseline of fraud/1, which does not serve"),
        (LOOSE, "a baseline that is registered with no version"),
    ],
)
def test_words(seen: ComparedBaseline, words: str) -> None:
    found = baseline_of_served_version(Evidence((seen,)))
    assert found.summary == f"Model Monitor schedule s compares with {words}"
