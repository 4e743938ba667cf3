from typing import Any

import pytest

from mlaudit.capabilities.repositories import CommitStart
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.d_practices.cd_16_started_by_push import started_by_push

DENIED = (gap("codebuild:ListProjects"),)
STARTED, BY_HAND = (
    CommitStart("arn:a", "it", started=True),
    CommitStart("arn:b", "it", started=False),
)
NOT_TOLD = CommitStart("arn:c", "it", started=None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((STARTED, BY_HAND), (), Status.PASS),
        ((STARTED,), DENIED, Status.PASS),
        ((NOT_TOLD, BY_HAND), (), Status.PARTIAL),
        ((BY_HAND,), (), Status.FAIL),
        ((), (), Status.FAIL),
        ((NOT_TOLD,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[CommitStart, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert started_by_push(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (STARTED, "it is started by a push"),
        (BY_HAND, "it was started by no push"),
        (NOT_TOLD, "it has a webhook, and reported nothing in the window"),
    ],
)
def test_words(seen: CommitStart, words: str) -> None:
    assert started_by_push(Evidence((seen,))).summary == words
