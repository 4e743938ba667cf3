"""Policy documents of IAM, as many as fit: what may be said together, and how long each may be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mlaudit.remediate.change import Document

LIMIT = 6_144
"""Characters of a managed policy, white space left out (quotas of IAM)."""

_VERSION = "2012-10-17"

Statement = dict[str, Any]


def allow(
    actions: Iterable[str], resources: Iterable[str], condition: Document | None = None
) -> Statement:
    """A statement that allows some actions on some resources."""
    found: Statement = {
        "Effect": "Allow",
        "Action": sorted(set(actions)),
        "Resource": sorted(set(resources)),
    }
    return {**found, "Condition": dict(condition)} if condition else found


def documents_of(statements: Iterable[Statement]) -> tuple[Document, ...]:
    """The statements in as many documents as they fill, each short enough for a managed policy."""
    return tuple({"Version": _VERSION, "Statement": some} for some in _packed(_merged(statements)))


def literal(name: str) -> str:
    """A name in an ARN of a policy, in which a star stands for a star (policy variables)."""
    return "".join(_LITERAL.get(letter, letter) for letter in name)


_LITERAL = {"*": "${*}", "?": "${?}", "$": "${$}"}


def _merged(statements: Iterable[Statement]) -> list[Statement]:
    """Statements that differ in their resources alone become one."""
    resources: dict[str, set[str]] = {}
    firsts: dict[str, Statement] = {}
    for each in statements:
        rest = {name: value for name, value in each.items() if name != "Resource"}
        same = json.dumps(rest, sort_keys=True)
        resources.setdefault(same, set()).update(each["Resource"])
        firsts.setdefault(same, rest)
    return [{**rest, "Resource": sorted(resources[same])} for same, rest in firsts.items()]


def _packed(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Statements in lists that each fit a managed policy."""
    packed: list[Statement] = []
    for statement in (part for each in statements for part in _split(each)):
        if packed and _size([*packed, statement]) > LIMIT:
            yield packed
            packed = []
        packed.append(statement)
    if packed:
        yield packed


def _split(statement: Statement) -> list[Statement]:
    """A statement that is too long by itself, as several that say the same together."""
    longer = max(("Action", "Resource"), key=lambda name: len(json.dumps(statement[name])))
    some = statement[longer]
    if _size([statement]) <= LIMIT or len(some) == 1:
        return [statement]
    half = len(some) // 2
    parts = ({**statement, longer: each} for each in (some[:half], some[half:]))
    return [piece for part in parts for piece in _split(part)]


def _size(statements: list[Statement]) -> int:
    """How long a policy of these statements is, white space left out as IAM does."""
    return len(json.dumps({"Version": _VERSION, "Statement": statements}, separators=(",", ":")))
