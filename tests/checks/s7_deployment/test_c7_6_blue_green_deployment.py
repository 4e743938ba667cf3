from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.rollouts import Rollout
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s7_deployment.c7_6_blue_green_deployment import blue_green_deployment

DENIED = Gap("sagemaker:DescribeEndpoint", "eu-west-1", "AccessDenied", GapReason.DENIED)
BAKED: dict[str, Any] = {}
AT_ONCE: dict[str, Any] = {"strategy": "ALL_AT_ONCE"}
UNBAKED: dict[str, Any] = {"bake_seconds": 0}
UNSET: dict[str, Any] = {"bake_seconds": None}
UNWATCHED: dict[str, Any] = {"alarms": ()}
IDLE: dict[str, Any] = {"updated_at": None}
DEFAULT: dict[str, Any] = {"strategy": None}
NEVER: dict[str, Any] = {"strategy": None, "updated_at": None}
ROLLING: dict[str, Any] = {"strategy": "ROLLING"}


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ([BAKED], (), Status.PASS),
        ([AT_ONCE], (), Status.PASS),
        ([BAKED, NEVER], (DENIED,), Status.PASS),
        ([UNBAKED], (), Status.PARTIAL),
        ([UNSET], (), Status.PARTIAL),
        ([UNWATCHED], (), Status.PARTIAL),
        ([IDLE], (), Status.PARTIAL),
        ([DEFAULT, NEVER], (), Status.PARTIAL),
        ([NEVER], (), Status.FAIL),
        ([ROLLING], (), Status.FAIL),
        ([], (), Status.NOT_APPLICABLE),
        ([UNBAKED], (DENIED,), Status.NOT_ASSESSED),
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
    assert blue_green_deployment(evidence).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (BAKED, "endpoint e kept its old fleet for 600 seconds, watched by errors"),
        (UNWATCHED, "endpoint e kept its old fleet for 600 seconds, watched by no alarm"),
        (IDLE, "endpoint e has a policy, and was not updated in the window"),
        (DEFAULT, "endpoint e was updated with the defaults of AWS"),
        (ROLLING, "endpoint e is updated in batches on one fleet"),
        (NEVER, "endpoint e was not updated in the window"),
    ],
)
def test_words(given: dict[str, Any], words: str, rollout: Callable[..., Rollout]) -> None:
    assert blue_green_deployment(Evidence((rollout(**given),))).summary == words
