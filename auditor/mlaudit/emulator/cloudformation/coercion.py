"""Turn the properties of templates into the parameters of operations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, Shape, StructureShape
from botocore.utils import parse_timestamp

from mlaudit.emulator.errors import Refusal

_WORD = re.compile(r"[^a-z0-9]")


def plain(name: str) -> str:
    """Return a name as it compares: templates and operations spell theirs differently."""
    return _WORD.sub("", name.lower())


def member(shape: StructureShape, name: str) -> str | None:
    """Return the member of a structure that a property means, None where there is none."""
    if name in shape.members:
        return name
    wanted = plain(name)
    return next((each for each in shape.members if plain(each) == wanted), None)


def coerced(value: Any, shape: Shape, path: str = "") -> Any:
    """Return a value of a template as a shape of the service wants it.

    Raises:
        Refusal: The operation does not know a part of it, or cannot take it.
    """
    if getattr(shape, "is_document_type", False):
        return value
    try:
        turn = _BY_TYPE.get(shape.type_name)
        return turn(value, shape, path) if turn else value
    except (TypeError, ValueError) as error:
        raise _unfit(path, value, shape) from error


def tags_of(value: Any) -> dict[str, str]:
    """Return tags as a mapping, whatever a template writes them as.

    Raises:
        Refusal: They are no tags.
    """
    if isinstance(value, dict):
        return {str(key): str(item) for key, item in value.items()}
    try:
        return {str(each["Key"]): str(each["Value"]) for each in value or ()}
    except (KeyError, TypeError) as error:
        raise Refusal("InvalidRequest", "Each of the Tags needs a Key and a Value.") from error


def _structure(value: Any, shape: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise _unfit(path, value, shape)
    out = {}
    for name, item in value.items():
        found = member(shape, name)
        if found is None:
            place = f"{path}.{name}" if path else name
            raise Refusal(
                "NotEmulated", f"The emulated account does not serve the property {place}."
            )
        out[found] = coerced(item, shape.members[found], f"{path}.{name}" if path else name)
    return out


def _list(value: Any, shape: Any, path: str) -> Any:
    if _is_tag(shape) and isinstance(value, dict):
        value = [{"Key": key, "Value": item} for key, item in value.items()]
    if not isinstance(value, list):
        value = [value]
    if _is_tag(shape):
        key, text = _tag_members(shape.member)
        return [{key: each, text: item} for each, item in tags_of(value).items()]
    return [coerced(item, shape.member, path) for item in value]


def _map(value: Any, shape: Any, path: str) -> Any:
    if isinstance(value, list) and all(set(each) == {"Key", "Value"} for each in value):
        value = tags_of(value)
    if not isinstance(value, dict):
        raise _unfit(path, value, shape)
    return {str(key): coerced(item, shape.value, path) for key, item in value.items()}


def _is_tag(shape: ListShape) -> bool:
    inner = shape.member
    return isinstance(inner, StructureShape) and {plain(each) for each in inner.members} in (
        {"key", "value"},
        {"tagkey", "tagvalue"},
    )


def _tag_members(shape: StructureShape) -> tuple[str, str]:
    by_plain = {plain(each).removeprefix("tag"): each for each in shape.members}
    return by_plain["key"], by_plain["value"]


def _boolean(value: Any, shape: Shape, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in {"true", "false"}:
        raise _unfit(path, value, shape)
    return str(value).lower() == "true"


def _string(value: Any, _shape: Shape, _path: str) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _blob(value: Any, _shape: Shape, _path: str) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _moment(value: Any, _shape: Shape, _path: str) -> datetime:
    moment = parse_timestamp(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole(value: Any, _shape: Shape, _path: str) -> int:
    return int(str(value))


def _real(value: Any, _shape: Shape, _path: str) -> float:
    return float(value)


def _unfit(path: str, value: Any, shape: Shape) -> Refusal:
    return Refusal(
        "InvalidRequest", f"The value {value!r} of the property {path} is no {shape.type_name}."
    )


_BY_TYPE: Mapping[str, Callable[[Any, Any, str], Any]] = {
    "blob": _blob,
    "boolean": _boolean,
    "double": _real,
    "float": _real,
    "integer": _whole,
    "list": _list,
    "long": _whole,
    "map": _map,
    "string": _string,
    "structure": _structure,
    "timestamp": _moment,
}
