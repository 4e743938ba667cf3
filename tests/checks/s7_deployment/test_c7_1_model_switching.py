from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.switching import ProductionSwitch, StagingSwitch, Switch
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_1_model_switching import model_switching

DENIED = Gap("sagemaker:DescribeEndpoint", "eu-west-1", "AccessDenied", GapReason.DENIED)
SWITCHED = Switch("arn:e", "endpoint e", datetime(2026, 3, 1, tzinfo=UTC), None)
ABLE = replace(SWITCHED, switched_at=None, choice="version 2 of g")
STUCK = replace(ABLE, choice=None)
Switches = tuple[Switch, ...]


def judged(production: Switches, staging: Switches, *unseen: str) -> Status:
    return model_switching(
        Evidence(tuple(map(ProductionSwitch, production)), (DENIED,) * ("production" in unseen)),
        Evidence(tuple(map(StagingSwitch, staging)), (DENIED,) * ("staging" in unseen)),
    ).status


@pytest.mark.parametrize(
    ("production", "staging", "status"),
    [
        ((SWITCHED,), (SWITCHED,), Status.PASS),
        ((SWITCHED,), (STUCK, SWITCHED), Status.PASS),
        ((SWITCHED, ABLE), (SWITCHED,), Status.PARTIAL),
        ((SWITCHED,), (ABLE,), Status.PARTIAL),
        ((SWITCHED,), (STUCK,), Status.PARTIAL),
        ((SWITCHED,), (), Status.PARTIAL),
        ((ABLE,), (SWITCHED,), Status.PARTIAL),
        ((STUCK,), (SWITCHED,), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
    ],
)
def test_status(production: Switches, staging: Switches, status: Status) -> None:
    assert judged(production, staging) is status


@pytest.mark.parametrize(
    ("production", "staging", "unseen", "status"),
    [
        ((SWITCHED,), (SWITCHED,), "production", Status.NOT_ASSESSED),
        ((SWITCHED,), (SWITCHED,), "staging", Status.PASS),
        ((SWITCHED,), (), "staging", Status.NOT_ASSESSED),
        ((ABLE,), (), "staging", Status.PARTIAL),
        ((STUCK,), (), "staging", Status.FAIL),
        ((STUCK,), (), "production", Status.NOT_ASSESSED),
    ],
)
def test_denied(production: Switches, staging: Switches, unseen: str, status: Status) -> None:
    assert judged(production, staging, unseen) is status


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        (ABLE, "endpoint e could serve version 2 of g, and was not switched in the window"),
        (STUCK, "endpoint e was not switched in the window, and there is no other version"),
    ],
)
def test_words(switch: Switch, words: str) -> None:
    found = model_switching(Evidence((ProductionSwitch(switch),)), Evidence())
    assert found.summary.startswith(words)
