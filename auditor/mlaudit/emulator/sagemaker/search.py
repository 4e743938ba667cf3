"""Search over whole records."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, StructureShape

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, naming, records

# The stored kind and the member of the result, where they are not the searched resource itself.
_KINDS = {"ExperimentTrial": "Trial", "ExperimentTrialComponent": "TrialComponent"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "NotEquals": operator.ne,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def search(call: Call) -> Record:
    """Return one page of the records of a kind that match an expression."""
    resource = str(call.params["Resource"])
    kind: str = _KINDS.get(resource, resource)
    shape = _record_shape(kind)
    rows = [_view(call, kind, row) for row in call.space.rows(kind)]
    rows = [row for row in rows if _matches(row, call.params.get("SearchExpression") or {})]
    _sort(call, rows)
    page = listing.paged(call, rows)
    page["Results"] = [{kind: records.completed(row, shape)} for row in page.pop("rows")]
    page["TotalHits"] = {"Value": len(rows), "Relation": "EqualTo"}
    return page


def value_of(row: Record, path: str) -> list[Any]:
    """Return the values a property path leads to; through a list there may be several."""
    if path.startswith("Tags."):
        key = path.removeprefix("Tags.")
        return [tag["Value"] for tag in row.get("Tags") or [] if tag["Key"] == key]
    values: list[Any] = [row]
    for part in path.split("."):
        values = [found for value in values for found in _step(value, part)]
    return values


def _record_shape(kind: str) -> StructureShape:
    results = models.outputs(naming.SERVICE, "Search")["Results"]
    if isinstance(results, ListShape) and isinstance(results.member, StructureShape):
        shape = results.member.members.get(kind)
        if isinstance(shape, StructureShape):
            return shape
    raise Refusal("ValidationException", f"The emulated account does not search {kind}.")


def _view(call: Call, kind: str, row: Record) -> Record:
    if kind == "Endpoint":
        return row | {"MonitoringSchedules": _schedules(call, {row["EndpointName"]})}
    if kind != "Model":
        return row
    endpoints = _endpoints(call, row)
    schedules = _schedules(call, {endpoint["EndpointName"] for endpoint in endpoints})
    return row | {"Model": row, "Endpoints": endpoints, "MonitoringSchedules": schedules}


def _endpoints(call: Call, model: Record) -> list[Record]:
    name = model["ModelName"]
    configs = {
        config["EndpointConfigName"]
        for config in call.space.rows("EndpointConfig")
        if any(variant.get("ModelName") == name for variant in config["ProductionVariants"])
    }
    components = {
        item["EndpointName"]
        for item in call.space.rows("InferenceComponent")
        if item.get("Specification", {}).get("ModelName") == name
    }
    return [
        endpoint
        for endpoint in call.space.rows("Endpoint")
        if endpoint["EndpointConfigName"] in configs or endpoint["EndpointName"] in components
    ]


def _schedules(call: Call, endpoints: set[str]) -> list[Record]:
    rows = call.space.rows("MonitoringSchedule")
    return [row for row in rows if row.get("EndpointName") in endpoints]


def _step(value: Any, part: str) -> list[Any]:
    if isinstance(value, list):
        return [found for item in value for found in _step(item, part)]
    if not isinstance(value, dict) or value.get(part) is None:
        return []
    found = value[part]
    return list(found) if isinstance(found, list) else [found]


def _matches(row: Record, expression: Record) -> bool:
    tests = [_passes(row, item) for item in expression.get("Filters", [])]
    tests += [_nested(row, item) for item in expression.get("NestedFilters", [])]
    tests += [_matches(row, item) for item in expression.get("SubExpressions", [])]
    if not tests:
        return True
    return any(tests) if expression.get("Operator") == "Or" else all(tests)


def _nested(row: Record, nested: Record) -> bool:
    name = nested["NestedPropertyName"]
    prefix = f"{name}."
    filters = [item | {"Name": item["Name"].removeprefix(prefix)} for item in nested["Filters"]]
    items = [item for item in value_of(row, name) if isinstance(item, dict)]
    return any(all(_passes(item, one) for one in filters) for item in items)


def _passes(row: Record, item: Record) -> bool:
    test, wanted = item.get("Operator", "Equals"), item.get("Value")
    values = value_of(row, item["Name"])
    if test == "Exists":
        return bool(values)
    if test == "NotExists":
        return not values
    if wanted is None:
        raise Refusal("ValidationException", f"Operator {test} of {item['Name']} needs a Value.")
    if test == "NotEquals":
        return all(_compare(value, test, wanted) for value in values)
    return any(_compare(value, test, wanted) for value in values)


def _compare(value: Any, test: str, wanted: str) -> bool:
    if test == "Contains":
        return wanted in str(value)
    if test == "In":
        return str(value) in wanted.split(",")
    return _COMPARE[test](_comparable(value), _as(value, wanted))


def _comparable(value: Any) -> Any:
    return value if isinstance(value, (int, float, datetime)) else str(value)


def _as(value: Any, wanted: str) -> Any:
    try:
        if isinstance(value, bool):
            return wanted.lower() == "true"
        if isinstance(value, datetime):
            moment = datetime.fromisoformat(wanted)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, (int, float)):
            return float(wanted)
    except ValueError as error:
        raise Refusal("ValidationException", f"Invalid filter value {wanted}.") from error
    return wanted


def _sort(call: Call, rows: list[Record]) -> None:
    by = call.params.get("SortBy") or "LastModifiedTime"
    descending = call.params.get("SortOrder", "Descending") == "Descending"

    def key(row: Record) -> tuple[bool, Any]:
        found = value_of(row, by) or [row.get("CreationTime")]
        return (found[0] is not None, _comparable(found[0]))

    rows.sort(key=key, reverse=descending)
