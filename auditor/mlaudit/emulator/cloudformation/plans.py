"""What an update would change, found out without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import deployment, functions, references, schemas, scopes
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.differences import UNKNOWN, Difference, difference
from mlaudit.emulator.cloudformation.records import Request, Stack, StackResource

_ALWAYS, _SOMETIMES, _NEVER = "Always", "Conditionally", "Never"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change.

    Attributes:
        changes: The changes of resources as change sets list them.
        others: Whether something else would change: outputs, or what deletes resources.
    """

    changes: tuple[Record, ...]
    others: bool

    @property
    def needed(self) -> bool:
        """Whether anything would change."""
        return bool(self.changes) or self.others


@dataclass(slots=True)
class _Outlook:
    """A walk through a template that notes what would happen to each resource."""

    call: Call
    stack: Stack
    asked: Request
    new: set[str] = field(default_factory=set)
    changes: dict[str, Record] = field(default_factory=dict)
    others: bool = False

    def attribute(self, logical_id: str, name: str) -> Any:
        if logical_id in self.new:
            return UNKNOWN
        return deployment.attribute(self.stack, logical_id, name)


def plan(call: Call, stack: Stack, asked: Request) -> Plan:
    """Return what would change in a stack.

    Raises:
        Refusal: What is asked for cannot be evaluated.
    """
    outlook = _Outlook(call, stack, asked)
    scope = scopes.scope(call, stack, asked, outlook.attribute)
    entries = scopes.entries(scope)
    for logical_id in references.ordered(entries):
        _foresee(outlook, scope, logical_id, entries[logical_id])
    changes = [outlook.changes[name] for name in entries if name in outlook.changes]
    changes += [_removal(each) for name, each in stack.resources.items() if name not in entries]
    others = outlook.others or _outputs(asked) != _outputs(stack.asked)
    return Plan(tuple(changes), others)


def _foresee(outlook: _Outlook, scope: functions.Scope, logical_id: str, entry: Record) -> None:
    asked, stack = outlook.asked, outlook.stack
    wanted = scopes.properties(scope, asked, stack, logical_id, entry)
    wanted = scopes.dynamic(Account(outlook.call), wanted)
    resource = stack.resources.get(logical_id)
    if resource is None:
        outlook.new.add(logical_id)
        outlook.changes[logical_id] = _addition(logical_id, entry)
        return
    schema = schemas.schema(resource.type_name)
    found = difference(schema, resource.made.properties, wanted)
    if deployment.replaces(found, resource, entry):
        outlook.new.add(logical_id)
    if found.changed or resource.type_name != entry["Type"]:
        outlook.changes[logical_id] = _modification(outlook, resource, entry, found)
    elif _beside(entry) != _beside(resource.entry):
        outlook.others = True


def _addition(logical_id: str, entry: Record) -> Record:
    return {
        "Action": "Add",
        "LogicalResourceId": logical_id,
        "ResourceType": entry["Type"],
        "Scope": [],
        "Details": [],
    }


def _removal(resource: StackResource) -> Record:
    return {
        "PolicyAction": "Retain" if resource.keeps() else "Delete",
        "Action": "Remove",
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.made.physical_id,
        "ResourceType": resource.type_name,
        "Scope": [],
        "Details": [],
    }


def _modification(
    outlook: _Outlook, resource: StackResource, entry: Record, found: Difference
) -> Record:
    schema = schemas.schema(resource.type_name)
    scope = {"Tags" if name == schema.tags else "Properties" for name in found.changed}
    replaced = deployment.replaces(found, resource, entry)
    keeps = entry.get("UpdateReplacePolicy") in {"Retain", "Snapshot"}
    change: Record = {
        "Action": "Modify",
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.made.physical_id,
        "ResourceType": resource.type_name,
        "Replacement": "True" if replaced else found.replacement,
        "Scope": sorted(scope),
        "Details": [
            detail
            for name in found.changed
            for detail in _details(outlook, resource, entry, (name, found))
        ],
    }
    if replaced:
        change["PolicyAction"] = "ReplaceAndRetain" if keeps else "ReplaceAndDelete"
    return change


def _details(
    outlook: _Outlook, resource: StackResource, entry: Record, changed: tuple[str, Difference]
) -> Iterator[Record]:
    name, found = changed
    tags = schemas.schema(resource.type_name).tags
    recreation = _NEVER
    if name in found.fixed:
        recreation = _ALWAYS if found.replacement == "True" else _SOMETIMES
    elif found.replacement == "Conditional":
        recreation = _SOMETIMES
    target: Record = {"Attribute": "Tags" if name == tags else "Properties"}
    target["RequiresRecreation"] = recreation
    if name != tags:
        target["Name"] = name
    before = (resource.entry.get("Properties") or {}).get(name)
    after = (entry.get("Properties") or {}).get(name)
    causes = list(_causes(outlook, after)) if after is not None else []
    for cause in causes:
        yield {"Target": target, **cause}
    if before != after or not causes:
        yield {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _causes(outlook: _Outlook, node: Any) -> Iterator[Record]:
    """Yield what a property changes with: parameters that do, and resources."""
    old, new = outlook.stack.asked.values, outlook.asked.values
    for reference in dict.fromkeys(references.found(node)):
        if reference.name in new:
            before = old.get(reference.name)
            if before is None or before.resolved != new[reference.name].resolved:
                yield _cause("Static", "ParameterReference", reference.name)
        elif reference.name in outlook.changes:
            source = "ResourceAttribute" if reference.attribute else "ResourceReference"
            entity = ".".join(filter(None, (reference.name, reference.attribute)))
            yield _cause("Dynamic", source, entity)


def _cause(evaluation: str, source: str, entity: str) -> Record:
    return {"Evaluation": evaluation, "ChangeSource": source, "CausingEntity": entity}


def _beside(entry: Record) -> Record:
    return {key: value for key, value in entry.items() if key != "Properties"}


def _outputs(asked: Request) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    values = {name: each.resolved for name, each in asked.values.items()}
    used = {each.name for each in references.found(asked.template.outputs)}
    return asked.template.outputs, {name: values[name] for name in values if name in used}
