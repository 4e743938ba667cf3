from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.validation import SchemaValidation
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_3_schema_validation import schema_validation

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListPipelines", "eu-west-1", "AccessDenied", GapReason.DENIED)
CODE = Gap.unread("sagemaker:DescribePipeline", "eu-west-1", "CodeNotRead", "arn:pipeline/train")
FLOW = Workflow("arn:pipeline/train", "train", Engine.PIPELINES, (), NOW)

CHECKED = SchemaValidation(FLOW, ("CheckData",), stops=True, rules=())
NEVER_RAN = replace(CHECKED, flow=replace(FLOW, succeeded_at=None))
OPEN = replace(CHECKED, stops=False)
ASIDE = SchemaValidation(FLOW, (), stops=False, rules=("orders",))
UNCHECKED = SchemaValidation(FLOW, (), stops=False, rules=())


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((CHECKED,)), Status.PASS),
        (Evidence((CHECKED, UNCHECKED)), Status.PARTIAL),
        (Evidence((NEVER_RAN,)), Status.PARTIAL),
        (Evidence((OPEN,)), Status.PARTIAL),
        (Evidence((ASIDE,)), Status.PARTIAL),
        (Evidence((OPEN,), (DENIED,)), Status.PARTIAL),
        (Evidence((UNCHECKED,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((), (CODE,)), Status.NOT_ASSESSED),
        (Evidence((CHECKED,), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[SchemaValidation], status: Status) -> None:
    assert schema_validation(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (CHECKED, "trains only on data that passes CheckData"),
        (NEVER_RAN, "checks data in CheckData before it trains, with no success in the window"),
        (OPEN, "checks data in CheckData before it trains, and trains whatever comes out"),
        (ASIDE, "trains on data that orders has rules for, and applies none"),
        (UNCHECKED, "trains on data that no step has checked"),
    ],
)
def test_words(seen: SchemaValidation, words: str) -> None:
    assert schema_validation(Evidence((seen,))).summary == f"SageMaker pipeline train {words}"


def test_words_of_what_was_not_read() -> None:
    assert schema_validation(Evidence((), (CODE,))).summary == (
        "could not be seen: the code inside pipeline/train"
    )
