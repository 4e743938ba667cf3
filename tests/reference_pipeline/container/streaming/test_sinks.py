"""The output stream and the failure queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit_reference.container.streaming.ports import Reject, Result
from mlaudit_reference.container.streaming.sinks import KinesisOutput, SqsFailures, message

Clients = Callable[[str], Any]

THROTTLED = ClientError({"Error": {"Code": "Throttled", "Message": "slow"}}, "Operation")


def results(count: int) -> list[Result]:
    return [Result(f"r{number}", {"record_id": f"r{number}"}) for number in range(count)]


def rejects(count: int) -> list[Reject]:
    return [Reject(f"s:{number}", "t", "why", b"\xff", "why") for number in range(count)]


def test_results_enter_the_stream_under_their_ids(clients: Clients, stream: str) -> None:
    client = clients("kinesis")
    assert KinesisOutput(client, stream).put(results(501)) == {}
    iterator = client.get_shard_iterator(
        StreamName=stream, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = client.get_records(ShardIterator=iterator, Limit=1000)["Records"]
    assert [each["PartitionKey"] for each in records] == [f"r{n}" for n in range(501)]
    assert json.loads(records[7]["Data"]) == {"record_id": "r7"}


def test_rejects_enter_the_queue(clients: Clients, queue: str) -> None:
    client = clients("sqs")
    assert SqsFailures(client, queue).send(rejects(11)) == {}
    found = []
    while answer := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(each["Body"])["position"] for each in answer]
    assert sorted(found) == sorted(f"s:{number}" for number in range(11))


def test_a_reject_is_told_with_its_payload_unless_that_is_too_large() -> None:
    assert message(Reject("s:1", "t", "it is no JSON", b"\xff", "no")) == {
        "position": "s:1",
        "trace_id": "t",
        "reason": "it is no JSON",
        "bytes": 1,
        "payload": "/w==",
    }
    large = message(Reject("s:1", "t", "it is no JSON", bytes(60_001), "no"))
    assert large["bytes"] == 60_001
    assert "payload" not in large


class Partly:
    """Stores every second item, or answers every second call with an error."""

    def __init__(self, *, of_calls: bool) -> None:
        self.of_calls = of_calls
        self.sizes: list[int] = []

    def put_records(self, **request: Any) -> Mapping[str, Any]:
        records = request["Records"]
        self._called(len(records))
        told = [{"SequenceNumber": "1"}, {"ErrorCode": "InternalFailure"}]
        return {"Records": [told[n % 2 and not self.of_calls] for n in range(len(records))]}

    def send_message_batch(self, **request: Any) -> Mapping[str, Any]:
        entries = request["Entries"]
        self._called(len(entries))
        left = [] if self.of_calls else entries[1::2]
        return {"Failed": [{"Id": each["Id"], "Code": "InternalError"} for each in left]}

    def _called(self, size: int) -> None:
        self.sizes.append(size)
        if self.of_calls and len(self.sizes) % 2 == 0:
            raise THROTTLED


def test_what_was_not_stored_is_told() -> None:
    stored_partly = KinesisOutput(Partly(of_calls=False), "s").put(results(4))
    assert stored_partly == {"r1": "InternalFailure", "r3": "InternalFailure"}
    sent_partly = SqsFailures(Partly(of_calls=False), "q").send(rejects(4))
    assert sent_partly == {"s:1": "InternalError", "s:3": "InternalError"}


@pytest.mark.parametrize(("count", "sizes"), [(1200, [500, 500, 200]), (500, [500]), (0, [])])
def test_a_call_that_fails_takes_only_its_own_results_along(count: int, sizes: list[int]) -> None:
    client = Partly(of_calls=True)
    failed = KinesisOutput(client, "s").put(results(count))
    assert client.sizes == sizes
    assert list(failed) == [f"r{number}" for number in range(500, min(count, 1000))]


def test_the_same_holds_for_rejects() -> None:
    client = Partly(of_calls=True)
    failed = SqsFailures(client, "q").send(rejects(25))
    assert client.sizes == [10, 10, 5]
    assert list(failed) == [f"s:{number}" for number in range(10, 20)]
