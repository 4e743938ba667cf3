"""The bodies of requests and answers: JSON, JSON lines and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from mlaudit_reference.container.settings import Settings

JSON = "application/json"
JSON_LINES = "application/jsonlines"
CSV = "text/csv"
_LINES = (JSON_LINES, "application/x-jsonlines", "application/jsonl")


class RequestError(ValueError):
    """A request cannot be answered; the message says why, and the status how HTTP says it."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        """Say why, and with which status."""
        super().__init__(message)
        self.status = status


def objects_of(body: bytes, content_type: str, settings: Settings) -> list[Any]:
    """The records in the body of a request, not yet checked.

    Raises:
        RequestError: It is not what the content type says, or there is no record.
    """
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
        found = _read(text, kind, settings)
    except (ValueError, RecursionError, csv.Error) as wrong:
        if isinstance(wrong, RequestError):
            raise
        raise RequestError(f"the body is no {kind}") from wrong
    if not found:
        raise RequestError("there is no record in the body")
    return found


def _read(text: str, kind: str, settings: Settings) -> list[Any]:
    if kind == JSON:
        return _of_json(_parsed(text))
    if kind in _LINES:
        return [_parsed(line) for line in text.split("\n") if line.strip()]
    if kind == CSV:
        return _of_csv(list(csv.reader(io.StringIO(text, newline=""), strict=True)), settings)
    message = f"content type {kind[:64]!r} is not one of {JSON}, {JSON_LINES}, {CSV}"
    raise RequestError(message, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def _parsed(text: str) -> Any:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> float:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(name)


def _of_json(document: Any) -> list[Any]:
    if isinstance(document, dict):
        # The second is the answer of the container before this one in a chain.
        listed = document.get("instances", document.get("predictions"))
        document = listed if isinstance(listed, list) else [document]
    return document if isinstance(document, list) else [document]


def _of_csv(lines: Sequence[Sequence[str]], settings: Settings) -> list[Any]:
    """Records by the header, or by place: the features in their order, an id before them or not."""
    if not lines:
        return []
    header, rows = list(lines[0]), lines[1:]
    if not set(settings.features) <= set(header):
        features = list(settings.features)
        has_id = len(header) == len(features) + 1
        header, rows = ([settings.record_id, *features] if has_id else features), lines
    for number, line in enumerate(rows, start=1):
        if len(line) != len(header):
            raise RequestError(f"record {number}: {len(line)} fields, expected {len(header)}")
    numeric = set(settings.numeric)
    return [
        {name: _cell(value, name in numeric) for name, value in zip(header, line, strict=True)}
        for line in rows
    ]


def _cell(text: str, is_number: bool) -> Any:  # noqa: FBT001 - private, and called in one place
    """The value of a cell; text that is no number stays text, and is refused by its name later."""
    if not text:
        return None
    if not is_number:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def written(predictions: Sequence[dict[str, Any]], trace: str, accept: str) -> tuple[str, str]:
    """The body of an answer and its content type: JSON lines if they are asked for, else JSON.

    Raises:
        ValueError: The model said a number that JSON does not know.
    """
    if any(kind in accept for kind in _LINES):
        lines = (json.dumps({**each, "trace_id": trace}, allow_nan=False) for each in predictions)
        return "".join(f"{line}\n" for line in lines), JSON_LINES
    document = {"trace_id": trace, "predictions": list(predictions)}
    return json.dumps(document, allow_nan=False), JSON
