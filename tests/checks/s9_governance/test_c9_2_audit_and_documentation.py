from typing import Any

import pytest

from mlaudit.capabilities.documentation import (
    CallRecord,
    DocumentedModel,
    Record,
    StateRecord,
)
from mlaudit.capabilities.tracking import RunTracking
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s9_governance.c9_2_audit_and_documentation import audit_and_documentation

DENIED = Gap("cloudtrail:DescribeTrails", "eu-west-1", "AccessDenied", GapReason.DENIED)
UNSEEN: Evidence[Any] = Evidence((), (DENIED,))
NONE: Evidence[Any] = Evidence()


def calls(*lacks: str) -> Evidence[CallRecord]:
    return Evidence((CallRecord(Record("arn:trail", "trail t", lacks, None)),))


def states(*lacks: str) -> Evidence[StateRecord]:
    return Evidence((StateRecord(Record("arn:recorder", "configuration recorder r", lacks, None)),))


def runs(tracked: int) -> Evidence[RunTracking]:
    return Evidence((RunTracking("arn:job", 10, tracked),))


def cards(*statuses: str) -> Evidence[DocumentedModel]:
    return Evidence((DocumentedModel("arn:model", "model m on endpoint e", statuses),))


WHOLE = {"calls": calls(), "states": states(), "runs": runs(10), "models": cards("Approved")}


def judged(**parts: Evidence[Any]) -> Any:
    return audit_and_documentation(**{**WHOLE, **parts})


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({}, Status.PASS),
        ({"runs": NONE, "models": NONE}, Status.PASS),
        ({"models": cards("Approved", "Draft")}, Status.PASS),
        ({"calls": calls("logging")}, Status.PARTIAL),
        ({"calls": NONE}, Status.PARTIAL),
        ({"states": states("recording")}, Status.PARTIAL),
        ({"states": NONE}, Status.PARTIAL),
        ({"runs": runs(5)}, Status.PARTIAL),
        ({"models": cards("Draft")}, Status.PARTIAL),
        ({"models": cards()}, Status.PARTIAL),
        ({"calls": NONE, "models": UNSEEN}, Status.PARTIAL),
        ({"calls": NONE, "states": NONE, "runs": runs(0), "models": cards()}, Status.FAIL),
        ({"calls": NONE, "states": NONE, "runs": NONE, "models": NONE}, Status.FAIL),
        ({"calls": NONE, "states": NONE}, Status.FAIL),
        ({"calls": NONE, "states": NONE, "runs": UNSEEN, "models": UNSEEN}, Status.FAIL),
        ({"calls": NONE, "states": UNSEEN, "models": UNSEEN}, Status.NOT_ASSESSED),
        ({"calls": UNSEEN}, Status.NOT_ASSESSED),
        ({"states": UNSEEN}, Status.NOT_ASSESSED),
        ({"runs": UNSEEN}, Status.NOT_ASSESSED),
        ({"models": UNSEEN}, Status.NOT_ASSESSED),
    ],
)
def test_status(parts: dict[str, Evidence[Any]], status: Status) -> None:
    assert judged(**parts).status is status


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "trail t records calls; configuration recorder r records configurations; and 2 more"),
        ({"calls": NONE}, "nothing records calls"),
        ({"states": NONE}, "nothing records configurations"),
        (
            {"calls": calls("logging", "a delivery in the window")},
            "trail t is there for calls, without logging and a delivery in the window",
        ),
        ({"runs": runs(5)}, "5 of 10 training jobs are attached to a run"),
        (
            {"models": cards("Draft")},
            "model m on endpoint e has a card that is Draft, not approved",
        ),
        ({"models": cards()}, "model m on endpoint e has no card"),
    ],
)
def test_words(parts: dict[str, Evidence[Any]], words: str) -> None:
    assert judged(**parts).summary == words
