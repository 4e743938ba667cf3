"""Where in the text of a YAML file something stands."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

Location = tuple[int | str, ...]


def line_of(text: str, location: Location) -> int | None:
    """The line of the key or list entry that an error is about, or of what should hold it."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = None
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line, node = found[-1][0].start_mark.line + 1, found[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def given_twice(text: str) -> Location | None:
    """The first key that a mapping has twice; YAML itself would silently drop one of them."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return next(_twice(node, (), set()), None) if node else None


def _twice(node: yaml.Node, at: Location, seen: set[int]) -> Iterator[Location]:
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    yield (*at, key.value)
                keys.add(key.value)
                yield from _twice(value, (*at, key.value), seen)
    elif isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            yield from _twice(each, (*at, number), seen)
