from typing import Any

import pytest

from mlaudit.capabilities.governance import SignOff
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import ModelPackage
from mlaudit.testing import build
from mlaudit_checks.s9_governance.c9_4_human_signoff import human_signoff

DENIED = Gap("sagemaker:DescribeModelPackage", "eu-west-1", "AccessDenied", GapReason.DENIED)


def version(**values: Any) -> SignOff:
    usual = {"approval": "Approved", "created_by": "pipeline", "modified_by": "ada"}
    return SignOff(build(ModelPackage, "fraud/7", **{**usual, **values}), "model fraud")


BY_ANOTHER = version()
BY_AUTHOR = version(modified_by="pipeline")
UNTOLD = version(created_by=None, modified_by=None)
NOTED = version(modified_by=None, approval_note=True)
BORN_APPROVED = version(modified_by=None)
PENDING = version(approval="PendingManualApproval")
NO_STATUS = version(approval=None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((BY_ANOTHER,)), Status.PASS),
        (Evidence((BY_AUTHOR,)), Status.PARTIAL),
        (Evidence((UNTOLD,)), Status.PARTIAL),
        (Evidence((NOTED,)), Status.PARTIAL),
        (Evidence((BY_ANOTHER, PENDING)), Status.PARTIAL),
        (Evidence((BORN_APPROVED,)), Status.FAIL),
        (Evidence((PENDING,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((BY_ANOTHER,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[SignOff], status: Status) -> None:
    assert human_signoff(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BY_ANOTHER, "was approved by another than its author"),
        (BY_AUTHOR, "was approved by its author"),
        (UNTOLD, "is approved, nothing tells by whom"),
        (BORN_APPROVED, "was registered as approved"),
        (PENDING, "serves, its approval is PendingManualApproval"),
        (NO_STATUS, "serves, its approval is missing"),
    ],
)
def test_words(seen: SignOff, words: str) -> None:
    assert human_signoff(Evidence((seen,))).summary == f"fraud version 7 {words}"
