"""Check values against botocore's shapes, and cut records to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "list": (list, tuple),
    "map": (dict,),
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float, Decimal),
    "double": (int, float, Decimal),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (bytes, bytearray, str),
}


def faults(value: Any, shape: Shape, path: str = "") -> Iterator[str]:
    """Yield what the service would object to in a value, in the words it uses."""
    if getattr(shape, "is_document_type", False):
        return
    expected = _PYTHON_TYPES[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        start = f"Value '{value}' at '{path}' failed to satisfy constraint: "
        yield f"{start}Member must be of type {shape.type_name}"
        return
    yield from _CHECKS.get(shape.type_name, _nothing)(value, shape, path)


def cut(value: Any, shape: Shape) -> Any:
    """Drop everything from a value that its shape does not know; None means not set."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        if getattr(shape, "is_document_type", False):
            return value
        return {
            name: cut(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [cut(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: cut(item, shape.value) for key, item in value.items()}
    return value


@cache
def pattern_of(source: str) -> re.Pattern[str] | None:
    """Compile a pattern of the model; those that only Java understands are not checked."""
    try:
        return re.compile(source)
    except re.error:
        return None


def _structure_faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield (
                f"Value null at '{_join(path, name)}' failed to satisfy constraint: "
                "Member must not be null"
            )
    for name, item in value.items():
        if name not in shape.members:
            yield f"Unknown member '{name}' at '{path or shape.name}'"
        elif item is not None:
            yield from faults(item, shape.members[name], _join(path, name))


def _list_faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    yield from _size_faults(len(value), shape, path, "length")
    for index, item in enumerate(value, start=1):
        yield from faults(item, shape.member, f"{path}.{index}.member")


def _map_faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    yield from _size_faults(len(value), shape, path, "length")
    for key, item in value.items():
        yield from faults(key, shape.key, f"{path}.key")
        yield from faults(item, shape.value, f"{path}.{key}.value")


def _number_faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    yield from _size_faults(value, shape, path, "value")


def _nothing(_value: Any, _shape: Any, _path: str) -> Iterator[str]:
    yield from ()


def _string_faults(value: Any, shape: Any, path: str) -> Iterator[str]:
    start = f"Value '{value}' at '{path}' failed to satisfy constraint: "
    if shape.enum and value not in shape.enum:
        yield f"{start}Member must satisfy enum value set: [{', '.join(shape.enum)}]"
    yield from _size_faults(len(value), shape, path, "length")
    source = shape.metadata.get("pattern")
    pattern = pattern_of(source) if source else None
    if pattern is not None and pattern.fullmatch(value) is None:
        yield f"{start}Member must satisfy regular expression pattern: {source}"


def _size_faults(size: Any, shape: Shape, path: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    start = f"Value at '{path}' failed to satisfy constraint: Member must have {what} "
    if low is not None and size < low:
        yield f"{start}greater than or equal to {low}"
    if high is not None and size > high:
        yield f"{start}less than or equal to {high}"


def _join(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered


_CHECKS: Mapping[str, Callable[[Any, Any, str], Iterator[str]]] = {
    "structure": _structure_faults,
    "list": _list_faults,
    "map": _map_faults,
    "string": _string_faults,
    "integer": _number_faults,
    "long": _number_faults,
    "float": _number_faults,
    "double": _number_faults,
}
