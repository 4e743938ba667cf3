"""Stack policies: which resources an update may touch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.templates import invalid

_MEMBERS = {"Action", "Condition", "Effect", "NotAction", "NotResource", "Principal", "Resource"}
_MATCHES = ("StringEquals", "StringLike")


def read(text: str) -> str:
    """Return the text of a policy that can be read.

    Raises:
        Refusal: It is none.
    """
    try:
        statements = list(_statements(text))
    except (TypeError, ValueError, KeyError) as error:
        raise invalid("Error validating stack policy: Invalid stack policy") from error
    for statement in statements:
        if set(statement) - _MEMBERS or statement.get("Effect") not in {"Allow", "Deny"}:
            raise invalid("Error validating stack policy: Invalid stack policy")
    return text


def check(text: str, action: str, logical_id: str, type_name: str) -> None:
    """Refuse what a policy does not allow; where there is none, everything is allowed.

    Args:
        text: The policy; "" where there is none.
        action: ``Modify``, ``Replace`` or ``Delete``.
        logical_id: The resource.
        type_name: Its type.

    Raises:
        Refusal: The policy denies it, or does not allow it.
    """
    if not text:
        return
    effects = [
        statement["Effect"]
        for statement in _statements(text)
        if _concerns(statement, f"Update:{action}", f"LogicalResourceId/{logical_id}", type_name)
    ]
    if "Deny" in effects or "Allow" not in effects:
        raise invalid(
            f"Action denied by stack policy: no statement allows [Update:{action}] for resource "
            f"[LogicalResourceId/{logical_id}]"
        )


def _statements(text: str) -> Iterator[Record]:
    found = json.loads(text)["Statement"]
    for statement in found if isinstance(found, list) else [found]:
        yield dict(statement)


def _concerns(statement: Record, action: str, resource: str, type_name: str) -> bool:
    for member, value in (("Action", action), ("Resource", resource)):
        if member in statement and not _any(statement[member], value):
            return False
        if f"Not{member}" in statement and _any(statement[f"Not{member}"], value):
            return False
    conditions = statement.get("Condition") or {}
    return all(
        _any(values, type_name)
        for operator in _MATCHES
        for values in conditions.get(operator, {}).values()
    )


def _any(patterns: Any, value: str) -> bool:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return any(fnmatchcase(value, str(pattern)) for pattern in listed)
