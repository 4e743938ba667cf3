from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.composition import ChainedModels, ParallelModels
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_9_combined_models import combined_models

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:DescribeModel", "eu-west-1", "AccessDenied", GapReason.DENIED)
SIDE_BY_SIDE, CHAINED = "endpoint fraud loads many models", "endpoint fraud chains 2 containers"


def parallel(capacity: int | None, *, used: bool = True) -> Evidence[ParallelModels]:
    return Evidence((ParallelModels("arn:endpoint", SIDE_BY_SIDE, capacity, used, NOW),))


def chained(capacity: int | None) -> Evidence[ChainedModels]:
    return Evidence((ChainedModels("arn:endpoint", CHAINED, capacity, used=True, at=NOW),))


@pytest.mark.parametrize(
    ("side_by_side", "in_sequence", "status"),
    [
        (parallel(2), chained(2), Status.PASS),
        (parallel(None), chained(3), Status.PASS),
        (Evidence(parallel(2).items, (DENIED,)), chained(2), Status.PASS),
        (parallel(1), chained(2), Status.PARTIAL),
        (parallel(2, used=False), chained(2), Status.PARTIAL),
        (parallel(1), chained(1), Status.PARTIAL),
        (parallel(2), Evidence(), Status.PARTIAL),
        (Evidence(), chained(1), Status.PARTIAL),
        (Evidence(), Evidence(), Status.NOT_APPLICABLE),
        (Evidence((), (DENIED,)), chained(2), Status.NOT_ASSESSED),
        (parallel(2), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence(), Status.NOT_ASSESSED),
        (parallel(0), Evidence((), (DENIED,)), Status.PARTIAL),
    ],
)
def test_status(
    side_by_side: Evidence[ParallelModels],
    in_sequence: Evidence[ChainedModels],
    status: Status,
) -> None:
    assert combined_models(side_by_side, in_sequence).status is status


def test_words() -> None:
    assert combined_models(parallel(1), chained(2)).summary == (
        f"{SIDE_BY_SIDE}, with a least capacity of 1"
    )
    assert combined_models(parallel(2), Evidence()).summary == (
        f"{SIDE_BY_SIDE}; no models in sequence"
    )
