from typing import Any

import pytest

from mlaudit.capabilities.protection import DataPlace
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_33_data_of_its_region import data_of_its_region

DENIED = (gap("s3:GetBucketLocation"),)
GOOD = DataPlace("arn:b", "b", here=True, place="eu-west-1", readers=2, at=RECENT)
BAD = DataPlace("arn:c", "c", here=False, place="us-east-1", readers=1, at=RECENT)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((GOOD, GOOD), (), Status.PASS),
        ((GOOD, BAD), (), Status.PARTIAL),
        ((BAD,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((GOOD,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[DataPlace, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert data_of_its_region(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GOOD, "bucket b, which 2 jobs read, is in eu-west-1"),
        (BAD, "bucket c, which 1 job read, is in us-east-1"),
    ],
)
def test_words(seen: DataPlace, words: str) -> None:
    assert data_of_its_region(Evidence((seen,))).summary == words
