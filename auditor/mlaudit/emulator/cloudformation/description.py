"""Tell of stacks, their resources and their history."""

from __future__ import annotations

import json

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import records
from mlaudit.emulator.cloudformation.records import Stack, StackResource
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.services import pages


def describe(call: Call) -> Record:
    """Describe one stack, deleted ones by their id only; or all that exist."""
    name = call.params.get("StackName")
    if name:
        return {"Stacks": [_stack(records.find(call, name))]}
    rows = [_stack(each) for each in reversed(records.stacks(call)) if each.active]
    return _page(call, rows, "Stacks")


def list_stacks(call: Call) -> Record:
    """List stacks, deleted ones too, the newest first."""
    wanted = call.params.get("StackStatusFilter") or []
    rows = [
        _summary(each)
        for each in reversed(records.stacks(call))
        if not wanted or each.status in wanted
    ]
    return _page(call, rows, "StackSummaries")


def describe_events(call: Call) -> Record:
    """Return the history of a stack, the newest first."""
    stack = records.find(call, call.params["StackName"])
    return _page(call, list(reversed(stack.events)), "StackEvents")


def describe_resource(call: Call) -> Record:
    """Describe one resource of a stack."""
    stack = records.find(call, call.params["StackName"])
    resource = stack.resources.get(call.params["LogicalResourceId"])
    if resource is None:
        raise invalid(
            f"Resource {call.params['LogicalResourceId']} does not exist for stack {stack.name}"
        )
    described = _resource(resource)
    described["LastUpdatedTimestamp"] = described.pop("Timestamp")
    described["Metadata"] = json.dumps(resource.entry.get("Metadata") or {})
    return {"StackResourceDetail": {**_of(stack), **described}}


def describe_resources(call: Call) -> Record:
    """Describe the resources of a stack, or of the one that has a certain resource."""
    name, physical = call.params.get("StackName"), call.params.get("PhysicalResourceId")
    stack = records.find(call, name) if name else _owner(call, physical or "")
    wanted = call.params.get("LogicalResourceId")
    rows = [
        {**_of(stack), **_resource(each)}
        for each in stack.resources.values()
        if wanted in {None, each.logical_id} and physical in {None, each.made.physical_id}
    ]
    return {"StackResources": rows}


def list_resources(call: Call) -> Record:
    """List the resources of a stack."""
    stack = records.find(call, call.params["StackName"])
    rows = []
    for each in stack.resources.values():
        row = _resource(each)
        row["LastUpdatedTimestamp"] = row.pop("Timestamp")
        rows.append(row)
    return _page(call, rows, "StackResourceSummaries")


def _owner(call: Call, physical_id: str) -> Stack:
    for stack in records.stacks(call):
        if any(each.made.physical_id == physical_id for each in stack.resources.values()):
            return stack
    raise invalid(f"Stack for {physical_id} does not exist")


def _stack(stack: Stack) -> Record:
    settings = stack.asked.settings
    return {
        **_summary(stack),
        "StackStatusReason": stack.reason or None,
        "Description": stack.asked.template.content.get("Description"),
        "Parameters": [each.shown() for each in stack.asked.values.values()],
        "Tags": [{"Key": key, "Value": value} for key, value in stack.asked.tags.items()],
        "Capabilities": stack.asked.capabilities,
        "NotificationARNs": settings.get("NotificationARNs", []),
        "RoleARN": settings.get("RoleARN"),
        "TimeoutInMinutes": settings.get("TimeoutInMinutes"),
        "DisableRollback": bool(settings.get("DisableRollback")),
        "EnableTerminationProtection": stack.protected,
        "Outputs": stack.outputs,
        "RollbackConfiguration": {},
        "ChangeSetId": stack.change_set or None,
    }


def _summary(stack: Stack) -> Record:
    return {
        **_of(stack),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason or None,
        "TemplateDescription": stack.asked.template.content.get("Description"),
        "ParentId": stack.parent or None,
        "RootId": stack.root or None,
        "DriftInformation": {"StackDriftStatus": stack.drift, "LastCheckTimestamp": stack.drifted},
    }


def _resource(resource: StackResource) -> Record:
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.made.physical_id or None,
        "ResourceType": resource.type_name,
        "Timestamp": resource.at,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason or None,
        "DriftInformation": {
            "StackResourceDriftStatus": resource.drift,
            "LastCheckTimestamp": resource.drifted,
        },
    }


def _of(stack: Stack) -> Record:
    return {"StackId": stack.id, "StackName": stack.name}


def _page(call: Call, rows: list[Record], member: str) -> Record:
    return pages.cut(call, rows, member=member, size="MaxResults")
