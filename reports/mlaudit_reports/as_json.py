"""The audit as JSON: a public contract that other programs read, and that loads back unchanged."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mlaudit.audit import SCHEMA_VERSION, Audit, WorkloadAudit
from mlaudit.errors import MlauditError
from mlaudit_reports import json_schema


class UnreadableAuditError(MlauditError):
    """A text is not an audit of the schema version that this mlaudit knows."""


def render(audit: Audit) -> str:
    """Write the audit as JSON; equal audits give equal bytes, and all of them are ASCII."""
    document = _adapter().dump_python(_in_order(audit), mode="json")
    document["platform"]["items"] = [_flat(each) for each in document["platform"]["items"]]
    return json.dumps(document, indent=2) + "\n"


def load(text: str) -> Audit:
    """Read back what :func:`render` wrote; keys that are not known are passed over.

    Raises:
        UnreadableAuditError: When the text is no audit, or one of another schema version.
    """
    try:
        document = json.loads(text)
        _refuse_other_versions(document)
        return _adapter().validate_python(_nested(document))
    except json.JSONDecodeError as error:
        raise UnreadableAuditError(
            f"This is not an audit: not JSON at line {error.lineno}, column {error.colno}. "
            "Give the audit.json of a scan."
        ) from error
    except ValidationError as error:
        raise UnreadableAuditError(_first_problem(error)) from error


def schema() -> str:
    """Write the JSON Schema of the document."""
    plain = _adapter().json_schema(mode="serialization")
    return json.dumps(json_schema.published(plain, SCHEMA_VERSION), indent=2) + "\n"


@cache
def _adapter() -> TypeAdapter[Audit]:
    return TypeAdapter(Audit)


def _in_order(audit: Audit) -> Audit:
    """Sort what has no order of its own, and make it of a type that pydantic can write."""
    workloads = tuple(_with_sorted_gates(each) for each in audit.workloads)
    return replace(audit, calls=dict(sorted(audit.calls.items())), workloads=workloads)


def _with_sorted_gates(workload: WorkloadAudit) -> WorkloadAudit:
    return replace(workload, gates=dict(sorted(workload.gates.items())))


def _flat(placed: Mapping[str, Any]) -> dict[str, Any]:
    """Write a platform item as an item with a region, which is what readers expect."""
    return {"region": placed["region"], **placed["item"]}


def _nested(document: Any) -> Any:
    """Undo :func:`_flat`; whatever has another shape is left for validation to name."""
    match document:
        case {"platform": {"items": [*placed]}}:
            items = [_unflat(each) for each in placed]
            return {**document, "platform": {"items": items}}
        case _:
            return document


def _unflat(placed: Any) -> Any:
    return {"region": placed.get("region"), "item": placed} if isinstance(placed, dict) else placed


def _refuse_other_versions(document: Any) -> None:
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is not None and version != SCHEMA_VERSION:
        raise UnreadableAuditError(
            f"This audit has schema version {version!r}, and this mlaudit reads version "
            f"{SCHEMA_VERSION}. Scan again, or use the mlaudit that wrote it."
        )


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the document"
    return f"This is not an audit: {where}: {first['msg']}. Give the audit.json of a scan."
