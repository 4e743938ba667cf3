from typing import Any

import pytest

from mlaudit.capabilities.protection import Isolation
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_36_isolated_from_network import isolated_from_network

DENIED = (gap("sagemaker:ListModels"),)
GOOD = Isolation("arn:m", "model m", isolated=True, in_network=False, at=None)
INSIDE = Isolation("arn:n", "model n", isolated=False, in_network=True, at=None)
BAD = Isolation("arn:j", "training job j", isolated=False, in_network=False, at=RECENT)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((GOOD, GOOD), (), Status.PASS),
        ((GOOD, BAD), (), Status.PARTIAL),
        ((BAD,), (), Status.FAIL),
        ((INSIDE,), (), Status.PARTIAL),
        ((), (), Status.NOT_APPLICABLE),
        ((GOOD,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Isolation, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert isolated_from_network(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GOOD, "model m reaches no network"),
        (INSIDE, "model n reaches a network of the account"),
        (BAD, "training job j reaches the internet"),
    ],
)
def test_words(seen: Isolation, words: str) -> None:
    assert isolated_from_network(Evidence((seen,))).summary == words
