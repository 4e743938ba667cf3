from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.labels import Labeling
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_5_labeling_workflow import labeling_workflow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListLabelingJobs", "eu-west-1", "AccessDenied", GapReason.DENIED)
ELSEWHERE = Gap.unread(DENIED.operation, "eu-west-1", "LabelsFromElsewhere", "fraud")
CROSSED = Labeling(
    "arn:labels",
    "faces",
    "completed",
    completed=True,
    labeled=500,
    crossed_by="3 people for each object",
    at=NOW,
)
SINGLE = replace(CROSSED, crossed_by=None)
STOPPED = replace(CROSSED, status="stopped", completed=False)
NOTHING = replace(CROSSED, labeled=0)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((CROSSED,)), Status.PASS),
        (Evidence((STOPPED, CROSSED), (DENIED,)), Status.PASS),
        (Evidence((SINGLE,)), Status.PARTIAL),
        (Evidence((STOPPED,)), Status.PARTIAL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((SINGLE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (ELSEWHERE,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[Labeling], status: Status) -> None:
    assert labeling_workflow(evidence).status is status


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (
            Evidence((CROSSED,)),
            "labelling job faces labelled 500 objects, crossed by 3 people for each object",
        ),
        (
            Evidence((SINGLE,)),
            "labelling job faces takes each label from one person, and nothing reviews it",
        ),
        (Evidence((STOPPED,)), "labelling job faces is stopped"),
        (Evidence((NOTHING,)), "labelling job faces labelled nothing"),
        (
            Evidence((), (ELSEWHERE,)),
            "could not be seen: where the labels of fraud come from, if it has any",
        ),
    ],
)
def test_words(evidence: Evidence[Labeling], words: str) -> None:
    assert labeling_workflow(evidence).summary == words
