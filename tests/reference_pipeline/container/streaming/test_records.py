"""What makes a record, and what is said of one that is none."""

from __future__ import annotations

import json

import pytest

from mlaudit_reference.container.streaming.events import Delivery
from mlaudit_reference.container.streaming.ports import Reject
from mlaudit_reference.container.streaming.records import Record, Rules, read, refused

RULES = Rules("id", ("income",), most_bytes=6000)


def delivery(payload: bytes | None, trace_id: str = "") -> Delivery:
    return Delivery("shard", "shard:1", "1", payload, trace_id, 0.0)


@pytest.mark.parametrize(("found", "key"), [("a-1", "a-1"), (7, "7"), ("ä" * 256, "ä" * 256)])
def test_a_record_that_has_all_it_must_have(found: object, key: str) -> None:
    payload = json.dumps({"id": found, "income": None, "trace_id": "t-1"}).encode()
    record = read(delivery(payload), RULES)
    assert isinstance(record, Record)
    assert (record.key, record.trace_id) == (key, "t-1")
    assert json.loads(record.line) == {"id": found, "income": None, "trace_id": "t-1"}
    assert record.line.endswith(b"\n")
    assert record.line.count(b"\n") == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (None, "it carries no base64 payload"),
        (b"", "it is no JSON"),
        (b"\xff", "it is no JSON"),
        (b'{"id": NaN}', "it is no JSON"),
        (b'{"id": 1e999}', "it is no JSON"),
        (b'{"id": %s}' % (b"9" * 5000), "it is no JSON"),
        (b"[" * 900, "it is no JSON"),
        (b"[1]", "it is no JSON object"),
        (b" " * 6001, "it is longer than 6000 bytes"),
        (b'{"id": "a"}', "it lacks income"),
        (b'{"income": 1}', "its id id is no text and no whole number"),
        (b'{"income": 1, "id": ""}', "its id id is no text and no whole number"),
        (b'{"income": 1, "id": true}', "its id id is no text and no whole number"),
        (b'{"income": 1, "id": 1.5}', "its id id is no text and no whole number"),
        (b'{"income": 1, "id": "\\ud800"}', "its id id is no printable text up to 256 long"),
        (b'{"income": 1, "id": "%s"}' % (b"x" * 257), "no printable text up to 256 long"),
    ],
)
def test_what_is_said_of_one_that_is_none(payload: bytes | None, reason: str) -> None:
    found = read(delivery(payload), RULES)
    assert isinstance(found, Reject)
    assert found.reason.endswith(reason)
    assert found.payload == (payload or b"")
    assert found.position == "shard:1"


def test_nesting_that_exhausts_the_parser_is_no_json() -> None:
    found = read(delivery(b"[" * 500_000), Rules("id"))
    assert isinstance(found, Reject)
    assert found.reason == "it is no JSON"


@pytest.mark.parametrize("depth", [10, 300, 900, 950, 990, 1010, 3000])
def test_nesting_of_any_depth_ends_in_a_record_or_a_reject(depth: int) -> None:
    payload = b'{"id": 1, "income": %s}' % (b"[" * depth + b"]" * depth)
    assert isinstance(read(delivery(payload), Rules("id")), Record | Reject)


def test_a_reject_keeps_the_trace_of_its_header_or_of_its_field() -> None:
    in_header = read(delivery(b'{"trace_id": "field"}', "header"), RULES)
    in_field = read(delivery(b'{"trace_id": "field"}'), RULES)
    assert (in_header.trace_id, in_field.trace_id) == ("header", "field")


def test_a_record_that_the_model_refuses_keeps_its_payload() -> None:
    record = read(delivery(b'{"id": "a", "income": -1}', "t"), RULES)
    assert isinstance(record, Record)
    told = refused(record, "income is negative")
    assert told == Reject(
        "shard:1", "t", "income is negative", b'{"id": "a", "income": -1}', "the model refuses it"
    )
