"""Which streams are stopped, and which are let through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.audit import ItemResult, Scope
from mlaudit.model import Grade, Observation, Status, Strength
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.streams import pause_stream
from mlaudit.resources import EventSourceMapping, Function
from mlaudit.testing import ACCOUNT, REGION, build, serving, view_of

FUNCTION = build(Function, "score", endpoint_names=("e",))
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"


def mapping(*, enabled: bool = True) -> EventSourceMapping:
    return build(
        EventSourceMapping,
        "0a-1b",
        function_arn=FUNCTION.arn,
        source_arn=STREAM,
        enabled=enabled,
    )


CRITICAL = ItemResult(
    id="any",
    title="",
    section=4,
    scope=Scope.WORKLOAD,
    status=Status.FAIL,
    strength=Strength.NONE,
    critical=True,
    summary="",
    observations=(Observation(mapping().arn, Grade.EXERCISED, ""),),
    gaps=(),
)

CASES: dict[str, tuple[EventSourceMapping, ItemResult, bool]] = {
    "a live stream behind a closed gate": (mapping(), CRITICAL, True),
    "one that is stopped": (mapping(enabled=False), CRITICAL, False),
    "an open gate": (mapping(), replace(CRITICAL, critical=False, status=Status.PASS), False),
    "a failure that is not critical": (mapping(), replace(CRITICAL, critical=False), False),
    "a critical finding that fails nothing": (
        mapping(),
        replace(CRITICAL, status=Status.PARTIAL),
        False,
    ),
    "a finding about something else": (mapping(), replace(CRITICAL, observations=()), False),
}


@pytest.mark.parametrize(("feeds", "item", "stopped"), CASES.values(), ids=CASES)
def test_live_streams_behind_a_closed_gate_are_stopped(
    feeds: EventSourceMapping, item: ItemResult, *, stopped: bool
) -> None:
    view = view_of(*serving("e"), FUNCTION, feeds)
    changes = list(pause_stream(Sight(view, {"any": item}, ACCOUNT)))
    expected: list[tuple[dict[str, str], Any]] = [({"UUID": "0a-1b"}, {"Enabled": False})]
    assert [(dict(each.key), each.patch) for each in changes] == expected * stopped
    assert {each.scope for each in changes} <= {FUNCTION.arn}


def test_the_stream_of_another_workload_is_let_through() -> None:
    view = view_of(*serving("e"), others=(FUNCTION, mapping()))
    assert list(pause_stream(Sight(view, {"any": CRITICAL}, ACCOUNT))) == []
