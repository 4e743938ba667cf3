from typing import Any

import pytest

from mlaudit.capabilities.by_hand import HandStart
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_19_started_by_hand import started_by_hand

DENIED = (gap("codepipeline:ListPipelines"),)
STARTED = HandStart("arn:d", "delivery pipeline d", RECENT)
NEVER = HandStart("arn:e", "delivery pipeline e", None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((STARTED, NEVER), (), Status.PASS),
        ((STARTED,), DENIED, Status.PASS),
        ((NEVER,), (), Status.PARTIAL),
        ((), (), Status.FAIL),
        ((NEVER,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[HandStart, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert started_by_hand(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ((STARTED,), "delivery pipeline d succeeded after a start by hand"),
        ((NEVER,), "delivery pipeline e did not succeed in the window after a start by hand"),
        ((), "no workflow and no delivery pipeline to start"),
    ],
)
def test_words(seen: tuple[HandStart, ...], words: str) -> None:
    assert started_by_hand(Evidence(seen)).summary == words
