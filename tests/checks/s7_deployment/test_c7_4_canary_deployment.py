from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.rollouts import Rollout
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_4_canary_deployment import canary_deployment

DENIED = Gap("sagemaker:DescribeEndpoint", "eu-west-1", "AccessDenied", GapReason.DENIED)
CANARY: dict[str, Any] = {}
UNWATCHED: dict[str, Any] = {"alarms": ()}
IDLE: dict[str, Any] = {"updated_at": None}
AT_ONCE: dict[str, Any] = {"strategy": "ALL_AT_ONCE"}
DEFAULT: dict[str, Any] = {"strategy": None}
NEVER: dict[str, Any] = {"strategy": None, "updated_at": None}
WEIGHED: dict[str, Any] = {"strategy": None, "weighted": ("a", "b")}


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ([CANARY], (), Status.PASS),
        ([{"strategy": "LINEAR"}], (), Status.PASS),
        ([{"strategy": "ROLLING"}], (), Status.PASS),
        ([CANARY, AT_ONCE], (DENIED,), Status.PASS),
        ([UNWATCHED], (), Status.PARTIAL),
        ([IDLE, NEVER], (), Status.PARTIAL),
        ([WEIGHED], (), Status.PARTIAL),
        ([AT_ONCE], (), Status.FAIL),
        ([DEFAULT], (), Status.FAIL),
        ([NEVER], (), Status.FAIL),
        ([], (), Status.NOT_APPLICABLE),
        ([UNWATCHED], (DENIED,), Status.NOT_ASSESSED),
        ([AT_ONCE], (DENIED,), Status.NOT_ASSESSED),
        ([], (DENIED,), Status.NOT_ASSESSED),
    ],
)
def test_status(
    seen: list[dict[str, Any]],
    gaps: tuple[Gap, ...],
    status: Status,
    rollout: Callable[..., Rollout],
) -> None:
    evidence = Evidence(tuple(rollout(**each) for each in seen), gaps)
    assert canary_deployment(evidence).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (CANARY, "endpoint e was updated by canary, watched by errors"),
        (UNWATCHED, "endpoint e was updated by canary, watched by no alarm"),
        (IDLE, "endpoint e updates by canary, and did not in the window"),
        (WEIGHED, "endpoint e shares its traffic by hand between a, b"),
        (AT_ONCE, "endpoint e was updated all at once"),
        (NEVER, "endpoint e was not updated in the window"),
    ],
)
def test_words(given: dict[str, Any], words: str, rollout: Callable[..., Rollout]) -> None:
    assert canary_deployment(Evidence((rollout(**given),))).summary == words
