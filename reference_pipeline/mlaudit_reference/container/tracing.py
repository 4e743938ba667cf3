"""The id by which a request is followed through logs and answers.

It comes in ``X-Amzn-Trace-Id`` (X-Ray) or as ``trace_id=…`` in
``X-Amzn-SageMaker-Custom-Attributes``, the one header of InvokeEndpoint that reaches the container
and comes back to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import uuid4

TRACE_HEADER = "X-Amzn-Trace-Id"
ATTRIBUTES_HEADER = "X-Amzn-SageMaker-Custom-Attributes"

_ATTRIBUTE = re.compile(r"(?:^|[,;\s])trace_id=([^,;\s]+)")
_SAFE = re.compile(r"[!-~]{1,256}")
"""Printable ASCII without spaces: what a header may carry back."""


def trace_id(headers: Mapping[str, str]) -> str:
    """The trace id in the headers of a request, else a new one.

    Args:
        headers: Names in any case.
    """
    said = {name.lower(): value for name, value in headers.items()}
    named = _ATTRIBUTE.search(said.get(ATTRIBUTES_HEADER.lower(), ""))
    found = said.get(TRACE_HEADER.lower(), "") or (named[1] if named else "")
    return found if _SAFE.fullmatch(found) else uuid4().hex


def answer_headers(trace: str) -> dict[str, str]:
    """The headers that carry a trace id back."""
    return {TRACE_HEADER: trace, ATTRIBUTES_HEADER: f"trace_id={trace}"}
