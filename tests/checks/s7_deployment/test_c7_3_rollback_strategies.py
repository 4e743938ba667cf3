from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.rollouts import Rollout, WayBack
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_3_rollback_strategies import rollback_strategies

DENIED = Gap("sagemaker:DescribeEndpoint", "eu-west-1", "AccessDenied", GapReason.DENIED)
V6 = "version 6 of fraud"
SAFE: dict[str, Any] = {"earlier": V6}
BLIND: dict[str, Any] = {"earlier": V6, "alarms": ()}
IDLE: dict[str, Any] = {"earlier": V6, "updated_at": None}
FIRST: dict[str, Any] = {"earlier": None}
NOTHING: dict[str, Any] = {"earlier": None, "alarms": ()}


def way(rollout: Callable[..., Rollout], earlier: str | None, **values: Any) -> WayBack:
    return WayBack(rollout(**values), earlier)


@pytest.mark.parametrize(
    ("ways", "gaps", "status"),
    [
        ([SAFE], (), Status.PASS),
        ([SAFE, NOTHING], (), Status.PARTIAL),
        ([BLIND], (), Status.PARTIAL),
        ([IDLE], (), Status.PARTIAL),
        ([FIRST], (), Status.PARTIAL),
        ([NOTHING], (), Status.FAIL),
        ([], (), Status.NOT_APPLICABLE),
        ([SAFE], (DENIED,), Status.NOT_ASSESSED),
        ([SAFE, NOTHING], (DENIED,), Status.PARTIAL),
        ([NOTHING], (DENIED,), Status.NOT_ASSESSED),
        ([], (DENIED,), Status.NOT_ASSESSED),
    ],
)
def test_status(
    ways: list[dict[str, Any]],
    gaps: tuple[Gap, ...],
    status: Status,
    rollout: Callable[..., Rollout],
) -> None:
    evidence = Evidence(tuple(way(rollout, **each) for each in ways), gaps)
    assert rollback_strategies(evidence).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (SAFE, "endpoint e rolls back on errors, version 6 of fraud is kept"),
        (FIRST, "endpoint e rolls back on errors, no earlier version is kept"),
        (
            IDLE,
            f"endpoint e rolls back on errors, {V6} is kept, not updated in the window",
        ),
        (BLIND, "endpoint e has no alarm that rolls it back, version 6 of fraud is kept"),
    ],
)
def test_words(given: dict[str, Any], words: str, rollout: Callable[..., Rollout]) -> None:
    assert rollback_strategies(Evidence((way(rollout, **given),))).summary == words
