from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.retrain_triggers import NewDataTrigger, RetrainTrigger
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s8_training.c8_3_new_data_retraining import new_data_retraining

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("events:ListRules", "eu-west-1", "AccessDenied", GapReason.DENIED)
BY_RULE = RetrainTrigger(
    "arn:p", "SageMaker pipeline p", "rule new-data", enabled=True, succeeded_at=NOW
)
NEVER = replace(BY_RULE, succeeded_at=None)
OFF = replace(NEVER, enabled=False)
BY_HAND = replace(NEVER, begins=None, enabled=False)


def seen(*found: RetrainTrigger, gaps: tuple[Gap, ...] = ()) -> Evidence[NewDataTrigger]:
    return Evidence(tuple(NewDataTrigger(each) for each in found), gaps)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (seen(BY_RULE), Status.PASS),
        (seen(BY_RULE, BY_HAND, gaps=(DENIED,)), Status.PASS),
        (seen(NEVER, BY_HAND), Status.PARTIAL),
        (seen(OFF), Status.PARTIAL),
        (seen(BY_HAND), Status.FAIL),
        (seen(), Status.FAIL),
        (seen(NEVER, gaps=(DENIED,)), Status.NOT_ASSESSED),
        (seen(gaps=(DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[NewDataTrigger], status: Status) -> None:
    assert new_data_retraining(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (BY_RULE, "SageMaker pipeline p trains on new data, started by rule new-data"),
        (NEVER, "SageMaker pipeline p has no success in the window started by rule new-data"),
        (OFF, "SageMaker pipeline p would train on new data by rule new-data, which is off"),
        (BY_HAND, "SageMaker pipeline p trains, and no new data starts it"),
    ],
)
def test_words(found: RetrainTrigger, words: str) -> None:
    assert new_data_retraining(seen(found)).summary == words
