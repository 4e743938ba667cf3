from datetime import datetime
from typing import Any

import pytest

from mlaudit.capabilities.approvals import ApprovalDeployment
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_21_deployed_on_approval import deployed_on_approval

DENIED = (gap("events:ListRules"),)


def model(
    rule: str | None = "r", at: datetime | None = RECENT, *, enabled: bool = True
) -> ApprovalDeployment:
    return ApprovalDeployment("arn:m", "model m", rule, enabled, at)


DEPLOYED, NOT_YET, OFF = model(), model(at=None), model(at=None, enabled=False)
UNAPPROVED = model(rule=None, at=None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((DEPLOYED,), (), Status.PASS),
        ((DEPLOYED, NOT_YET), (), Status.PARTIAL),
        ((OFF,), (), Status.PARTIAL),
        ((UNAPPROVED,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((DEPLOYED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(
    seen: tuple[ApprovalDeployment, ...], gaps: tuple[Any, ...], status: Status
) -> None:
    assert deployed_on_approval(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (DEPLOYED, "was deployed by rule r on its approval"),
        (NOT_YET, "has rule r on its approval, which did not bring it in the window"),
        (OFF, "would be deployed by rule r, if on"),
        (UNAPPROVED, "serves without an approval"),
    ],
)
def test_words(seen: ApprovalDeployment, words: str) -> None:
    assert deployed_on_approval(Evidence((seen,))).summary == f"model m {words}"
