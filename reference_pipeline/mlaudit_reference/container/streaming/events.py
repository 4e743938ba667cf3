"""What Lambda hands to the consumer, and what it wants back.

Two shapes of event come in: Kinesis (a list of records of one shard) and Kafka (lists by
topic and partition, of Amazon MSK or of one's own brokers). One shape goes out,
``batchItemFailures``, with one identifier for each shard or partition: the first record of it that
failed. Lambda starts again from there, so what stands behind it comes again, and the ledger knows
which of it is done. The mapping needs ``FunctionResponseTypes: [ReportBatchItemFailures]``; Kafka
has it with provisioned pollers only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_KINESIS = "aws:kinesis"
_KAFKA = ("aws:kafka", "SelfManagedKafka")
_TRACE_HEADERS = ("x-amzn-trace-id", "traceparent", "trace-id")
_ROOT = re.compile(r"(?:^|;)\s*Root=([^;]+)")
_TRACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9=:._-]{0,255}")


class EventError(Exception):
    """The event is of no source that the consumer knows: the mapping is wrong, not a record."""


@dataclass(frozen=True)
class Delivery:
    """One record as the source delivered it.

    Attributes:
        lane: The shard, or the topic and partition: what keeps order.
        position: Lane and place in it; the same whenever this record is delivered again.
        identifier: How ``batchItemFailures`` names it.
        payload: Its bytes, or ``None`` when there are none or they are no base64.
        trace_id: The trace its producer named in a header, else ``""``.
        arrived: When the source took it, in seconds since the epoch.
    """

    lane: str
    position: str
    identifier: str | Mapping[str, str | int]
    payload: bytes | None
    trace_id: str
    arrived: float


def deliveries(event: Mapping[str, Any]) -> list[Delivery]:
    """The records of an event, in their order.

    Raises:
        EventError: The event comes from neither Kinesis nor Kafka.
    """
    try:
        if event.get("eventSource") in _KAFKA:
            lanes: Mapping[str, Sequence[Mapping[str, Any]]] = event["records"]
            return [_of_kafka(lane, each) for lane, held in lanes.items() for each in held]
        return [_of_kinesis(each) for each in event["Records"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EventError(f"this is no event of Kinesis or Kafka: {error!r}") from error


def response(failed: Iterable[Delivery]) -> dict[str, list[dict[str, Any]]]:
    """What Lambda is told: the first failure of each lane. ``failed`` is in the event's order."""
    first: dict[str, Delivery] = {}
    for each in failed:
        first.setdefault(each.lane, each)
    return {"batchItemFailures": [{"itemIdentifier": each.identifier} for each in first.values()]}


def traced(found: object, position: str, arrived: float) -> str:
    """A trace id that is safe in a header and in a log line.

    What the producer named is kept; of a header of X-Ray (``Root=…;Parent=…``), its root. Otherwise
    one in the form of X-Ray is derived from the position, so that it stays the same however often
    the record is delivered.
    """
    if isinstance(found, str):
        root = _ROOT.search(found)
        named = root[1] if root else found
        if _TRACE.fullmatch(named):
            return named
    digest = hashlib.sha256(position.encode()).hexdigest()[:24]
    return f"1-{int(arrived) & 0xFFFFFFFF:08x}-{digest}"


def _of_kinesis(record: Mapping[str, Any]) -> Delivery:
    if record["eventSource"] != _KINESIS:
        raise ValueError(record["eventSource"])
    body = record["kinesis"]
    # eventID is the shard and the sequence number; a sequence number alone repeats between shards.
    lane = f"{record['eventSourceARN']}/{str(record['eventID']).partition(':')[0]}"
    number = str(body["sequenceNumber"])
    arrived = float(body["approximateArrivalTimestamp"])
    return Delivery(lane, f"{lane}:{number}", number, _decoded(body["data"]), "", arrived)


def _of_kafka(lane: str, record: Mapping[str, Any]) -> Delivery:
    offset = int(record["offset"])
    return Delivery(
        lane,
        f"{lane}:{offset}",
        {"partition": lane, "offset": offset},
        _decoded(record.get("value")),
        _trace_of(record.get("headers") or ()),
        float(record["timestamp"]) / 1000,
    )


def _trace_of(headers: Sequence[Mapping[str, Sequence[int]]]) -> str:
    """The first header that names a trace. Lambda gives values as Java bytes, so maybe negative."""
    for name, value in _pairs(headers):
        if name.lower() in _TRACE_HEADERS:
            return bytes(each & 0xFF for each in value).decode("latin-1")
    return ""


def _pairs(headers: Sequence[Mapping[str, Sequence[int]]]) -> Iterator[tuple[str, Sequence[int]]]:
    for each in headers:
        yield from each.items()


def _decoded(data: object) -> bytes | None:
    if not isinstance(data, str):
        return None
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
