from typing import Any

import pytest

from mlaudit.capabilities.cards import CardedVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_31_cards_finished import cards_finished

DENIED = (gap("sagemaker:ListModelCards"),)
DONE, WAITS, DRAFT, AWAY = (
    CardedVersion("arn:c", "card c of version fraud/2", status)
    for status in ("Approved", "PendingReview", "Draft", "Archived")
)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((DONE,), (), Status.PASS),
        ((DONE, WAITS), (), Status.PARTIAL),
        ((DONE, DRAFT), (), Status.FAIL),
        ((AWAY,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((DONE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[CardedVersion, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert cards_finished(Evidence(seen, gaps)).status is status


def test_words() -> None:
    assert cards_finished(Evidence((DRAFT,))).summary == "card c of version fraud/2 is Draft"
    assert cards_finished(Evidence()).summary == "no card is about a version that serves"
