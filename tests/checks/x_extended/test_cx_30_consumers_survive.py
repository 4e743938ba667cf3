from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.plumbing import StreamConsumer
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_30_consumers_survive import consumers_survive

DENIED = (gap("lambda:ListEventSourceMappings"),)
WHOLE = StreamConsumer("arn:m", "function f on stream/s", True, True, "lag")
KAFKA = replace(WHOLE, splits_batches=None)
UNSPLIT, UNWATCHED = replace(WHOLE, splits_batches=False), replace(WHOLE, lag_watched_by=None)
NEITHER = replace(UNSPLIT, lag_watched_by=None)
LOSES = replace(WHOLE, keeps_failures=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WHOLE, KAFKA), (), Status.PASS),
        ((WHOLE, UNSPLIT), (), Status.PARTIAL),
        ((UNWATCHED,), (), Status.PARTIAL),
        ((WHOLE, LOSES), (), Status.FAIL),
        ((LOSES,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WHOLE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[StreamConsumer, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert consumers_survive(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WHOLE, "keeps failures, and lag watches its lag"),
        (UNWATCHED, "keeps failures, without an alarm on its lag"),
        (NEITHER, "keeps failures, without splitting of batches and an alarm on its lag"),
        (LOSES, "failures go nowhere"),
    ],
)
def test_words(seen: StreamConsumer, words: str) -> None:
    assert consumers_survive(Evidence((seen,))).summary == f"function f on stream/s: {words}"
