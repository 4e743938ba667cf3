from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.streaming import StreamingGate, StreamPath
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Verdict
from mlaudit_checks.s4_pipelines.c4_6_streaming_inference import streaming_inference

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("lambda:ListEventSourceMappings", "eu-west-1", "AccessDenied", GapReason.DENIED)
WORDS = "stream/clicks feeds function score, which calls endpoint fraud"

LIVE = StreamPath("arn:mapping/a", WORDS, live=True, at=NOW)
OFF = StreamPath("arn:mapping/b", f"{WORDS} (switched off)", live=False, at=NOW)


def gate(status: Status, grade: Grade | None, gaps: tuple[Gap, ...] = ()) -> StreamingGate:
    seen = (Observation("fraud", grade, "the streaming gate has a word"),) if grade else ()
    return StreamingGate(Verdict(status, seen, gaps, "the streaming gate has a word"))


OPEN = gate(Status.PASS, Grade.EXERCISED)
CLOSED = gate(Status.FAIL, Grade.MISSED)
UNDECIDED = gate(Status.NOT_ASSESSED, None, (DENIED,))


@pytest.mark.parametrize(
    ("paths", "decision", "status", "critical"),
    [
        (Evidence((LIVE,)), OPEN, Status.PASS, False),
        (Evidence((LIVE, OFF), (DENIED,)), OPEN, Status.PASS, False),
        (Evidence(), OPEN, Status.PARTIAL, False),
        (Evidence((OFF,)), OPEN, Status.PARTIAL, False),
        (Evidence((OFF,)), CLOSED, Status.PARTIAL, False),
        (Evidence((OFF,)), UNDECIDED, Status.PARTIAL, False),
        (Evidence((LIVE,)), CLOSED, Status.FAIL, True),
        (Evidence((LIVE,), (DENIED,)), CLOSED, Status.FAIL, True),
        (Evidence(), CLOSED, Status.NOT_APPLICABLE, False),
        (Evidence((LIVE,)), UNDECIDED, Status.NOT_ASSESSED, False),
        (Evidence(), UNDECIDED, Status.NOT_ASSESSED, False),
        (Evidence((), (DENIED,)), OPEN, Status.NOT_ASSESSED, False),
        (Evidence((), (DENIED,)), CLOSED, Status.NOT_ASSESSED, False),
        (Evidence((OFF,), (DENIED,)), CLOSED, Status.NOT_ASSESSED, False),
    ],
)
def test_status(
    paths: Evidence[StreamPath],
    decision: StreamingGate,
    status: Status,
    critical: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = streaming_inference(paths, decision)
    assert (found.status, found.critical) == (status, critical)


def test_words() -> None:
    behind_closed = streaming_inference(Evidence((LIVE, OFF)), CLOSED)
    assert behind_closed.summary == f"a stream reaches a model behind a closed gate: {WORDS}"
    ready = streaming_inference(Evidence(), OPEN)
    assert ready.summary == "no stream feeds a model; the streaming gate has a word"
