from typing import Any

import pytest

from mlaudit.capabilities.firewalls import PublicInterface
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.d_practices.cd_37_behind_firewall import behind_firewall

DENIED = (gap("apigateway:GetStages"),)
BEHIND = PublicInterface("arn:a", "stage live of API a", firewall=True)
OPEN = PublicInterface("arn:b", "stage live of API b", firewall=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((BEHIND,), (), Status.PASS),
        ((BEHIND, OPEN), (), Status.PARTIAL),
        ((OPEN,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((BEHIND,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[PublicInterface, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert behind_firewall(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ((BEHIND,), "stage live of API a has a web ACL"),
        ((OPEN,), "stage live of API b has no web ACL"),
        ((), "no public REST API leads to an endpoint"),
    ],
)
def test_words(seen: tuple[PublicInterface, ...], words: str) -> None:
    assert behind_firewall(Evidence(seen)).summary == words
