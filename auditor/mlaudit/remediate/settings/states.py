"""Members of states: what is kept of a reply, and tags in the forms that services have for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mlaudit.remediate.change import Document

_OF_AWS = "aws:"
"""How the keys of tags begin that AWS itself gives: nobody else can write them."""


def kept(record: Document, members: Iterable[str]) -> dict[str, Any]:
    """Those members of a reply that are there and not empty."""
    found = {name: record.get(name) for name in members}
    return {name: value for name, value in found.items() if not is_empty(value)}


def is_empty(value: Any) -> bool:
    """Whether it is left out of a state; ``False`` and 0 are not."""
    return value is None or (isinstance(value, list | Mapping | str) and not value)


def pruned(value: Any) -> Any:
    """A document without empty members at any depth: AWS names some of them only at times."""
    if isinstance(value, Mapping):
        return {name: pruned(each) for name, each in value.items() if not is_empty(each)}
    return [pruned(each) for each in value] if isinstance(value, list) else value


def only(state: Document, ignored: Iterable[str]) -> dict[str, Any]:
    """A state without members that are no parameters."""
    left_out = frozenset(ignored)
    return {name: value for name, value in state.items() if name not in left_out}


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags without those of AWS itself."""
    return {key: value for key, value in tags.items() if not is_of_aws(key)}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as a list by their keys, without those of AWS itself."""
    return [{"Key": key, "Value": value} for key, value in sorted(own_tags(tags).items())]


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """A list of tags as a mapping."""
    return {each["Key"]: each.get("Value", "") for each in tags or ()}


def is_of_aws(key: str) -> bool:
    """Whether a tag is one that only AWS can write."""
    return key.lower().startswith(_OF_AWS)


class Retagging(NamedTuple):
    """What brings some tags to others.

    Attributes:
        given: The tags that are new or other.
        taken: The keys that go.
    """

    given: dict[str, str]
    taken: list[str]


def retagging(before: Mapping[str, str], after: Mapping[str, str]) -> Retagging:
    """The differences between two mappings of tags that can be written, by key."""
    given = {
        key: after[key]
        for key in sorted(after)
        if before.get(key) != after[key] and not is_of_aws(key)
    }
    return Retagging(
        given, [key for key in sorted(before) if key not in after and not is_of_aws(key)]
    )
