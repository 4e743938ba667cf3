from typing import Any

import pytest

from mlaudit.capabilities.governance import SignOff
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.resources import ModelPackage
from mlaudit.testing import build, gap
from mlaudit_checks.x_extended.cx_5_approved_by_another import approved_by_another

DENIED = (gap("sagemaker:DescribeModelPackage"),)


def version(**values: Any) -> SignOff:
    usual = {
        "approval": "Approved",
        "created_by": "pipeline",
        "modified_by": "ada",
        "approval_note": True,
    }
    return SignOff(build(ModelPackage, "fraud/7", **{**usual, **values}), "model fraud")


NOTED = version()
SILENT = version(approval_note=False)
UNTOLD = version(modified_by=None)
BY_AUTHOR = version(modified_by="pipeline")
PENDING = version(approval="PendingManualApproval")
NO_STATUS = version(approval=None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((NOTED,), (), Status.PASS),
        ((NOTED, SILENT), (), Status.PARTIAL),
        ((UNTOLD,), (), Status.PARTIAL),
        ((NOTED, BY_AUTHOR), (), Status.FAIL),
        ((NOTED, PENDING), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((NOTED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[SignOff, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert approved_by_another(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NOTED, "was approved by another, with a note"),
        (SILENT, "was approved by another, without a note"),
        (UNTOLD, "is approved, nothing tells by whom"),
        (BY_AUTHOR, "was approved by its author"),
        (PENDING, "serves, its approval is PendingManualApproval"),
        (NO_STATUS, "serves, its approval is missing"),
    ],
)
def test_words(seen: SignOff, words: str) -> None:
    assert approved_by_another(Evidence((seen,))).summary == f"fraud version 7 {words}"
