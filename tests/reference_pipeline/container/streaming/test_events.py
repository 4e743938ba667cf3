"""The two shapes of event, and the answer that Lambda understands."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mlaudit_reference.container.streaming.events import (
    Delivery,
    EventError,
    deliveries,
    response,
    traced,
)

ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"


def kinesis(*records: tuple[str, str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventSourceARN": ARN,
                "eventID": f"{shard}:{number}",
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "1",
                    "sequenceNumber": number,
                    "data": data,
                    "approximateArrivalTimestamp": 1545084650.987,
                },
            }
            for shard, number, data in records
        ]
    }


def kafka(**of_record: Any) -> dict[str, Any]:
    record = {
        "topic": "my-topic",
        "partition": 0,
        "offset": 15,
        "timestamp": 1545084650987,
        "timestampType": "CREATE_TIME",
        "value": base64.b64encode(b"{}").decode(),
        "headers": [],
    }
    return {
        "eventSource": "aws:kafka",
        "bootstrapServers": "b-1:9092",
        "records": {"my-topic-0": [record | of_record]},
    }


def test_a_record_of_kinesis() -> None:
    [found] = deliveries(kinesis(("shardId-000000000006", "49590338", "e30=")))
    assert found == Delivery(
        lane=f"{ARN}/shardId-000000000006",
        position=f"{ARN}/shardId-000000000006:49590338",
        identifier="49590338",
        payload=b"{}",
        trace_id="",
        arrived=1545084650.987,
    )


def test_a_record_of_kafka() -> None:
    header = {"X-Amzn-Trace-Id": [ord(each) for each in "Root=1-abc"]}
    [found] = deliveries(kafka(headers=[{"other": [-1]}, header]))
    assert found == Delivery(
        lane="my-topic-0",
        position="my-topic-0:15",
        identifier={"partition": "my-topic-0", "offset": 15},
        payload=b"{}",
        trace_id="Root=1-abc",
        arrived=1545084650.987,
    )


@pytest.mark.parametrize("value", [None, 7, "%%%"], ids=repr)
def test_a_record_without_a_payload_is_delivered_all_the_same(value: object) -> None:
    assert deliveries(kafka(value=value))[0].payload is None
    assert deliveries(kinesis(("shard", "1", value)))[0].payload is None


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": 1},
        {"Records": [{"eventSource": "aws:sqs", "body": "{}"}]},
        {"Records": [{"eventSource": "aws:kinesis"}]},
        {"eventSource": "aws:kafka"},
        {"eventSource": "aws:kafka", "records": {"t-0": [{}]}},
    ],
    ids=str,
)
def test_an_event_of_another_source_is_an_error_of_the_function(event: dict[str, Any]) -> None:
    with pytest.raises(EventError, match="no event of Kinesis or Kafka"):
        deliveries(event)


def test_the_first_failure_of_each_lane_is_named() -> None:
    failed = deliveries(kinesis(("a", "5", ""), ("b", "2", ""), ("a", "9", ""), ("b", "3", "")))
    assert response(failed) == {
        "batchItemFailures": [{"itemIdentifier": "5"}, {"itemIdentifier": "2"}]
    }
    assert response(deliveries(kafka())) == {
        "batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-0", "offset": 15}}]
    }
    assert response([]) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("00-4bf92f-00f0-01", "00-4bf92f-00f0-01"),
        ("Root=1-5759e988-bd86;Parent=53995c3f42cd8ad8;Sampled=1", "1-5759e988-bd86"),
        ("Self=1-67891234-12;Root=1-5759e988-bd86", "1-5759e988-bd86"),
    ],
)
def test_a_trace_id_of_the_producer_is_kept(found: str, kept: str) -> None:
    assert traced(found, "shard:1", 0) == kept


@pytest.mark.parametrize(
    "found", ["", None, 7, "a\nb", "a;b", "a,b", "ä", "x" * 300, " "], ids=repr
)
def test_another_is_derived_and_stays_the_same(found: object) -> None:
    made = traced(found, "shard:1", 1545084650.9)
    assert made.startswith("1-5c181eea-")
    assert len(made) == len("1-5759e988-bd862e3fe1be46a994272793")
    assert made == traced("", "shard:1", 1545084650.9)
    assert made != traced("", "shard:2", 1545084650.9)
