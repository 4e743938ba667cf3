"""Log groups: whether they hold anything, and what of them is not altered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Document, RefusedError
from mlaudit.remediate.settings import SETTINGS

GROUP = SETTINGS["logs.group"]
KEY = {"logGroupName": "/ml"}


def test_a_group_with_a_stream_holds_data(ask: Ask, client: Callable[[str], Any]) -> None:
    logs = client("logs")
    assert not GROUP.holds_data(KEY, ask)
    logs.create_log_group(**KEY)
    assert not GROUP.holds_data(KEY, ask)
    logs.create_log_stream(**KEY, logStreamName="one")
    assert GROUP.holds_data(KEY, ask)


def test_a_group_whose_name_starts_alike_is_another(ask: Ask, client: Callable[[str], Any]) -> None:
    client("logs").create_log_group(logGroupName="/batch/jobs")
    assert GROUP.read({"logGroupName": "/batch"}, ask) is None


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("kmsKeyId", "arn:aws:kms:us-east-1:123456789012:key/1"),
        ("logGroupClass", "INFREQUENT_ACCESS"),
        ("deletionProtectionEnabled", True),
    ],
)
def test_what_a_group_is_made_with_stays(member: str, value: object) -> None:
    (call,) = GROUP.calls(KEY, None, {member: value})
    assert call.params == {**KEY, member: value}
    with pytest.raises(MlauditError, match=f"The {member} of the log group /ml stays"):
        GROUP.calls(KEY, {}, {member: value})
    (kept,) = GROUP.calls(KEY, {member: value}, {member: value, "retentionInDays": 30})
    assert kept.operation == "PutRetentionPolicy"


def test_a_class_that_is_usual_is_no_difference() -> None:
    assert not GROUP.calls(KEY, {"logGroupClass": "STANDARD"}, {})


def test_the_group_may_be_there_when_its_retention_is_tried_again() -> None:
    create, keep = GROUP.calls(KEY, None, {"retentionInDays": 30})
    assert create.already == ("ResourceAlreadyExistsException",)
    assert not keep.already


def test_a_group_whose_tags_cannot_be_found_is_not_gone() -> None:
    def answer(service: str, operation: str, _: Document) -> Document:
        if operation == "DescribeLogGroups":
            return {"logGroups": [{"logGroupName": "/ml", "arn": "arn:aws:logs:::/ml:*"}]}
        raise RefusedError(service, operation, "ResourceNotFoundException", "It is gone.")

    with pytest.raises(RefusedError, match="It is gone"):
        GROUP.read(KEY, answer)
