"""From the bytes of a delivery to a record that can be scored, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit_reference.container.streaming.documents import parsed, written
from mlaudit_reference.container.streaming.events import Delivery, traced
from mlaudit_reference.container.streaming.ports import Reject

_TRACE_FIELDS = ("trace_id", "traceparent")
_REFUSED = "the model refuses it"
_LONGEST_ID = 256
"""Characters of a partition key of Kinesis (PutRecords); a key of DynamoDB may be longer."""


@dataclass(frozen=True)
class Rules:
    """What a record must have.

    Attributes:
        record_id: The field that identifies it: a string, or a whole number.
        required: Fields that must be there; what is in them, the model judges.
        most_bytes: Bytes of a payload.
    """

    record_id: str
    required: tuple[str, ...] = ()
    most_bytes: int = 1_000_000


@dataclass(frozen=True)
class Record:
    """A record to score.

    Attributes:
        key: Its id.
        trace_id: The trace it belongs to.
        line: The record as one line of JSON. What may fail for what is in a record has been done
            when there is one.
        delivery: Where it came from.
    """

    key: str
    trace_id: str
    line: bytes
    delivery: Delivery


def read(delivery: Delivery, rules: Rules) -> Record | Reject:
    """Decode and check one delivery. Reasons name fields, never their contents."""
    if delivery.payload is None:
        return _reject(delivery, None, "it carries no base64 payload")
    if len(delivery.payload) > rules.most_bytes:
        return _reject(delivery, None, f"it is longer than {rules.most_bytes} bytes")
    try:
        fields = parsed(delivery.payload)
        line = written(fields)
    except (ValueError, RecursionError):
        return _reject(delivery, None, "it is no JSON")
    if not isinstance(fields, dict):
        return _reject(delivery, None, "it is no JSON object")
    try:
        key = _key(fields, rules)
    except ValueError as error:
        return _reject(delivery, fields, str(error))
    return Record(key, _trace(delivery, fields), line, delivery)


def _key(fields: Mapping[str, Any], rules: Rules) -> str:
    """The id of a record that has all it must have.

    Raises:
        ValueError: What is wrong, in words.
    """
    missing = [name for name in rules.required if name not in fields]
    if missing:
        raise ValueError(f"it lacks {', '.join(missing)}")
    found = fields.get(rules.record_id)
    # True is a whole number to Python, and no id.
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise ValueError(f"its id {rules.record_id} is no text and no whole number")
    key = str(found)
    if len(key) > _LONGEST_ID or not key.isprintable():
        raise ValueError(f"its id {rules.record_id} is no printable text up to {_LONGEST_ID} long")
    return key


def refused(record: Record, reason: str) -> Reject:
    """A record that the model does not take; the model's words may quote what is in it."""
    payload = record.delivery.payload or b""
    return Reject(record.delivery.position, record.trace_id, reason, payload, _REFUSED)


def _reject(delivery: Delivery, fields: Mapping[str, Any] | None, reason: str) -> Reject:
    trace = _trace(delivery, fields or {})
    return Reject(delivery.position, trace, reason, delivery.payload or b"", reason)


def _trace(delivery: Delivery, fields: Mapping[str, Any]) -> str:
    named = (fields.get(name) for name in _TRACE_FIELDS)
    found = delivery.trace_id or next((each for each in named if each), "")
    return traced(found, delivery.position, delivery.arrived)
