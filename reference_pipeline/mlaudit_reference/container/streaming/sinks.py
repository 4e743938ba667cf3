"""Where results and rejects go: a stream of Kinesis and a queue of SQS."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from mlaudit_reference.container.streaming.documents import written
from mlaudit_reference.container.streaming.ports import Reject, Result

_Item = TypeVar("_Item")
_MOST_PUT = 500
"""Records of one PutRecords."""
_MOST_SENT = 10
"""Messages of one SendMessageBatch."""
_MOST_PAYLOAD = 60_000
"""Bytes of a payload that a message carries, so that ten of them fit in one call. A larger one is
in the source, at the position that the message names."""


class Stream(Protocol):
    """What is used of boto3's client for Kinesis."""

    def put_records(self, **request: Any) -> Mapping[str, Any]:
        """PutRecords."""
        ...


class Queue(Protocol):
    """What is used of boto3's client for SQS."""

    def send_message_batch(self, **request: Any) -> Mapping[str, Any]:
        """SendMessageBatch."""
        ...


@dataclass(frozen=True)
class KinesisOutput:
    """The output stream, which a result enters with its record id as the partition key."""

    client: Stream
    stream: str

    def put(self, results: Sequence[Result]) -> Mapping[str, str]:
        """Store results (``PutRecords``). Returns the reason for each key that was not stored."""
        failed: dict[str, str] = {}
        for chunk in _chunks(results, _MOST_PUT):
            failed.update(self._put(chunk))
        return failed

    def _put(self, results: Sequence[Result]) -> Mapping[str, str]:
        records = [{"Data": written(each.body), "PartitionKey": each.key} for each in results]
        try:
            answer = self.client.put_records(StreamName=self.stream, Records=records)
        except (ClientError, BotoCoreError) as error:
            return {each.key: str(error) for each in results}
        pairs = zip(results, answer["Records"], strict=True)
        return {each.key: told["ErrorCode"] for each, told in pairs if told.get("ErrorCode")}


@dataclass(frozen=True)
class SqsFailures:
    """The failure destination."""

    client: Queue
    url: str

    def send(self, rejects: Sequence[Reject]) -> Mapping[str, str]:
        """Store rejects (``SendMessageBatch``). Returns the reason for each that was not stored."""
        failed: dict[str, str] = {}
        for chunk in _chunks(rejects, _MOST_SENT):
            failed.update(self._send(chunk))
        return failed

    def _send(self, rejects: Sequence[Reject]) -> Mapping[str, str]:
        entries = [
            {"Id": str(place), "MessageBody": json.dumps(message(each))}
            for place, each in enumerate(rejects)
        ]
        try:
            answer = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            return {each.position: str(error) for each in rejects}
        left = answer.get("Failed", [])
        return {rejects[int(each["Id"])].position: each["Code"] for each in left}


def message(reject: Reject) -> dict[str, Any]:
    """What the queue is told of a reject; ``payload`` is base64, absent when it is too large."""
    told: dict[str, Any] = {
        "position": reject.position,
        "trace_id": reject.trace_id,
        "reason": reject.reason,
        "bytes": len(reject.payload),
    }
    if len(reject.payload) <= _MOST_PAYLOAD:
        told["payload"] = base64.b64encode(reject.payload).decode()
    return told


def _chunks(items: Sequence[_Item], most: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
