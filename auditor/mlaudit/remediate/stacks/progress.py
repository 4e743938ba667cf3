"""What CloudFormation does to a stack, told while it goes on, and why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from mlaudit.remediate.change import Document, RefusedError
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.site import Site

_CONSEQUENCES = ("cancelled", "canceled", "Initiated", "The following resource(s) failed")
"""What reasons say that tell of other failures, not of their own."""

_ASKED = "User Initiated"
"""The reason of what a stack does first when somebody asks something of it."""

_VERBS = {
    "CREATE_COMPLETE": "made",
    "CREATE_FAILED": "NOT made",
    "DELETE_COMPLETE": "deleted",
    "DELETE_FAILED": "NOT deleted",
    "DELETE_SKIPPED": "kept by its template",
    "UPDATE_COMPLETE": "changed",
    "UPDATE_FAILED": "NOT changed",
}


@dataclass(slots=True)
class Watch:
    """What happens to a stack from now on.

    Attributes:
        stack: The ARN of the stack, which still names it when it is deleted.
        site: Where it is.
        seen: The event from which on everything is new; ``None`` where all is.
        events: What has happened since, oldest first.
    """

    stack: str
    site: Site
    seen: str | None
    events: list[Document] = field(default_factory=list)

    def end(self) -> tuple[str, str]:
        """Wait until CloudFormation is done, telling what it does; its status and the reason.

        Raises:
            NotReadyError: It is not done after hours.
            RefusedError: AWS does not tell.
        """
        return self.site.awaited(f"The stack {self.name}", self._look)

    @property
    def name(self) -> str:
        """The name of the stack."""
        return self.stack.split("/")[1]

    @property
    def reason(self) -> str:
        """The first thing that went wrong by itself, and not because something else did."""
        return first_reason(self.events[_begin(self.events) :])

    @property
    def kept(self) -> Sequence[Document]:
        """The events of what the template keeps when it goes, one for each resource.

        Deleting that is tried again does not skip again what it has skipped: all tries count.
        """
        since = self.events[_begin(self.events, but="DELETE") :]
        skipped = [each for each in since if each["ResourceStatus"] == "DELETE_SKIPPED"]
        return list({each.get("PhysicalResourceId"): each for each in skipped}.values())

    def _look(self) -> tuple[str, str] | None:
        # The status first: what is done then has all its events.
        (told,) = self.site.call(op.DESCRIBE_STACKS, StackName=self.stack)["Stacks"]
        self._hear()
        status = told["StackStatus"]
        if status.endswith("IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            return None
        return status, told.get("StackStatusReason", "").strip()

    def _hear(self) -> None:
        listed = self.site.each(op.DESCRIBE_EVENTS, StackName=self.stack)
        new = list(takewhile(lambda each: each["EventId"] != self.seen, listed))
        for each in reversed(new):
            self.seen = each["EventId"]
            self.events.append(each)
            if line := _line(each):
                self.site.tell(line)


def watch(stack: str, site: Site, *, anew: bool = True) -> Watch:
    """Watch a stack from now on, or from its beginning.

    Raises:
        RefusedError: AWS does not tell.
    """
    if not anew:
        return Watch(stack, site, None)
    try:
        newest = next(site.each(op.DESCRIBE_EVENTS, StackName=stack), None)
    except RefusedError as error:
        if error.code != "ValidationError":  # a name that is not taken yet has no events
            raise
        newest = None
    return Watch(stack, site, newest["EventId"] if newest else None)


def _begin(events: Sequence[Document], but: str = " ") -> int:
    """Where the last thing begins that somebody asked of a stack, but for one kind of thing."""
    for number in reversed(range(len(events))):
        each = events[number]
        if (
            _is_of_stack(each)
            and each.get("ResourceStatusReason") == _ASKED
            and not each["ResourceStatus"].startswith(but)
        ):
            return number
    return 0


def first_reason(events: Iterable[Document]) -> str:
    """Why a stack failed, by its events, oldest first; empty when none tells."""
    for each in events:
        reason = each.get("ResourceStatusReason") or ""
        failed = "FAILED" in each["ResourceStatus"] or "ROLLBACK_IN" in each["ResourceStatus"]
        if failed and reason and not any(one in reason for one in _CONSEQUENCES):
            return f"{_what(each)}: {reason.strip()}"
    return ""


def _line(event: Document) -> str:
    """What to say of an event; only what has come to an end is worth a line."""
    verb = _VERBS.get(event["ResourceStatus"])
    if verb is None or _is_of_stack(event):
        return ""
    reason = event.get("ResourceStatusReason") or ""
    because = f": {reason.strip()}" if "NOT" in verb and reason else ""
    return f"{event['StackName']}: {_what(event)} {verb}{because}"


def _what(event: Document) -> str:
    if _is_of_stack(event):
        return "the stack"
    return f"{event['LogicalResourceId']} ({event['ResourceType']})"


def _is_of_stack(event: Document) -> bool:
    return bool(event.get("PhysicalResourceId") == event["StackId"])
