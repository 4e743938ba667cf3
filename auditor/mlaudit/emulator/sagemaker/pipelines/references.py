"""Replace the references in a pipeline definition by values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.errors import Refusal

_PART = re.compile(
    r"\.?(?P<name>[A-Za-z_][\w-]*)|\[(?P<index>\d+)\]|\[['\"](?P<key>[^'\"]+)['\"]\]"
)
# Members by which an item of a list is addressed, as in Outputs['train'].
_NAMES = ("OutputName", "InputName", "ChannelName", "Name", "Key")


def resolved(value: Any, scope: Mapping[str, Any]) -> Any:
    """Return a value with every reference replaced by what it refers to in the scope.

    Raises:
        Refusal: something is referred to that does not exist.
    """
    if isinstance(value, list):
        return [resolved(item, scope) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Get"}:
        return lookup(value["Get"], scope)
    if set(value) == {"Std:Join"}:
        join = value["Std:Join"]
        return str(join["On"]).join(str(resolved(item, scope)) for item in join["Values"])
    return {key: resolved(item, scope) for key, item in value.items()}


def lookup(path: str, scope: Mapping[str, Any]) -> Any:
    """Follow a path such as Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output."""
    value: Any = scope
    for part in _PART.finditer(path):
        value = _follow(value, part)
        if value is None:
            raise Refusal("ValidationException", f"Cannot resolve the reference {path}.")
    return value


def step_names(value: Any) -> set[str]:
    """Return the steps that a value refers to."""
    if isinstance(value, list):
        return set().union(*(step_names(item) for item in value))
    if not isinstance(value, dict):
        return set()
    if set(value) == {"Get"} and str(value["Get"]).startswith("Steps."):
        return {str(value["Get"]).split(".")[1].split("[")[0]}
    return set().union(*(step_names(item) for item in value.values()))


def _follow(value: Any, part: re.Match[str]) -> Any:
    if part["index"] is not None:
        index = int(part["index"])
        return value[index] if isinstance(value, list) and index < len(value) else None
    name = part["name"] or part["key"]
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list):
        return next((item for item in value if name in [item.get(key) for key in _NAMES]), None)
    return None
