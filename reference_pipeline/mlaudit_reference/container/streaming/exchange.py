"""What is sent to the model and what comes back, however it is reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlaudit_reference.container.streaming.documents import parsed
from mlaudit_reference.container.streaming.ports import RefusedError, UnavailableError

JSON_LINES = "application/jsonlines"
JSON = "application/json"
_AT_FAULT = (400, 413, 422)
"""Statuses that blame the records. Others (401, 404, 415, 429 …) blame the deployment or pass: to
turn a whole stream away for them would be wrong."""


def predictions(body: bytes, count: int) -> Sequence[Any]:
    """The predictions of an answer: ``{"predictions": [...]}``, a list, or JSON lines.

    Raises:
        UnavailableError: They are not as many as the records, or it is no JSON. Which prediction
            belongs to which record is then unknown, so none is used.
    """
    try:
        found = _parsed(body)
    except ValueError as error:
        raise UnavailableError(f"the endpoint answered with no JSON: {error}") from error
    if len(found) != count:
        raise UnavailableError(f"the endpoint answered {len(found)} predictions to {count} records")
    return found


def failure(status: int, text: str) -> RefusedError | UnavailableError:
    """What an HTTP status of the container means for the records."""
    return RefusedError(text) if status in _AT_FAULT else UnavailableError(text)


def _parsed(body: bytes) -> Sequence[Any]:
    text = body.decode()
    lines = [each for each in text.splitlines() if each.strip()]
    if len(lines) > 1 and not text.lstrip().startswith("["):
        try:
            return [parsed(each) for each in lines]
        except ValueError:
            pass  # one object, laid out over several lines
    whole = parsed(text)
    if isinstance(whole, dict):
        whole = whole.get("predictions", [whole])
    return whole if isinstance(whole, list) else [whole]
