"""The published schema of an audit: what pydantic cannot tell of it is that its items are flat."""

from collections.abc import Mapping
from typing import Any

from mlaudit import schemas


def published(plain: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Turn the schema pydantic derives into the one that is published."""
    found = schemas.published(plain, "audit", version)
    definitions = found["$defs"]
    return {**found, "$defs": {**definitions, "PlatformItem": _flat_item(definitions)}}


def _flat_item(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a platform item as it is written: the fields of an item beside its region."""
    placed, item = definitions["PlatformItem"], definitions["ItemResult"]
    return {
        **placed,
        "properties": {"region": placed["properties"]["region"], **item["properties"]},
        "required": ["region", *item["required"]],
    }
