from typing import Any

import pytest

from mlaudit.capabilities.protection import DataAtRest
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_34_encrypted_at_rest import encrypted_at_rest

DENIED = (gap("s3:GetBucketEncryption"),)
GOOD = DataAtRest("arn:j", "training job j: volumes", own_key=True, at=RECENT)
BAD = DataAtRest("arn:j", "training job j: results", own_key=False, at=RECENT)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((GOOD, GOOD), (), Status.PASS),
        ((GOOD, BAD), (), Status.PARTIAL),
        ((BAD,), (), Status.PARTIAL),
        ((), (), Status.NOT_APPLICABLE),
        ((GOOD,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[DataAtRest, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert encrypted_at_rest(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GOOD, "training job j: volumes encrypted with a key that was chosen"),
        (BAD, "training job j: results encrypted with a key of AWS"),
    ],
)
def test_words(seen: DataAtRest, words: str) -> None:
    assert encrypted_at_rest(Evidence((seen,))).summary == words
