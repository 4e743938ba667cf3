"""What goes to the model and what its answers mean."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit_reference.container.streaming.exchange import failure, predictions
from mlaudit_reference.container.streaming.ports import RefusedError, UnavailableError


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"predictions": [1, 2]}', [1, 2]),
        (b'{\n"predictions": [1,\n2]\n}\n', [1, 2]),
        (b"[1, 2]", [1, 2]),
        (b"[1,\n2]", [1, 2]),
        (b'{"p": 1}\n{"p": 2}\n', [{"p": 1}, {"p": 2}]),
        (b'{"p": 1}\n', [{"p": 1}]),
        (b"0.5", [0.5]),
    ],
)
def test_the_forms_of_an_answer(body: bytes, found: list[Any]) -> None:
    assert predictions(body, len(found)) == found


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"no", b"[NaN, 1]", b"[1e999, 1]", b"[1]", b"[1, 2, 3]"]
)
def test_an_answer_that_does_not_fit_is_none(body: bytes) -> None:
    with pytest.raises(UnavailableError):
        predictions(body, 2)


@pytest.mark.parametrize(
    ("status", "blames"),
    [(400, True), (413, True), (422, True), (0, False), (403, False), (404, False), (415, False),
     (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_only_some_statuses_blame_the_records(status: int, *, blames: bool) -> None:
    expected = RefusedError if blames else UnavailableError
    assert type(failure(status, "why")) is expected
