from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.comparisons import TrafficSplit
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_7_ab_testing import ab_testing

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("cloudwatch:GetMetricData", "eu-west-1", "AccessDenied", GapReason.DENIED)
SHARED = TrafficSplit("arn:e", "e", ("a", "b"), ("a", "b"), NOW)
ONE_SIDED = TrafficSplit("arn:e", "e", ("a", "b"), ("a",), NOW)
SINGLE = TrafficSplit("arn:e", "e", ("a",), ("a",), NOW)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((SHARED, SINGLE)), Status.PASS),
        (Evidence((SHARED,), (DENIED,)), Status.PASS),
        (Evidence((ONE_SIDED,)), Status.PARTIAL),
        (Evidence((SINGLE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((ONE_SIDED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((SINGLE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[TrafficSplit], status: Status) -> None:
    assert ab_testing(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SHARED, "endpoint e shares requests between a, b"),
        (
            ONE_SIDED,
            "endpoint e shares requests between a, b, and 1 of them answered in the window",
        ),
        (SINGLE, "endpoint e sends all requests to one variant"),
    ],
)
def test_words(seen: TrafficSplit, words: str) -> None:
    assert ab_testing(Evidence((seen,))).summary == words
