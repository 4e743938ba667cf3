from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.guards import GuardedRollout
from mlaudit.capabilities.rollouts import Rollout
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_8_releases_guarded import releases_guarded

DENIED = (gap("sagemaker:DescribeEndpoint"),)
USUAL = Rollout("arn:e", "endpoint e", "CANARY", 600, ("errors",), ("main",), RECENT)


def rollout(*silent: str, **values: Any) -> GuardedRollout:
    return GuardedRollout(replace(USUAL, **values), silent)


GUARDED, ROLLING = rollout(), rollout(strategy="ROLLING")
SILENT = rollout("errors")
NEVER = rollout(updated_at=None)
AT_ONCE, DEFAULT = rollout(strategy="ALL_AT_ONCE"), rollout(strategy=None)
UNWATCHED = rollout(alarms=())


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((GUARDED, ROLLING), (), Status.PASS),
        ((GUARDED, SILENT), (), Status.PARTIAL),
        ((NEVER,), (), Status.PARTIAL),
        ((GUARDED, AT_ONCE), (), Status.FAIL),
        ((DEFAULT,), (), Status.FAIL),
        ((UNWATCHED,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((GUARDED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[GuardedRollout, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert releases_guarded(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GUARDED, "moves its traffic by canary, under errors"),
        (SILENT, "moves its traffic by canary, under alarms without data: errors"),
        (NEVER, "moves its traffic by canary, and was not updated in the window"),
        (AT_ONCE, "moves its traffic by all at once"),
        (DEFAULT, "moves its traffic by the defaults of AWS"),
        (UNWATCHED, "moves its traffic by canary, under no alarm"),
    ],
)
def test_words(seen: GuardedRollout, words: str) -> None:
    assert releases_guarded(Evidence((seen,))).summary == f"endpoint e {words}"
