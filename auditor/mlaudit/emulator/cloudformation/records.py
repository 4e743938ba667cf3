"""What is kept of stacks, their resources and their history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation.parameters import Value
from mlaudit.emulator.cloudformation.resources import Made
from mlaudit.emulator.cloudformation.templates import Template, invalid
from mlaudit.emulator.errors import Refusal

KIND = "cloudformation:Stack"
TYPE = "AWS::CloudFormation::Stack"
REVIEW = "REVIEW_IN_PROGRESS"
DELETED = "DELETE_COMPLETE"
# Statuses of stacks that the model of the service does not let events tell.
_UNTOLD = ("_CLEANUP_IN_PROGRESS", REVIEW)


@dataclass(slots=True)
class StackResource:
    """One resource of a stack.

    Attributes:
        logical_id: Its name in the template.
        type_name: Its type.
        entry: What the template says of it, without the branches that are not taken.
        made: What was made of it.
        status: Its status, such as ``CREATE_COMPLETE``.
        reason: Why it has that status.
        at: Since when it has.
        drift: Whether it is still what it was made, as ``IN_SYNC``.
        drifted: When that was looked at.
        differences: What was different then.
    """

    logical_id: str
    type_name: str
    entry: Record
    made: Made
    status: str = ""
    reason: str = ""
    at: datetime | None = None
    drift: str = "NOT_CHECKED"
    drifted: datetime | None = None
    differences: list[Record] = field(default_factory=list)

    def keeps(self, policy: str = "DeletionPolicy") -> bool:
        """Tell whether it outlives its place in the stack."""
        return self.entry.get(policy) in {"Retain", "RetainExceptOnCreate", "Snapshot"}


@dataclass(slots=True)
class Request:
    """What a stack is asked to be.

    Attributes:
        template: The template.
        values: The values of its parameters by name.
        tags: The tags of the stack.
        capabilities: What was acknowledged.
        settings: What else the request says, such as who is notified.
    """

    template: Template
    values: Mapping[str, Value]
    tags: dict[str, str]
    capabilities: list[str]
    settings: Record


@dataclass(slots=True)
class Stack:
    """One stack, in what state it is, and how it came to be."""

    id: str
    name: str
    created: datetime
    asked: Request
    status: str = REVIEW
    reason: str = ""
    updated: datetime | None = None
    deleted: datetime | None = None
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: list[Record] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    events: list[Record] = field(default_factory=list)
    change_sets: dict[str, Record] = field(default_factory=dict)
    change_set: str = ""
    protected: bool = False
    policy: str = ""
    parent: str = ""
    root: str = ""
    drift: str = "NOT_CHECKED"
    drifted: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether it still exists."""
        return self.status != DELETED

    def turn(self, call: Call, status: str, reason: str = "") -> None:
        """Go into another status, and write that down."""
        self.status, self.reason = status, reason
        if not status.endswith(_UNTOLD):
            self._note(call, self.name, self.id, TYPE, (status, reason))

    def turn_resource(
        self, call: Call, resource: StackResource, status: str, reason: str = ""
    ) -> None:
        """Let a resource go into another status, and write that down."""
        resource.status, resource.reason, resource.at = status, reason, call.now
        self._note(
            call,
            resource.logical_id,
            resource.made.physical_id,
            resource.type_name,
            (status, reason),
        )

    def _note(
        self, call: Call, logical_id: str, physical_id: str, type_name: str, told: tuple[str, str]
    ) -> None:
        status, reason = told
        self.events.append(
            {
                "StackId": self.id,
                "StackName": self.name,
                "EventId": uuid(call, "event"),
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical_id,
                "ResourceType": type_name,
                "ResourceStatus": status,
                "ResourceStatusReason": reason or None,
                "Timestamp": call.now,
            }
        )


def stacks(call: Call) -> list[Stack]:
    """Return all stacks of an account and region, the oldest first."""
    return [row["stack"] for row in call.space.rows(KIND)]


def add(call: Call, stack: Stack) -> None:
    """Keep a new stack."""
    call.space.table(KIND)[stack.id] = {"stack": stack}


def remove(call: Call, stack: Stack) -> None:
    """Forget a stack that never became one."""
    del call.space.table(KIND)[stack.id]


def find(call: Call, name: str) -> Stack:
    """Return the stack of this name, or of this id even if it is deleted.

    Raises:
        Refusal: There is none.
    """
    for stack in reversed(stacks(call)):
        if name == stack.id or (name == stack.name and stack.active):
            return stack
    raise invalid(f"Stack with id {name} does not exist")


def named(call: Call, name: str) -> Stack | None:
    """Return the stack that exists under a name, None where there is none."""
    return next((each for each in stacks(call) if each.active and name == each.name), None)


def change_set(stack: Stack, name: str) -> Record:
    """Return a change set of a stack.

    Raises:
        Refusal: There is none of this name or id.
    """
    for row in stack.change_sets.values():
        if name in (row["ChangeSetId"], row["ChangeSetName"]):
            return row
    raise Refusal("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", status=404)


def uuid(call: Call, what: str) -> str:
    """Return an id of the form the service gives."""
    token = call.token(f"cloudformation {what}", 32)
    return "-".join((token[:8], token[8:12], token[12:16], token[16:20], token[20:]))
