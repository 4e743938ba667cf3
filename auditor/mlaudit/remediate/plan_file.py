"""Plans as files: what was reviewed is what is applied, so nothing in one is passed over.

A file ends with the SHA-256 sum of all the rest. It shows damage and edits made by accident. It is
no signature: who must know who wrote a plan signs the file with a tool made for that.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlaudit import schemas
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.remediate.bill import Amount
from mlaudit.remediate.plan import SCHEMA_VERSION, Plan

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_PLAN_ANEW = "Plan again with `mlaudit remediate`."


class PlanFileError(MlauditError):
    """A text is not a plan that this mlaudit can apply."""


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan file; equal plans give equal bytes.

    Raises:
        MlauditError: The file cannot be written.
    """
    write_whole(path, dump_plan(plan).encode())


def read_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises:
        PlanFileError: It is missing, damaged, edited, or of a version this mlaudit does not know.
    """
    try:
        return load_plan(path.read_text("utf-8"))
    except OSError as error:
        raise PlanFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{path} is not a plan: it is no UTF-8. {_PLAN_ANEW}") from error


def dump_plan(plan: Plan) -> str:
    """The JSON text of a plan; all of it is ASCII."""
    document = _document(plan)
    return json.dumps({**document, "sha256": _sum(document)}, indent=1) + "\n"


def digest(plan: Plan) -> str:
    """The SHA-256 sum that a plan's file ends with: what a reviewer names a plan by."""
    return _sum(_document(plan))


def load_plan(text: str) -> Plan:
    """Read back what :func:`dump_plan` wrote.

    Raises:
        PlanFileError: It is no plan, or damaged, edited, or of another version.
    """
    document = _parsed(text)
    told = document.pop("sha256", None)
    if told != _sum(document):
        raise PlanFileError(f"This plan was changed after it was written. {_PLAN_ANEW}")
    plan = _validated(document)
    unknown = next(_passed_over(document, _document(plan)), None)
    if unknown:
        raise PlanFileError(
            f"This plan has {unknown}, which this mlaudit does not know and would not do. "
            "Use the mlaudit that wrote it."
        )
    return plan


def schema() -> str:
    """Write the JSON Schema of the file."""
    plain = _adapter().json_schema(mode="serialization")
    found = schemas.published(plain, "plan", SCHEMA_VERSION)
    properties = found["properties"]
    content = {"oneOf": [_content("text", "UTF-8"), _content("base64", "binary, in base64")]}
    properties["files"] = {
        **{key: properties["files"][key] for key in ("title", "description")},
        "type": "object",
        "additionalProperties": content,
    }
    properties["sha256"] = {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "The sum of this document without this member, as compact JSON in ASCII "
        "with sorted names.",
    }
    return json.dumps({**found, "required": [*found["required"], "sha256"]}, indent=2) + "\n"


def _content(name: str, about: str) -> dict[str, Any]:
    told = {"type": "string", "description": about}
    return {
        "type": "object",
        "properties": {name: told},
        "required": [name],
        "additionalProperties": False,
    }


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"This is not a plan, or not all of it: {error}.") from error
    if not isinstance(document, dict) or "schema_version" not in document:
        raise PlanFileError("This is not a plan: give a file that `mlaudit remediate` wrote.")
    version = document["schema_version"]
    if version != SCHEMA_VERSION:
        raise PlanFileError(
            f"This plan has schema version {version!r}, and this mlaudit applies version "
            f"{SCHEMA_VERSION}. {_PLAN_ANEW}"
        )
    return document


def _validated(document: Mapping[str, Any]) -> Plan:
    from pydantic import ValidationError  # noqa: PLC0415 - only plan files need it

    try:
        files = {name: _bytes(each) for name, each in document["files"].items()}
        plan = _adapter().validate_python({**document, "files": files})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PlanFileError(f"This is not a plan: {where}: {first['msg']}.") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PlanFileError("This is not a plan: its files cannot be read.") from error
    missing = sorted({*_named(plan)} - plan.files.keys())
    if missing:
        raise PlanFileError(f"This is not a whole plan: it lacks the file {missing[0]}.")
    return plan


def _named(plan: Plan) -> Iterator[str]:
    """The files that steps name."""
    for step in plan.steps:
        yield from (each.file for each in step.files)
        if step.stack:
            yield step.stack.template
            yield from (each.file for each in step.stack.uploads)


@cache
def _adapter() -> TypeAdapter[Plan]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only plan files need it

    return TypeAdapter(Plan)


def _document(plan: Plan) -> dict[str, Any]:
    parts = (each.name for each in fields(plan) if each.name != "files")
    document = {name: _plain(getattr(plan, name)) for name in parts}
    contents = {name: _content_of(plan.files[name]) for name in sorted(plan.files)}
    return {**document, "files": contents}


def _plain(value: Any) -> Any:
    """A value in the types of JSON."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)} | (
            # What is read back is a float, and has to have the same sum.
            {"usd": float(value.usd)} if isinstance(value, Amount) else {}
        )
    if isinstance(value, Mapping):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _content_of(content: bytes) -> dict[str, str]:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _bytes(told: Mapping[str, str]) -> bytes:
    (kind,) = told
    if kind == "base64":
        return base64.b64decode(told[kind], validate=True)
    return told["text"].encode()


def _sum(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _passed_over(document: Any, understood: Any, at: str = "") -> Iterator[str]:
    """The places in a document that reading it left out."""
    if isinstance(document, Mapping) and isinstance(understood, Mapping):
        for name, value in document.items():
            if name in understood:
                yield from _passed_over(value, understood[name], f"{at}.{name}")
            else:
                yield f"{at}.{name}".lstrip(".")
    elif isinstance(document, list) and isinstance(understood, list):
        for number, pair in enumerate(zip(document, understood, strict=True)):
            yield from _passed_over(*pair, f"{at}.{number}")
