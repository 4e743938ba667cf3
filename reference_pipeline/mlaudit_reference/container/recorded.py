"""Requests and answers that AWS has kept, as records and predictions.

Data capture keeps one JSON document a line, with request and answer inside (SageMaker's "Capture
data from real-time endpoint"); batches and asynchronous endpoints leave files of requests and files
of answers. What cannot be read is counted and left out: an endpoint gets what callers send.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlaudit_reference.container.payloads import CSV, JSON, JSON_LINES, RequestError, objects_of
from mlaudit_reference.container.settings import Settings

Record = Mapping[str, Any]


@dataclass
class Found:
    """What was found, piece by piece.

    Attributes:
        requests: Records that were asked about.
        answers: Predictions, each with its record id.
        unread: How many requests and answers could not be read.
    """

    requests: list[Record] = field(default_factory=list)
    answers: list[Record] = field(default_factory=list)
    unread: int = 0

    def add(self, other: Found) -> None:
        """Add what was found elsewhere."""
        self.requests += other.requests
        self.answers += other.answers
        self.unread += other.unread


def captured(body: bytes, settings: Settings) -> Found:
    """Read a file of data capture."""
    found = Found()
    for line in body.splitlines():
        try:
            data = json.loads(line)["captureData"]
            request, answer = _part(data, "endpointInput"), _part(data, "endpointOutput")
        except (ValueError, KeyError, TypeError):
            found.unread += 1
            continue
        found.add(requests(*request, settings))
        found.add(answers(answer[0]))
    return found


def requests(body: bytes, content_type: str, settings: Settings) -> Found:
    """Read the body of a request, or a file of them."""
    try:
        listed = objects_of(body, content_type, settings)
    except RequestError:
        return Found(unread=1)
    records: list[Record] = [each for each in listed if isinstance(each, dict)]
    return Found(requests=records, unread=len(listed) - len(records))


def answers(body: bytes) -> Found:
    """Read the body of an answer, or a file of them: JSON or JSON lines, as inference writes."""
    found = Found()
    for line in body.splitlines():
        try:
            found.answers += list(_predictions(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            found.unread += 1
    return found


def content_type_of(key: str) -> str:
    """The content type of a file of requests, by what its name ends in."""
    return {"csv": CSV, "json": JSON}.get(key.rpartition(".")[2].lower(), JSON_LINES)


def _part(data: Any, name: str) -> tuple[bytes, str]:
    """The body of one direction and its content type.

    Raises:
        KeyError: It was not captured.
        ValueError: It is not what it says to be.
    """
    part = data[name]
    kind = str(part.get("observedContentType") or JSON)
    if part["encoding"] != "BASE64":
        return str(part["data"]).encode(), kind
    try:
        return base64.b64decode(part["data"], validate=True), kind
    except binascii.Error as wrong:
        raise ValueError(name) from wrong


def _predictions(document: Any) -> Iterator[Record]:
    """The predictions in one document.

    Raises:
        KeyError: One of them lacks its record id or its probability.
        TypeError: It is something else.
    """
    if not isinstance(document, dict):
        raise TypeError(document)
    for each in document.get("predictions", [document]):
        yield {**each, "record_id": each["record_id"], "probability": each["probability"]}
