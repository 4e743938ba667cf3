from typing import Any

import pytest

from mlaudit.capabilities.algorithms import Training
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_32_built_in_algorithms import built_in_algorithms

DENIED = (gap("sagemaker:ListTrainingJobs"),)


def training(built_in: str | None, *, completed: bool = True) -> Training:
    return Training("arn:j", "training job j", built_in, completed, RECENT)


BUILT_IN, OWN = training("the algorithm xgboost"), training(None)
FAILED = training("AutoML", completed=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((BUILT_IN, OWN), (), Status.PASS),
        ((BUILT_IN,), DENIED, Status.PASS),
        ((FAILED, OWN), (), Status.PARTIAL),
        ((OWN,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((OWN,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Training, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert built_in_algorithms(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BUILT_IN, "trained with the algorithm xgboost"),
        (FAILED, "did not complete with AutoML"),
        (OWN, "runs no algorithm of AWS"),
    ],
)
def test_words(seen: Training, words: str) -> None:
    assert built_in_algorithms(Evidence((seen,))).summary == f"training job j {words}"
