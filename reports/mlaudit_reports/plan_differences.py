"""What a change makes different, member by member: the lines of a diff."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.remediate.change import Change, Pinned, State

_NAME = re.compile(r"[\w:/@ -]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """One member of a state that will be another.

    Attributes:
        path: Where it is in the state.
        before: What is there now; ``None`` for nothing.
        after: What will be there; ``None`` for nothing.
    """

    path: str
    before: str | None
    after: str | None

    @property
    def lines(self) -> tuple[str, ...]:
        """The same as the lines of a diff."""
        told = (("-", self.before), ("+", self.after))
        return tuple(f"{sign} {self.path}: {value}" for sign, value in told if value is not None)


def differences(before: State, after: State) -> tuple[Difference, ...]:
    """What differs in two states, member by member."""
    one, other = dict(_flat(before)), dict(_flat(after))
    paths = dict.fromkeys([*one, *other])
    return tuple(
        Difference(path, one.get(path), other.get(path))
        for path in paths
        if one.get(path) != other.get(path)
    )


def diff(pinned: Pinned) -> tuple[str, ...]:
    """What differs, as the lines of a diff."""
    return tuple(line for each in differences(pinned.before, pinned.after) for line in each.lines)


def wanted(change: Change) -> tuple[str, ...]:
    """What a change will write, as the lines of a diff, where nobody has looked what is there."""
    if change.patch is None:
        return ("- all of it",)
    return tuple(
        f"- {path}" if value == "null" else f"+ {path}: {value}"
        for path, value in _flat(change.patch)
    )


def _flat(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """The members of a document that hold no others, by their paths."""
    inner = tuple(_inner(value, at))
    for path, each in inner:
        yield from _flat(each, path)
    if not inner and at:
        yield at, json.dumps(value, ensure_ascii=False)


def _inner(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str) and value.startswith(("{", "[")):
        yield from _inner(_parsed(value), at)
    elif isinstance(value, Mapping):
        yield from ((_below(at, str(name)), value[name]) for name in sorted(value))
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping | list) for one in value):
        tags = _tags(value)
        named = tags.items() if tags else enumerate(value)
        yield from ((f"{at}[{name}]", one) for name, one in named)


def _below(at: str, name: str) -> str:
    """A path, in which a name that could be taken for two is in quotes."""
    shown = name if _NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return f"{at}.{shown}" if at else shown


def _tags(entries: Iterable[Any]) -> Mapping[str, Any]:
    """The values of tags by their keys in quotes; nothing where a list holds anything else."""
    listed = [each if isinstance(each, Mapping) else {} for each in entries]
    tags = {json.dumps(each.get("Key"), ensure_ascii=False): each.get("Value") for each in listed}
    are_tags = all(each.keys() == {"Key", "Value"} for each in listed)
    return tags if are_tags and len(tags) == len(listed) else {}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
