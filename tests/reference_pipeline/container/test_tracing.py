"""The id by which a request is followed."""

from __future__ import annotations

import re

import pytest

from mlaudit_reference.container.tracing import answer_headers, trace_id

ROOT = "Root=1-67891233-abcdef012345678912345678"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Amzn-Trace-Id": ROOT}, ROOT),
        ({"x-amzn-trace-id": ROOT, "X-Amzn-SageMaker-Custom-Attributes": "trace_id=b"}, ROOT),
        ({"X-Amzn-SageMaker-Custom-Attributes": "trace_id=b-1"}, "b-1"),
        ({"X-Amzn-SageMaker-Custom-Attributes": "tenant=x; trace_id=b-1, more=1"}, "b-1"),
    ],
)
def test_it_is_found_in_either_header(headers: dict[str, str], expected: str) -> None:
    assert trace_id(headers) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Amzn-Trace-Id": "two words"},
        {"X-Amzn-Trace-Id": "a\r\nSet-Cookie: b"},
        {"X-Amzn-Trace-Id": "x" * 257},
        {"X-Amzn-SageMaker-Custom-Attributes": "no_trace_id=b"},
    ],
)
def test_without_one_that_is_safe_to_send_back_there_is_a_new_one(headers: dict[str, str]) -> None:
    first, second = trace_id(headers), trace_id(headers)
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_it_goes_back_so_that_it_is_found_again() -> None:
    said = answer_headers("t-1")
    assert trace_id(said) == "t-1"
    assert trace_id({"X-Amzn-SageMaker-Custom-Attributes": list(said.values())[1]}) == "t-1"
