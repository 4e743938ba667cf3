"""Documents within bounds: YAML as nodes with lines, its shared parts not copied; and TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_TEXT = 128_000
MAX_NODES = 50_000
_MOST_DOTS = 200


class DocumentError(Exception):
    """A document cannot be understood, or is too large to be."""


def compose(text: str) -> Node | None:
    """The first document of a YAML text; ``None`` when it is empty.

    Raises:
        DocumentError: It is too large, or not YAML.
    """
    if len(text) > MAX_TEXT:
        raise DocumentError
    try:
        return next(iter(yaml.compose_all(text, Loader=yaml.SafeLoader)), None)
    except (RecursionError, ValueError, yaml.YAMLError) as error:
        raise DocumentError from error


def toml(text: str) -> dict[str, Any]:
    """A TOML text.

    Raises:
        DocumentError: It is not TOML, or too large, or has keys of too many parts.
    """
    if len(text) > MAX_TEXT or any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise DocumentError
    try:
        return tomllib.loads(text)
    except (RecursionError, ValueError) as error:
        raise DocumentError from error


def members(node: Node | None) -> dict[str, Node]:
    """The members of a mapping by their keys; nothing for anything else."""
    if not isinstance(node, MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value if isinstance(key, ScalarNode)}


def entries(node: Node | None) -> list[Node]:
    """The entries of a list; nothing for anything else."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def words(node: Node | None) -> list[str]:
    """Every scalar of a node, keys included, but not what is nested in it."""
    if isinstance(node, ScalarNode):
        return [str(node.value)]
    inside = (each for each in entries(node) if isinstance(each, ScalarNode))
    return [*members(node), *(str(each.value) for each in inside)]


def lines_of(node: ScalarNode) -> Iterator[tuple[int, str]]:
    """The lines of a scalar with their numbers."""
    block = node.style in {"|", ">"}
    first = node.start_mark.line + 1 + block
    for number, line in enumerate(str(node.value).splitlines(), first):
        yield (number if node.style == "|" else first), line
