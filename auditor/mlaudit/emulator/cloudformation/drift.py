"""Drift: whether the resources of a stack are still what it made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import providers, records
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import plain
from mlaudit.emulator.cloudformation.records import Stack, StackResource
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_DETECTION = "cloudformation:DriftDetection"
_CHECKED = frozenset(["IN_SYNC", "MODIFIED", "DELETED"])


def detect(call: Call) -> Record:
    """Look at each resource of a stack that can be looked at."""
    stack = records.find(call, call.params["StackName"])
    wanted = call.params.get("LogicalResourceIds") or list(stack.resources)
    failures = []
    for logical_id in wanted:
        if logical_id not in stack.resources:
            raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
        failures += _look(call, stack.resources[logical_id])
    drifted = [each for each in stack.resources.values() if each.drift in {"MODIFIED", "DELETED"}]
    stack.drift = "DRIFTED" if drifted else "IN_SYNC"
    stack.drifted = call.now
    identifier = records.uuid(call, "drift detection")
    call.space.table(_DETECTION)[identifier] = {
        "StackId": stack.id,
        "StackDriftDetectionId": identifier,
        "StackDriftStatus": stack.drift,
        "DetectionStatus": "DETECTION_FAILED" if failures else "DETECTION_COMPLETE",
        "DetectionStatusReason": "; ".join(failures) or None,
        "DriftedStackResourceCount": len(drifted),
        "Timestamp": call.now,
    }
    return {"StackDriftDetectionId": identifier}


def describe_detection(call: Call) -> Record:
    """Tell how a detection went."""
    identifier = call.params["StackDriftDetectionId"]
    found = call.space.table(_DETECTION).get(identifier)
    if found is None:
        raise invalid(f"Drift detection with id {identifier} does not exist")
    return found


def describe_resources(call: Call) -> Record:
    """Tell which resources of a stack are still what it made of them."""
    stack = records.find(call, call.params["StackName"])
    wanted = call.params.get("StackResourceDriftStatusFilters") or _CHECKED
    rows = [
        _row(stack, each)
        for each in stack.resources.values()
        if each.drifted is not None and each.drift in wanted
    ]
    return pages.cut(call, rows, member="StackResourceDrifts", size="MaxResults")


def _look(call: Call, resource: StackResource) -> list[str]:
    """Note whether a resource is still what it was made; return why that cannot be told."""
    provider = providers.provider(resource.type_name)
    if not provider.readable:
        return []
    try:
        seen = provider.read(Account(call), resource.made)
    except Refusal as refusal:
        return [f"{resource.logical_id}: {refusal.message}"]
    resource.drifted = call.now
    resource.differences = list(_differences(resource, seen)) if seen is not None else []
    if seen is None:
        resource.drift = "DELETED"
    else:
        resource.drift = "MODIFIED" if resource.differences else "IN_SYNC"
    return []


def _differences(resource: StackResource, seen: Record) -> Iterator[Record]:
    before = resource.made.seen
    provider = providers.provider(resource.type_name)
    for name, expected in resource.made.properties.items():
        key = _key(name, provider.member(name), before)
        if key is not None and before.get(key) != seen.get(key):
            yield {
                "PropertyPath": f"/{name}",
                "ExpectedValue": _text(expected),
                "ActualValue": _text(seen.get(key)),
                "DifferenceType": "NOT_EQUAL" if key in seen else "REMOVE",
            }


def _key(name: str, member: str, told: Record) -> str | None:
    if f"@{name}" in told:
        return f"@{name}"
    wanted = {plain(name), plain(member)}
    return next((each for each in told if plain(each) in wanted), None)


def _row(stack: Stack, resource: StackResource) -> Record:
    actual = {**resource.made.properties}
    for each in resource.differences:
        actual[each["PropertyPath"][1:]] = each["ActualValue"]
    row: Record = {
        "StackId": stack.id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.made.physical_id,
        "ResourceType": resource.type_name,
        "ExpectedProperties": _text(resource.made.properties),
        "StackResourceDriftStatus": resource.drift,
        "PropertyDifferences": resource.differences,
        "Timestamp": resource.drifted,
    }
    if resource.drift != "DELETED":
        row["ActualProperties"] = _text(actual)
    return row


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
