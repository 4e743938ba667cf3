"""What pydantic cannot tell about the published schema: its id, field texts and flat items."""

from collections.abc import Iterator, Mapping
from typing import Any

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIELDS = "\n\nAttributes:\n"
_INDENT = "    "


def published(plain: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Turn the schema pydantic derives into the one that is published."""
    definitions = {name: _described(each) for name, each in sorted(plain["$defs"].items())}
    definitions["PlatformItem"] = _flat_item(definitions)
    rest = {key: value for key, value in _described(plain).items() if key != "$defs"}
    return {
        "$schema": _DIALECT,
        "$id": f"urn:mlaudit:audit:{version}",
        **rest,
        "title": "mlaudit audit",
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


def _flat_item(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a platform item as it is written: the fields of an item beside its region."""
    placed, item = definitions["PlatformItem"], definitions["ItemResult"]
    return {
        **placed,
        "properties": {"region": placed["properties"]["region"], **item["properties"]},
        "required": ["region", *item["required"]],
    }
