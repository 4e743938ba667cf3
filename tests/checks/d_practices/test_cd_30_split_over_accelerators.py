from typing import Any

import pytest

from mlaudit.capabilities.algorithms import SplitTraining
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_30_split_over_accelerators import split_over_accelerators

DENIED = (gap("sagemaker:ListTrainingJobs"),)
SPLIT = SplitTraining("arn:j", "j", "tensor_parallel_degree", completed=True, ended_at=RECENT)
FAILED = SplitTraining("arn:k", "k", "mp_parameters", completed=False, ended_at=RECENT)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((SPLIT, FAILED), (), Status.PASS),
        ((SPLIT,), DENIED, Status.PASS),
        ((FAILED,), (), Status.PARTIAL),
        ((), (), Status.NOT_APPLICABLE),
        ((FAILED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[SplitTraining, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert split_over_accelerators(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SPLIT, "training job j trained a model split by tensor_parallel_degree"),
        (FAILED, "training job k did not complete a model split by mp_parameters"),
    ],
)
def test_words(seen: SplitTraining, words: str) -> None:
    assert split_over_accelerators(Evidence((seen,))).summary == words
