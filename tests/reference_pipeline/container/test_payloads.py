"""Bodies of requests and answers."""

from __future__ import annotations

import json
import math
from http import HTTPStatus
from typing import Any

import pytest

from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.payloads import RequestError, objects_of, written

NUMBERS = [30000, 0.3, 9000.5, None, 2]
WORDS = ["car", None, "north"]
RECORD = dict(zip(SETTINGS.features, [*NUMBERS, *WORDS], strict=True))
CELLS = "30000,0.3,9000.5,,2,car,,north"
NAMED = {"application_id": "a1", **RECORD}


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", json.dumps(RECORD), [RECORD]),
        ("application/json; charset=utf-8", json.dumps([RECORD, RECORD]), [RECORD, RECORD]),
        ("application/json", json.dumps({"instances": [RECORD]}), [RECORD]),
        ("application/json", json.dumps({"predictions": [RECORD], "trace_id": "t"}), [RECORD]),
        ("application/jsonlines", f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}\n", [RECORD] * 2),
        ("application/x-jsonlines", '{"a": "x\u2028y"}', [{"a": "x\u2028y"}]),
        ("text/csv", CELLS, [RECORD]),
        ("text/csv", f"a1,{CELLS}\r\na1,{CELLS}\r\n", [NAMED, NAMED]),
        ("text/csv", f"application_id,{','.join(SETTINGS.features)}\na1,{CELLS}\n", [NAMED]),
        ("TEXT/CSV", CELLS.replace("30000", "much"), [{**RECORD, "income": "much"}]),
        ("text/csv", CELLS.replace("30000", "inf"), [{**RECORD, "income": "inf"}]),
    ],
)
def test_records_are_read(kind: str, body: str, expected: list[dict[str, Any]]) -> None:
    assert objects_of(body.encode(), kind, SETTINGS) == expected


@pytest.mark.parametrize(
    ("kind", "body", "complaint"),
    [
        ("application/json", b"{", "the body is no application/json"),
        ("application/json", b'{"income": NaN}', "the body is no application/json"),
        ("application/json", b"[" * 100_000, "the body is no application/json"),
        ("application/json", b"\xff", "the body is no application/json"),
        ("application/json", b"[]", "there is no record"),
        ("application/jsonlines", b"", "there is no record"),
        ("text/csv", b"", "there is no record"),
        ("text/csv", b'"', "the body is no text/csv"),
        ("text/csv", f"{CELLS}\n1,2\n".encode(), "record 2: 2 fields, expected 8"),
    ],
)
def test_what_is_no_body_is_refused(kind: str, body: bytes, complaint: str) -> None:
    with pytest.raises(RequestError, match=complaint) as refused:
        objects_of(body, kind, SETTINGS)
    assert refused.value.status is HTTPStatus.BAD_REQUEST


def test_another_content_type_has_its_own_status() -> None:
    with pytest.raises(RequestError, match="'image/png' is not one of") as refused:
        objects_of(b"", "image/png", SETTINGS)
    assert refused.value.status is HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize("accept", ["application/json", "application/jsonlines"])
def test_a_number_that_is_none_is_not_answered(accept: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        written([{"probability": math.nan}], "t1", accept)


def test_answers_are_json_unless_lines_are_asked_for() -> None:
    said = [{"record_id": "a", "probability": 0.5}]
    text, kind = written(said, "t1", "*/*")
    assert kind == "application/json"
    assert json.loads(text) == {"trace_id": "t1", "predictions": said}
    text, kind = written(said * 2, "t1", "application/jsonlines")
    assert kind == "application/jsonlines"
    assert [json.loads(line) for line in text.splitlines()] == [{**said[0], "trace_id": "t1"}] * 2
