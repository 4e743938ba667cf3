"""Bring a stack into the state it is asked for, and back where that fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import (
    exports,
    policies,
    providers,
    references,
    schemas,
    scopes,
)
from mlaudit.emulator.cloudformation.differences import Difference, difference
from mlaudit.emulator.cloudformation.functions import Scope
from mlaudit.emulator.cloudformation.records import Request, Stack, StackResource
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.cloudformation.works import Works
from mlaudit.emulator.errors import Refusal

USER = "User Initiated"


def create(call: Call, stack: Stack, on_failure: str) -> None:
    """Create everything that a stack asks for; go back, stay or vanish where that fails.

    Args:
        call: The request.
        stack: The stack.
        on_failure: ``ROLLBACK``, ``DELETE`` or ``DO_NOTHING``.
    """
    works = Works(call, stack)
    stack.turn(call, "CREATE_IN_PROGRESS", USER)
    try:
        _Arrival(works, stack.asked).everything()
    except Refusal as refusal:
        reason = _failures(works, "create", refusal)
        if on_failure == "DO_NOTHING":
            stack.turn(call, "CREATE_FAILED", reason)
        elif on_failure == "DELETE":
            delete(call, stack, reason=reason)
        else:
            _roll_back(works, reason)
        return
    stack.turn(call, "CREATE_COMPLETE")


def update(call: Call, stack: Stack, asked: Request, *, stay: bool) -> None:
    """Change what differs from what is asked, then remove what is left over.

    Args:
        call: The request.
        stack: The stack.
        asked: What it is asked to be.
        stay: Whether to stay where it fails; it goes back to what it was otherwise.
    """
    works = Works(call, stack)
    before = (stack.asked, stack.outputs, stack.imports)
    entries = [(each, each.entry) for each in stack.resources.values()]
    stack.updated, stack.asked = call.now, asked
    stack.turn(call, "UPDATE_IN_PROGRESS", USER)
    try:
        leaving = _Arrival(works, asked).everything()
    except Refusal as refusal:
        reason = _failures(works, "update", refusal)
        if stay:
            stack.turn(call, "UPDATE_FAILED", reason)
            return
        stack.asked, stack.outputs, stack.imports = before
        for resource, entry in entries:
            resource.entry = entry
        _return(works, reason)
        return
    stack.turn(call, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    _clean(works, leaving)
    stack.turn(call, "UPDATE_COMPLETE")


def delete(call: Call, stack: Stack, *, reason: str = USER, retained: Iterable[str] = ()) -> None:
    """Delete everything in a stack in the reverse order; stay where that fails.

    Args:
        call: The request.
        stack: The stack.
        reason: Why.
        retained: The logical ids of what is to be left alone.
    """
    works = Works(call, stack)
    stack.turn(call, "DELETE_IN_PROGRESS", reason)
    failed = _remove_all(works, keep={*retained, *_kept(stack)})
    if failed:
        text = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        stack.turn(call, "DELETE_FAILED", text)
        return
    stack.deleted = call.now
    stack.outputs, stack.imports = [], set()
    stack.turn(call, "DELETE_COMPLETE")


def replaces(found: Difference, resource: StackResource, entry: Record) -> bool:
    """Tell whether a new resource takes the place of one that differs."""
    if resource.type_name != entry["Type"] or found.replacement == "True":
        return True
    return bool(found.changed) and providers.provider(resource.type_name).replaced


def attribute(stack: Stack, logical_id: str, name: str) -> Any:
    """Return an attribute of a resource that exists, its physical id where none is named.

    Raises:
        Refusal: It has none.
    """
    resource = stack.resources.get(logical_id)
    if resource is None:
        raise invalid(
            f"Template format error: Unresolved resource dependencies [{logical_id}] in the "
            "Resources block of the template"
        )
    if not name:
        return resource.made.physical_id
    found = providers.provider(resource.type_name).attribute(resource.made, name)
    if found is None:
        raise invalid(f"Attribute '{name}' does not exist for resource {logical_id}")
    return f"{found:%Y-%m-%dT%H:%M:%SZ}" if isinstance(found, datetime) else found


@dataclass(frozen=True, slots=True)
class _Arrival:
    """The way forward: everything that a template asks for, in order."""

    works: Works
    asked: Request

    def everything(self) -> list[StackResource]:
        """Create and change everything; return what is left over.

        Raises:
            Refusal: Something could not be done.
        """
        stack = self.works.stack
        scope = scopes.scope(
            self.works.call, stack, self.asked, lambda *named: attribute(stack, *named)
        )
        entries = scopes.entries(scope)
        leaving = [each for name, each in stack.resources.items() if name not in entries]
        for resource in leaving:
            self._check_policy(resource, "Delete")
        for logical_id in references.ordered(entries):
            self._bring(scope, logical_id, entries[logical_id])
        wanted = exports.outputs(scope)
        exports.check(self.works.call, stack, wanted)
        stack.outputs, stack.imports = wanted, scope.imports
        return leaving

    def _bring(self, scope: Scope, logical_id: str, entry: Record) -> None:
        stack = self.works.stack
        asked = scopes.properties(scope, self.asked, stack, logical_id, entry)
        properties = scopes.dynamic(self.works.account, asked)
        resource = stack.resources.get(logical_id)
        if resource is None:
            self.works.create(logical_id, entry, properties)
            return
        schema = schemas.schema(resource.type_name)
        found = difference(schema, resource.made.properties, properties)
        if replaces(found, resource, entry):
            self._check_policy(resource, "Replace")
            if resource.type_name == entry["Type"]:
                self._check_name(resource, properties)
            self.works.create(logical_id, entry, properties)
        elif found.changed:
            self._check_policy(resource, "Modify")
            self.works.change(resource, entry, properties)
        else:
            resource.entry = entry

    def _check_policy(self, resource: StackResource, action: str) -> None:
        """Refuse what the policy of the stack does not allow."""
        text = self.asked.settings.get("policy", "")
        try:
            policies.check(text, action, resource.logical_id, resource.type_name)
        except Refusal as refusal:
            self.works.fail(resource, "UPDATE_FAILED", refusal)
            raise

    def _check_name(self, resource: StackResource, properties: Record) -> None:
        """Refuse to replace what has a name of its own: both cannot have it."""
        name = providers.provider(resource.type_name).only_name
        if name and properties.get(name) and properties[name] == resource.made.properties.get(name):
            refusal = invalid(
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {properties[name]} and update the stack again."
            )
            self.works.fail(resource, "UPDATE_FAILED", refusal)
            raise refusal


def _roll_back(works: Works, reason: str) -> None:
    stack = works.stack
    stack.turn(works.call, "ROLLBACK_IN_PROGRESS", f"{reason}Rollback requested by user.")
    kept = [
        each.logical_id
        for each in stack.resources.values()
        if each.entry.get("DeletionPolicy") == "Retain" and each.status == "CREATE_COMPLETE"
    ]
    if stack.asked.settings.get("RetainExceptOnCreate"):
        kept = []
    failed = _remove_all(works, keep=set(kept))
    stack.outputs, stack.imports = [], set()
    if failed:
        text = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        stack.turn(works.call, "ROLLBACK_FAILED", text)
        return
    stack.turn(works.call, "ROLLBACK_COMPLETE")


def _return(works: Works, reason: str) -> None:
    """Let everything be what it was before an update that failed."""
    stack = works.stack
    stack.turn(works.call, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
    stuck = [each[0].logical_id for each in reversed(works.changed) if not works.restore(*each)]
    if stuck:
        text = f"The following resource(s) failed to update: [{', '.join(stuck)}]. "
        stack.turn(works.call, "UPDATE_ROLLBACK_FAILED", text)
        return
    stack.turn(works.call, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    for resource in reversed(works.added):
        works.remove(resource)
        del stack.resources[resource.logical_id]
        before = works.replaced.get(resource.logical_id)
        if before is not None:
            stack.resources[resource.logical_id] = before
    stack.turn(works.call, "UPDATE_ROLLBACK_COMPLETE")


def _clean(works: Works, leaving: list[StackResource]) -> None:
    """Remove what an update has left over; what cannot be removed is no longer the stack's."""
    stack = works.stack
    gone = {each.logical_id: each for each in leaving}
    for logical_id in _backwards({**works.replaced, **gone}):
        old = works.replaced.get(logical_id) or gone[logical_id]
        policy = "UpdateReplacePolicy" if logical_id in works.replaced else "DeletionPolicy"
        if old.keeps(policy):
            works.skip(old)
        else:
            works.remove(old)
        if logical_id in gone:
            del stack.resources[logical_id]


def _remove_all(works: Works, keep: set[str]) -> list[str]:
    """Remove the resources of a stack in the reverse order; return which could not be.

    What one needs that could not be removed is left alone too.
    """
    stack = works.stack
    failed: list[str] = []
    needed: set[str] = set()
    for logical_id in _backwards(stack.resources):
        resource = stack.resources[logical_id]
        if logical_id in keep:
            works.skip(resource)
        elif logical_id in needed or not works.remove(resource):
            needed.update(references.needs(resource.entry))
            failed += [] if logical_id in needed else [logical_id]
            continue
        del stack.resources[logical_id]
    return failed


def _kept(stack: Stack) -> list[str]:
    return [each.logical_id for each in stack.resources.values() if each.keeps()]


def _backwards(resources: dict[str, StackResource]) -> list[str]:
    entries = {name: each.entry for name, each in resources.items()}
    return list(reversed(references.ordered(entries)))


def _failures(works: Works, what: str, refusal: Refusal) -> str:
    if not works.failed:
        return f"{refusal.message} "
    return f"The following resource(s) failed to {what}: [{', '.join(works.failed)}]. "
