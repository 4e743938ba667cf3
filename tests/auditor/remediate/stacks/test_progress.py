"""Why a stack failed, and what of it stays, is read from its events."""

from collections.abc import Sequence
from typing import Any

import pytest

from mlaudit.remediate.change import Document
from mlaudit.remediate.stacks.progress import Watch, first_reason, watch
from mlaudit.remediate.stacks.site import Site

STACK = "arn:aws:cloudformation:us-east-1:1:stack/demo/0"
ASKED = "User Initiated"


def event(status: str, name: str = "demo", reason: str = "", **more: Any) -> Document:
    id_ = STACK if name == "demo" else f"{name}-id"
    return {
        "EventId": f"{name}-{status}-{reason}",
        "StackId": STACK,
        "StackName": "demo",
        "LogicalResourceId": name,
        "PhysicalResourceId": id_,
        "ResourceType": "AWS::X::Y",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        **more,
    }


def watched(*events: Document, status: str = "CREATE_COMPLETE") -> tuple[Watch, list[str]]:
    """A watch that has heard some events, oldest first, and what it told."""

    def ask(_service: str, operation: str, _params: Document) -> Document:
        if operation == "DescribeStacks":
            return {"Stacks": [{"StackStatus": status}]}
        return {"StackEvents": list(reversed(events))}

    told: list[str] = []
    seen = Watch(STACK, Site("us-east-1", ask, told.append), None)
    seen.end()
    return seen, told


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([], ""),
        ([event("CREATE_FAILED", "A", "no quota ")], "A (AWS::X::Y): no quota"),
        (
            [
                event("CREATE_FAILED", "B", "Resource creation cancelled"),
                event("CREATE_FAILED", "A", "no quota"),
            ],
            "A (AWS::X::Y): no quota",
        ),
        (
            [
                event("CREATE_FAILED", "A", "no quota"),
                event("CREATE_FAILED", "B", "no room"),
            ],
            "A (AWS::X::Y): no quota",
        ),
        (
            [
                event("ROLLBACK_IN_PROGRESS", reason="The following resource(s) failed to create"),
                event("DELETE_FAILED", "A", "it is in use"),
            ],
            "A (AWS::X::Y): it is in use",
        ),
        (
            [event("ROLLBACK_IN_PROGRESS", reason="No export named x")],
            "the stack: No export named x",
        ),
        ([event("CREATE_COMPLETE", "A", "fine")], ""),
    ],
)
def test_the_first_reason_is_the_real_one(events: Sequence[Document], reason: str) -> None:
    assert first_reason(events) == reason


def test_reasons_of_earlier_changes_are_over() -> None:
    seen, _ = watched(
        event("CREATE_IN_PROGRESS", reason=ASKED),
        event("UPDATE_FAILED", "A", "long ago"),
        event("UPDATE_IN_PROGRESS", reason=ASKED),
        event("UPDATE_FAILED", "B", "now"),
    )
    assert seen.reason == "B (AWS::X::Y): now"


def test_what_is_kept_is_told_once_for_all_tries_of_deleting() -> None:
    seen, _ = watched(
        event("DELETE_SKIPPED", "A"),
        event("CREATE_IN_PROGRESS", reason=ASKED),
        event("DELETE_IN_PROGRESS", reason=ASKED),
        event("DELETE_SKIPPED", "B"),
        event("DELETE_IN_PROGRESS", reason=ASKED),
        event("DELETE_SKIPPED", "B"),
        event("DELETE_SKIPPED", "C"),
    )
    assert [each["LogicalResourceId"] for each in seen.kept] == ["B", "C"]


def test_what_has_come_to_an_end_is_told() -> None:
    _, told = watched(
        event("CREATE_IN_PROGRESS", reason=ASKED),
        event("CREATE_IN_PROGRESS", "A"),
        event("CREATE_COMPLETE", "A"),
        event("CREATE_FAILED", "B", "no quota"),
        event("DELETE_SKIPPED", "A"),
        event("ROLLBACK_COMPLETE"),
    )
    assert told == [
        "demo: A (AWS::X::Y) made",
        "demo: B (AWS::X::Y) NOT made: no quota",
        "demo: A (AWS::X::Y) kept by its template",
    ]


def test_only_what_is_new_is_told() -> None:
    events = [event("CREATE_COMPLETE", "A")]
    told: list[str] = []

    def ask(_service: str, operation: str, _params: Document) -> Document:
        if operation == "DescribeStacks":
            return {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}
        return {"StackEvents": list(reversed(events))}

    seen = watch(STACK, Site("us-east-1", ask, told.append))
    events.append(event("UPDATE_COMPLETE", "B"))
    assert seen.end() == ("CREATE_COMPLETE", "")
    assert told == ["demo: B (AWS::X::Y) changed"]
