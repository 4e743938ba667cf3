from typing import Any

import pytest

from mlaudit.capabilities.protection import TrainingTraffic
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_35_encrypted_in_transit import encrypted_in_transit

DENIED = (gap("sagemaker:ListTrainingJobs"),)
GOOD = TrainingTraffic("arn:j", "training job j on 2 machines", encrypted=True, at=RECENT)
BAD = TrainingTraffic("arn:k", "training job k on 4 machines", encrypted=False, at=RECENT)


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
def test_status(seen: tuple[TrainingTraffic, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert encrypted_in_transit(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GOOD, "training job j on 2 machines let them talk encrypted"),
        (BAD, "training job k on 4 machines let them talk in the clear"),
    ],
)
def test_words(seen: TrainingTraffic, words: str) -> None:
    assert encrypted_in_transit(Evidence((seen,))).summary == words
