from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.logging import InferenceRecord, StepLogs
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_11_end_to_end_logging import end_to_end_logging

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("logs:DescribeLogGroups", "eu-west-1", "AccessDenied", GapReason.DENIED)


def logs(
    last: datetime | None = NOW,
    *,
    days: int | None = 30,
    level: str | None = None,
    idle: bool = False,
) -> StepLogs:
    return StepLogs("arn:log-group", "training jobs", last, days, level, idle)


def record(*modes: str, percent: int | None = 100) -> InferenceRecord:
    return InferenceRecord("arn:endpoint", "endpoint fraud", modes, percent if modes else None)


KEPT, KEPT_IN_FULL = logs(), logs(level="ALL")
FOR_EVER = logs(days=None)
ERRORS_ONLY = logs(level="ERROR")
SILENT = logs(None)
IDLE = logs(None, idle=True)
BOTH, BOTH_IN_ONE = record("Input", "Output"), record("InputAndOutput")
ONE_WAY = record("Input")
NOTHING = record()
NO_SAMPLE = record("Input", "Output", percent=0)


@pytest.mark.parametrize(
    ("steps", "records", "status"),
    [
        (Evidence((KEPT, KEPT_IN_FULL)), Evidence((BOTH, BOTH_IN_ONE)), Status.PASS),
        (Evidence((KEPT,)), Evidence(), Status.PASS),
        (Evidence((KEPT, FOR_EVER)), Evidence((BOTH,)), Status.PARTIAL),
        (Evidence((ERRORS_ONLY,)), Evidence(), Status.PARTIAL),
        (Evidence((IDLE,)), Evidence(), Status.PARTIAL),
        (Evidence((KEPT,)), Evidence((ONE_WAY,)), Status.PARTIAL),
        (Evidence((KEPT,)), Evidence((NOTHING,)), Status.PARTIAL),
        (Evidence((KEPT,)), Evidence((NO_SAMPLE,)), Status.PARTIAL),
        (Evidence((KEPT,)), Evidence((BOTH, NOTHING)), Status.PARTIAL),
        # one kind of step that ran and logged nothing is enough
        (Evidence((KEPT, SILENT)), Evidence((BOTH,)), Status.FAIL),
        (Evidence((FOR_EVER, SILENT), (DENIED,)), Evidence((), (DENIED,)), Status.FAIL),
        (Evidence(), Evidence(), Status.NOT_APPLICABLE),
        (Evidence((), (DENIED,)), Evidence((BOTH,)), Status.NOT_ASSESSED),
        (Evidence((KEPT,), (DENIED,)), Evidence((BOTH,)), Status.NOT_ASSESSED),
        (Evidence((KEPT,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        # the kind of step that was not seen may be silent
        (Evidence((FOR_EVER,), (DENIED,)), Evidence((BOTH,)), Status.NOT_ASSESSED),
        (Evidence((FOR_EVER,)), Evidence((), (DENIED,)), Status.PARTIAL),
    ],
)
def test_status(
    steps: Evidence[StepLogs], records: Evidence[InferenceRecord], status: Status
) -> None:
    assert end_to_end_logging(steps, records).status is status


@pytest.mark.parametrize(
    ("step", "kept", "words"),
    [
        (SILENT, BOTH, "training jobs: no log event in the window"),
        (FOR_EVER, BOTH, "training jobs: logged, and kept for ever"),
        (ERRORS_ONLY, BOTH, "training jobs: logs at level ERROR"),
        (IDLE, BOTH, "training jobs: nothing ran to be logged"),
        (KEPT, NOTHING, "endpoint fraud: keeps no requests"),
        (KEPT, NO_SAMPLE, "endpoint fraud: keeps no requests"),
        (KEPT, ONE_WAY, "endpoint fraud: keeps input of 100 % of requests"),
        (
            KEPT,
            BOTH,
            (
                "training jobs: logged, and kept for 30 days; "
                "endpoint fraud: keeps input and output of 100 % of requests"
            ),
        ),
    ],
)
def test_words(step: StepLogs, kept: InferenceRecord, words: str) -> None:
    assert end_to_end_logging(Evidence((step,)), Evidence((kept,))).summary == words
