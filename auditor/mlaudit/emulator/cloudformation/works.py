"""What a deployment does to single resources of a stack, each step written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import providers, schemas
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.records import Stack, StackResource, uuid
from mlaudit.emulator.cloudformation.resources import Made
from mlaudit.emulator.errors import Refusal

_LETTERS = str.maketrans("0123456789ABCDEF", "GHJKLMNPQRSTUVWX")
# What the handlers of the registry call the errors of services.
_CODES = (
    (re.compile(r"denied|unauthorized", re.IGNORECASE), "AccessDenied"),
    (re.compile(r"throttl|slowdown|toomany", re.IGNORECASE), "Throttling"),
    (re.compile(r"notfound|nosuch|notexist|missing", re.IGNORECASE), "NotFound"),
    (re.compile(r"exist|inuse|conflict|alreadyowned", re.IGNORECASE), "AlreadyExists"),
    (re.compile(r"invalid|validation|param|malformed|emulated", re.IGNORECASE), "InvalidRequest"),
)


@dataclass(slots=True)
class Works:
    """What was done to the resources of a stack, so that it can be undone.

    Attributes:
        call: The request.
        stack: The stack.
        added: What was created, also in the place of another one.
        replaced: What was there before, by logical id.
        changed: What was changed in place, and what it was before.
        failed: The logical ids of what could not be done.
    """

    call: Call
    stack: Stack
    added: list[StackResource] = field(default_factory=list)
    replaced: dict[str, StackResource] = field(default_factory=dict)
    changed: list[tuple[StackResource, Record, Record]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def account(self) -> Account:
        """The account it happens in."""
        return Account(self.call)

    def create(self, logical_id: str, entry: Record, properties: Record) -> None:
        """Create a resource; what was there before is remembered.

        Raises:
            Refusal: It could not be; what exists of it stays in the stack.
        """
        before = self.stack.resources.pop(logical_id, None)
        if before is not None:
            self.replaced[logical_id] = before
        made = Made(name=self._name(logical_id), properties=properties)
        resource = StackResource(logical_id, entry["Type"], entry, made)
        self.stack.resources[logical_id] = resource
        self.added.append(resource)
        self._turn(resource, "CREATE_IN_PROGRESS")
        try:
            check(entry["Type"], logical_id, properties)
            with readable(entry["Type"]):
                providers.provider(entry["Type"]).create(self.account, made, properties)
        except Refusal as refusal:
            self.fail(resource, "CREATE_FAILED", refusal)
            raise
        self._turn(resource, "CREATE_IN_PROGRESS", "Resource creation Initiated")
        self._turn(resource, "CREATE_COMPLETE")

    def change(self, resource: StackResource, entry: Record, properties: Record) -> None:
        """Change a resource in place.

        Raises:
            Refusal: It could not be.
        """
        self.changed.append((resource, resource.entry, resource.made.properties))
        self._turn(resource, "UPDATE_IN_PROGRESS")
        try:
            check(resource.type_name, resource.logical_id, properties)
            with readable(resource.type_name):
                provider = providers.provider(resource.type_name)
                provider.update(self.account, resource.made, properties)
        except Refusal as refusal:
            resource.made.properties = properties
            self.fail(resource, "UPDATE_FAILED", refusal)
            raise
        resource.entry = entry
        self._turn(resource, "UPDATE_COMPLETE")

    def remove(self, resource: StackResource) -> bool:
        """Delete a resource; tell whether it is gone."""
        self._turn(resource, "DELETE_IN_PROGRESS")
        try:
            if resource.made.physical_id:
                providers.provider(resource.type_name).delete(self.account, resource.made)
        except Refusal as refusal:
            self._turn(resource, "DELETE_FAILED", words(refusal))
            return False
        self._turn(resource, "DELETE_COMPLETE")
        return True

    def skip(self, resource: StackResource) -> None:
        """Leave a resource alone that outlives its place in the stack."""
        self._turn(resource, "DELETE_SKIPPED")

    def restore(self, resource: StackResource, entry: Record, properties: Record) -> bool:
        """Let a resource be again what it was; tell whether it is."""
        self._turn(resource, "UPDATE_IN_PROGRESS")
        try:
            providers.provider(resource.type_name).update(self.account, resource.made, properties)
        except Refusal as refusal:
            self._turn(resource, "UPDATE_FAILED", words(refusal))
            return False
        resource.entry = entry
        self._turn(resource, "UPDATE_COMPLETE")
        return True

    def fail(self, resource: StackResource, status: str, refusal: Refusal) -> None:
        """Write down why something could not be done."""
        self.failed.append(resource.logical_id)
        self._turn(resource, status, words(refusal))

    def _turn(self, resource: StackResource, status: str, reason: str = "") -> None:
        self.stack.turn_resource(self.call, resource, status, reason)

    def _name(self, logical_id: str) -> str:
        token = uuid(self.call, "name").replace("-", "")[:12].upper().translate(_LETTERS)
        return f"{self.stack.name}-{logical_id}-{token}"


def check(type_name: str, logical_id: str, properties: Record) -> None:
    """Refuse properties that the registry's schema of the type does not allow.

    Raises:
        Refusal: That is so.
    """
    objections = list(schemas.schema(type_name).objections(properties))
    if objections:
        told = "\n".join(objections)
        raise Refusal(
            "InvalidRequest", f"Properties validation failed for resource {logical_id}: {told}"
        )


@contextmanager
def readable(type_name: str) -> Iterator[None]:
    """Refuse properties that the schema allows and that make no sense to the type all the same.

    Raises:
        Refusal: The block could not read them.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        text = f"The properties of {type_name} cannot be read: {type(error).__name__}: {error}"
        raise Refusal("InvalidRequest", text) from error


def words(refusal: Refusal) -> str:
    """Return why something could not be done as the events of a stack say it."""
    code = next(
        (name for pattern, name in _CODES if pattern.search(refusal.code)),
        "GeneralServiceException",
    )
    return (
        f'Resource handler returned message: "{refusal.message} (Error Code: {refusal.code})" '
        f"(HandlerErrorCode: {code})"
    )
