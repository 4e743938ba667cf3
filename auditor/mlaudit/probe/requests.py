"""Code that answers requests, and what it checks of them."""

from __future__ import annotations

import re

from mlaudit.probe.suites import is_test

_SERVING_FILE = re.compile(
    r"(?:.*/)?(?:[\w-]*(?:infer|serv|predict|scor|handler|endpoint|request|schema)[\w-]*"
    r"|app|main|api|lambda_function)\.py",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"^\s*(?:async\s+)?def\s+(?:input_fn|transform_fn|lambda_handler|invocations|preprocess)\b"
    r"|^\s*@\w+\.(?:post|route)\("
)
"""Where a request comes in: toolkits of SageMaker, functions, web frameworks."""

_LIBRARY = re.compile(
    r"^\s*(?:from|import)\s+(pydantic|jsonschema|fastjsonschema|pandera|marshmallow|cerberus"
    r"|voluptuous|msgspec|aws_lambda_powertools\.utilities\.(?:validation|parser))\b"
)
_REFUSES = re.compile(r"^\s*(?:assert\b|raise\s+\w*(?:Value|Validation|BadRequest|Type|HTTP)\w*)")


def may_answer(path: str) -> bool:
    """Whether a file may hold code that answers requests, by its name."""
    return bool(_SERVING_FILE.fullmatch(path)) and not is_test(path)


def check_in(text: str) -> tuple[int, str] | None:
    """The first line that checks a request, with the library, in code that answers requests."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if _ANSWERS.search(line[:500])), None)
    if start is None:
        return None
    for number, line in enumerate(lines, 1):
        found = _LIBRARY.search(line[:500])
        if found:
            return number, found[1]
    for number, line in enumerate(lines[start:], start + 1):
        if _REFUSES.search(line[:500]):
            return number, "assertions"
    return None
