"""JSON Schemas as they are published: each field with the text that its docstring has of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIELDS = "\n\nAttributes:\n"
_INDENT = "    "


def published(plain: Mapping[str, Any], name: str, version: int) -> dict[str, Any]:
    """Turn the schema that pydantic derives from dataclasses into one to be published.

    Args:
        plain: What pydantic derives.
        name: What the document is, such as ``audit``.
        version: The version of its shape.
    """
    definitions = {key: _described(each) for key, each in sorted(plain["$defs"].items())}
    rest = {key: value for key, value in _described(plain).items() if key != "$defs"}
    return {
        "$schema": _DIALECT,
        "$id": f"urn:mlaudit:{name}:{version}",
        **rest,
        "title": f"mlaudit {name}",
        "$defs": definitions,
    }


def _described(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Move the field texts of a docstring to the fields they are about."""
    summary, _, fields = str(plain.get("description", "")).partition(_FIELDS)
    texts = dict(_field_texts(fields))
    described = {**plain, "description": summary}
    if "properties" in plain:
        described["properties"] = {
            name: {**each, "description": texts[name]} if name in texts else each
            for name, each in plain["properties"].items()
        }
    return described


def _field_texts(fields: str) -> Iterator[tuple[str, str]]:
    """Read the lines ``name: text`` of a Google docstring; deeper lines go on with the text."""
    joined = fields.replace("\n" + 2 * _INDENT, " ")
    for line in joined.splitlines():
        name, _, text = line.strip().partition(": ")
        yield name, text.replace("``", "")
