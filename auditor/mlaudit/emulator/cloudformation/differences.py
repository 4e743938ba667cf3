"""What changes between what a resource is and what it is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.schemas import Schema

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


@dataclass(frozen=True, slots=True)
class Difference:
    """How the properties of one resource differ.

    Attributes:
        changed: The properties that do, sorted.
        replacement: Whether a new resource has to take the place of the old one: ``True``,
            ``False``, or ``Conditional`` where that shows on the way.
        fixed: The changed properties that can be set on creation only.
    """

    changed: tuple[str, ...]
    replacement: str
    fixed: frozenset[str]


def difference(schema: Schema, before: Record, after: Record) -> Difference:
    """Compare the properties of a resource as the registry's schema tells."""
    changed = tuple(sorted(key for key in {*before, *after} if before.get(key) != after.get(key)))
    fixed = _differing(schema.fixed, before, after)
    sometimes = _differing(schema.sometimes_fixed, before, after)
    unsure = any(is_unknown(after.get(name)) for name in fixed)
    replacement = "False"
    if fixed:
        replacement = "Conditional" if unsure else "True"
    elif sometimes:
        replacement = "Conditional"
    return Difference(changed, replacement, fixed)


def _differing(paths: tuple[str, ...], before: Record, after: Record) -> frozenset[str]:
    return frozenset(
        path.split("/")[0]
        for path in paths
        if "*" not in path and _at(before, path) != _at(after, path)
    )


def _at(properties: Any, path: str) -> Any:
    for step in path.split("/"):
        if not isinstance(properties, dict):
            return None
        properties = properties.get(step)
    return properties


def is_unknown(value: Any) -> bool:
    """Whether something of a value is only known once the change is made."""
    if isinstance(value, dict):
        return any(is_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(is_unknown(each) for each in value)
    return isinstance(value, str) and UNKNOWN in value
