"""What holds a workload together."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.plumbing import last_changes, stream_consumers
from mlaudit.resources import (
    Alarm,
    Deployment,
    Endpoint,
    EventSourceMapping,
    Function,
    InferenceComponent,
    KinesisStream,
    WatchedMetric,
)
from mlaudit.testing import arn_of, build, gap, view_of

ENDPOINT, COMPONENT = arn_of(Endpoint, "e"), arn_of(InferenceComponent, "i")
STREAM, FUNCTION = arn_of(KinesisStream, "s"), arn_of(Function, "f")
KAFKA = "arn:aws:kafka:eu-west-1:123456789012:cluster/k/1"


def deployed(arn: str = ENDPOINT, *, failed: bool = False) -> Deployment:
    return build(Deployment, arn=f"{arn}#deployment", subject_arn=arn, failed=failed)


def test_a_change_that_failed_is_told_of_what_serves_and_of_what_does_not() -> None:
    view = view_of(
        build(Endpoint, "e"),
        build(Endpoint, "broken", status="Failed"),
        build(Endpoint, "going", status="Deleting"),
        build(InferenceComponent, "i"),
        deployed(failed=True),
        deployed(COMPONENT),
    )
    found = last_changes(view)
    assert {each.words: (each.status, each.failed) for each in found.items} == {
        "endpoint e": ("InService", True),
        "endpoint broken": ("Failed", False),
        "component i": ("InService", False),
    }
    assert found.gaps == ()


def test_what_serves_is_not_called_well_while_its_change_is_out_of_sight() -> None:
    missing = gap("sagemaker:DescribeEndpoint", ENDPOINT)
    broken = build(Endpoint, "broken", status="Failed")
    found = last_changes(view_of(build(Endpoint, "e"), broken, gaps=[missing]))
    assert [each.words for each in found.items] == ["endpoint broken"]
    assert found.gaps == (missing,)


@pytest.mark.parametrize("operation", ["sagemaker:ListEndpoints", "sagemaker:DescribeEndpoint"])
def test_endpoints_that_could_not_be_seen_are_a_gap(operation: str) -> None:
    assert gap(operation) in last_changes(view_of(gaps=[gap(operation)])).gaps


def fed(source: str | None = STREAM, **values: Any) -> EventSourceMapping:
    return build(EventSourceMapping, "m", source_arn=source, function_arn=FUNCTION, **values)


def lag(metric: str, **dimensions: str) -> Alarm:
    watched = WatchedMetric("AWS/Lambda", metric, "Maximum", dimensions)
    return build(Alarm, "lag", watches=(watched,))


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (fed(), [("function f on stream/s", False, False)]),
        (fed(keeps_failures=True, splits_batches=True), [("function f on stream/s", True, True)]),
        (fed(KAFKA), [("function f on cluster/k/1", False, None)]),
        (fed(None), [("function f on self-managed Kafka", False, None)]),
        (fed("arn:aws:sqs:eu-west-1:123456789012:q"), []),
        (fed(enabled=False), []),
    ],
)
def test_what_a_stream_feeds(
    mapping: EventSourceMapping, expected: list[tuple[str, bool, bool | None]]
) -> None:
    found = stream_consumers(view_of(build(Function, "f"), mapping))
    assert [
        (each.words, each.keeps_failures, each.splits_batches) for each in found.items
    ] == expected
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("alarm", "watched"),
    [
        (lag("IteratorAge", FunctionName="f"), "lag"),
        (lag("GetRecords.IteratorAgeMilliseconds", StreamName="s"), "lag"),
        (lag("IteratorAge", FunctionName="g"), None),
        (lag("Errors", FunctionName="f"), None),
        (lag("IteratorAge"), None),
    ],
)
def test_an_alarm_watches_the_lag_of_its_function_or_stream(
    alarm: Alarm, watched: str | None
) -> None:
    (found,) = stream_consumers(view_of(build(Function, "f"), fed(), alarm)).items
    assert found.lag_watched_by == watched


@pytest.mark.parametrize(
    ("operation", "seen"),
    [
        ("lambda:ListFunctions", 1),
        ("lambda:ListEventSourceMappings", 1),
        ("cloudwatch:DescribeAlarms", 0),
    ],
)
def test_consumers_that_could_not_be_seen_are_a_gap(operation: str, seen: int) -> None:
    found = stream_consumers(view_of(build(Function, "f"), fed(), gaps=[gap(operation)]))
    assert gap(operation) in found.gaps
    assert len(found.items) == seen
