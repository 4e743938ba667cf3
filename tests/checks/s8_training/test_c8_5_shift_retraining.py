from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.detectors import ControlledEndpoint, DataDriftControl, Detector
from mlaudit.capabilities.retrain_triggers import RetrainTrigger, ShiftedDataTrigger
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s8_training.c8_5_shift_retraining import shift_retraining

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("cloudwatch:DescribeAlarms", "eu-west-1", "AccessDenied", GapReason.DENIED)
BY_ALARM = RetrainTrigger(
    "arn:p", "SageMaker pipeline p", "alarm drop", enabled=True, succeeded_at=NOW
)
NEVER = replace(BY_ALARM, succeeded_at=None)
BY_HAND = replace(NEVER, begins=None, enabled=False)
WORKS = Detector("alarm drop", (), None)
LACKING = Detector("alarm drop", ("data",), None)
NONE = Evidence[DataDriftControl]()
UNSEEN = Evidence[DataDriftControl]((), (DENIED,))


def seen(*found: RetrainTrigger, gaps: tuple[Gap, ...] = ()) -> Evidence[ShiftedDataTrigger]:
    return Evidence(tuple(ShiftedDataTrigger(each) for each in found), gaps)


def watched(*detectors: Detector) -> Evidence[DataDriftControl]:
    return Evidence((DataDriftControl(ControlledEndpoint("arn:e", "endpoint e", detectors)),))


@pytest.mark.parametrize(
    ("triggers", "controls", "status"),
    [
        (seen(BY_ALARM), watched(WORKS), Status.PASS),
        (seen(BY_ALARM, BY_HAND, gaps=(DENIED,)), UNSEEN, Status.PASS),
        (seen(NEVER), NONE, Status.PARTIAL),
        (seen(BY_HAND), watched(WORKS), Status.PARTIAL),
        (seen(), watched(LACKING), Status.PARTIAL),
        (seen(BY_HAND), watched(), Status.FAIL),
        (seen(), NONE, Status.FAIL),
        (seen(BY_HAND), UNSEEN, Status.NOT_ASSESSED),
        (seen(NEVER, gaps=(DENIED,)), watched(WORKS), Status.NOT_ASSESSED),
        (seen(gaps=(DENIED,)), NONE, Status.NOT_ASSESSED),
    ],
)
def test_status(
    triggers: Evidence[ShiftedDataTrigger], controls: Evidence[DataDriftControl], status: Status
) -> None:
    assert shift_retraining(triggers, controls).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (BY_ALARM, "SageMaker pipeline p trains on shift of the data, started by alarm drop"),
        (NEVER, "SageMaker pipeline p has no success in the window started by alarm drop"),
        (
            BY_HAND,
            "SageMaker pipeline p trains, and no shift of the data starts it",
        ),
    ],
)
def test_words(found: RetrainTrigger, words: str) -> None:
    assert shift_retraining(seen(found), watched(WORKS)).summary.startswith(words)
