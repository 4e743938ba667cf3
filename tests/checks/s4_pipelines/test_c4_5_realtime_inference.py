from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.serving import Placement, RealTimeVariant, Scaling
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status, Verdict
from mlaudit_checks.s4_pipelines.c4_5_realtime_inference import realtime_inference

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:DescribeEndpoint", "eu-west-1", "AccessDenied", GapReason.DENIED)

Seen = tuple[str | None, float]
"""What scales a variant, and the requests it answered."""

SCALES: Seen = ("serverless, up to 5 at a time", 12.0)
IDLE: Seen = ("serverless, up to 5 at a time", 0.0)
FIXED: Seen = (None, 12.0)


def judged(placement: Placement, seen: Evidence[Seen]) -> Verdict:
    variants = tuple(
        RealTimeVariant(Scaling(placement, by, 1), requests, NOW) for by, requests in seen.items
    )
    return realtime_inference(Evidence(variants, seen.gaps))


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (Evidence((SCALES,)), Status.PASS),
        (Evidence((SCALES, FIXED)), Status.PARTIAL),
        (Evidence((FIXED,)), Status.PARTIAL),
        (Evidence((IDLE,)), Status.PARTIAL),
        (Evidence((FIXED,), (DENIED,)), Status.PARTIAL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((SCALES,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(placement: Placement, seen: Evidence[Seen], status: Status) -> None:
    assert judged(placement, seen).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SCALES, "serverless, up to 5 at a time; 12 requests in the window"),
        (IDLE, "serverless, up to 5 at a time; no request in the window"),
        (FIXED, "fixed capacity"),
    ],
)
def test_words(placement: Placement, seen: Seen, words: str) -> None:
    summary = judged(placement, Evidence((seen,))).summary
    assert summary == f"endpoint fraud, variant main: {words}"
