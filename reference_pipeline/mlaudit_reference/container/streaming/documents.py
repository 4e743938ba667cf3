"""JSON as the standard has it: Python reads and writes numbers that no other reader takes."""

from __future__ import annotations

import json
import math
from typing import Any


def parsed(text: bytes | str) -> Any:
    """Read a JSON document.

    Raises:
        ValueError: It is none, or holds NaN, an infinity, or a number that becomes one.
        RecursionError: It is nested too deeply.
    """
    return json.loads(text, parse_constant=_none, parse_float=_finite)


def written(document: Any) -> bytes:
    """Write a document as one line of ASCII.

    Raises:
        ValueError: It holds a number that JSON does not know.
        RecursionError: It is nested too deeply.
    """
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _none(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number
