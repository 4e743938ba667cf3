"""JSON that every reader takes."""

from __future__ import annotations

import math

import pytest

from mlaudit_reference.container.streaming.documents import parsed, written


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "1e999", "-1e999", "{", ""])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever kind
        parsed(text)


def test_what_is_read_is_written_as_one_line() -> None:
    document = parsed(b'{"a": [1, 2.5, null],\n "b": "\xc3\xa4\\n\\ud800"}')
    line = written(document)
    assert line == b'{"a":[1,2.5,null],"b":"\\u00e4\\n\\ud800"}\n'
    assert parsed(line) == document


def test_numbers_that_json_does_not_know_are_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written([math.inf])
