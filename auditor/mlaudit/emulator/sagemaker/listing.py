"""Filter, sort and page lists the way SageMaker does."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from botocore.model import Shape, StructureShape

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import naming, records

_PAGING = frozenset({"MaxResults", "NextToken", "SortBy", "SortOrder"})
# The value of a filter that asks for what is listed anyway.
_OURS = "SameAccount"
_TIME = re.compile(r"^(?P<what>.*?)(?:Time|At)?(?P<side>After|Before)$")
_DEFAULT_SIZE = re.compile(r"default (?:value )?(?:is|of) (?:<code>)?(\d+)")
_DEFAULT_ORDER = re.compile(r"default[^.]*?<code>(Ascending|Descending)</code>")
_LARGEST_PAGE = 100


def answer(
    call: Call, kind: str, rows: Sequence[Record], *, ignoring: frozenset[str] = frozenset()
) -> Record:
    """Return one page of the rows that the request asks for."""
    listed = naming.summary(call.operation)
    if listed is None:
        return {}
    member, shape = listed
    kept = [row for row in rows if _wanted(call, kind, row, shape, ignoring)]
    kept.sort(
        key=lambda row: _sort_key(call.params.get("SortBy"), kind, row), reverse=_descending(call)
    )
    page = paged(call, kept)
    page[member] = [records.completed(row, shape) for row in page.pop("rows")]
    return page


def paged(call: Call, rows: Sequence[Record]) -> Record:
    """Cut one page out of rows by MaxResults and NextToken.

    Raises:
        Refusal: the token was not given out by this operation.
    """
    start = _start(call)
    size = int(call.params.get("MaxResults") or _page_size(call.operation))
    page: Record = {"rows": list(rows[start : start + size])}
    if start + size < len(rows):
        text = f"{call.operation}:{start + size}"
        page["NextToken"] = base64.b64encode(text.encode()).decode()
    return page


def value_at(record: Any, name: str, depth: int = 3) -> Any:
    """Return a member of a record, from its top or from the structures in it."""
    if not isinstance(record, dict):
        return None
    if name in record:
        return record[name]
    if depth == 0:
        return None
    found = (value_at(inner, name, depth - 1) for inner in record.values())
    return next((value for value in found if value is not None), None)


def _start(call: Call) -> int:
    token = call.params.get("NextToken")
    if not token:
        return 0
    try:
        operation, _, position = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal("ValidationException", "Invalid NextToken.") from error
    if operation != call.operation or not position.isdigit():
        raise Refusal("ValidationException", "Invalid NextToken.")
    return int(position)


def _page_size(operation: str) -> int:
    shape = models.inputs(naming.SERVICE, operation).get("MaxResults")
    found = _DEFAULT_SIZE.search(shape.documentation) if shape is not None else None
    return min(int(found[1]), _LARGEST_PAGE) if found else 10


def _descending(call: Call) -> bool:
    order = call.params.get("SortOrder")
    if order is None:
        shape = models.inputs(naming.SERVICE, call.operation).get("SortOrder")
        found = _DEFAULT_ORDER.search(shape.documentation) if shape is not None else None
        order = found[1] if found else "Descending"
    return bool(order == "Descending")


def _sort_key(by: str | None, kind: str, row: Record) -> tuple[Any, ...]:
    if by == "Name":
        return (naming.name_of(kind, row),)
    if by == "Status":
        return (next((str(row[key]) for key in row if key.endswith("Status")), ""),)
    return (_time(row, "LastModified" if by and by.startswith("LastModified") else "Creation"),)


def _wanted(call: Call, kind: str, row: Record, shape: Shape, ignoring: frozenset[str]) -> bool:
    return all(
        _passes(call, kind, row, shape, name)
        for name in call.params
        if name not in _PAGING and name not in ignoring and call.params[name] != _OURS
    )


def _passes(call: Call, kind: str, row: Record, shape: Shape, name: str) -> bool:
    value = call.params[name]
    if name.endswith("Contains"):
        what = name.removesuffix("Contains")
        text = naming.name_of(kind, row) if what == "Name" else str(value_at(row, what) or "")
        return str(value).lower() in text.lower()
    timed = _TIME.match(name)
    if timed and isinstance(value, datetime):
        moment = _time(row, timed["what"])
        return moment > value if timed["side"] == "After" else moment < value
    return value in _candidates(call, kind, row, shape, name)


def _time(row: Record, what: str) -> datetime:
    prefixes = {"Creation": ("Creation", "Created"), "Created": ("Creation", "Created")}
    for prefix in prefixes.get(what, (what, "Creation", "Created")):
        for suffix in ("Time", "At"):
            if prefix + suffix in row:
                moment: datetime = row[prefix + suffix]
                return moment
    born: datetime = row.get("StartTime") or row["_born"]
    return born


def _candidates(call: Call, kind: str, row: Record, shape: Shape, name: str) -> list[Any]:
    what = name.removesuffix("Equals")
    members = shape.members if isinstance(shape, StructureShape) else {}
    names = [what, kind + what, *(member for member in members if member.endswith(what))]
    known = {**naming.fields(kind), **members, **row}
    values = [value_at(row, candidate) for candidate in names]
    if all(value is None for value in values) and not any(item in known for item in names):
        text = f"The emulated account does not filter by {name} in {call.operation}."
        raise Refusal("UnknownOperationException", text)
    return values
