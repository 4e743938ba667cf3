"""Requests in the words of a state machine: JSONata, with ``${Name}`` for CloudFormation."""

from __future__ import annotations

import re
from typing import Any

from mlaudit_reference.definitions.expressions import (
    Deployed,
    Expression,
    Joined,
    Made,
    Output,
    Parameter,
    Reported,
    Run,
    Value,
    merged,
    said,
)

RUN = {"id": "$run", "arn": "$states.context.Execution.Id", "started": "$started"}


def in_jsonata(value: Any) -> Any:
    """A request as a state says it."""
    return said(value, _word)


def text(value: Value) -> str:
    """A value as a part of an expression."""
    match value:
        case str():
            return quoted(value)
        case Deployed(name):
            return quoted(f"${{{name}}}")
        case Parameter(name):
            return f"${name}"
        case Run(what):
            return RUN[what]
        case Made():
            return f"${variable(value)}"
        case _:
            return _deep(value)


def variable(made: Made) -> str:
    """The variable that keeps what a step made."""
    return re.sub(r"\W", "_", f"{made.step}_{made.path}")


def quoted(plain: str) -> str:
    """A text in quotes."""
    return "'" + plain.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _deep(value: Joined | Output | Reported) -> str:
    match value:
        case Output(place=place):
            return text(place)
        case Joined(parts):
            known = tuple(_known(part) for part in parts)
            return " & ".join(text(part) for part in merged(known))
        case Reported(path=path, report=report):
            return f"${report}.{path}"


def _known(part: Value) -> Value:
    return f"${{{part.name}}}" if isinstance(part, Deployed) else part


def _word(expression: Expression) -> str:
    """An expression; plain text where it needs none."""
    if isinstance(expression, Output):
        return _word(expression.place)
    if isinstance(expression, Deployed):
        return f"${{{expression.name}}}"
    if isinstance(expression, Joined):
        parts = merged(tuple(_known(part) for part in expression.parts))
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
    return f"{{% {text(expression)} %}}"
