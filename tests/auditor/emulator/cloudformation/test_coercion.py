"""Properties of templates become parameters of operations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.emulator.cloudformation import coercion, operations
from mlaudit.emulator.errors import Refusal

TAGS = [{"Key": "a", "Value": "b"}]


def member(service: str, operation: str, name: str, value: Any) -> Any:
    """Return what one member of an operation becomes."""
    return operations.exactly(service, operation, {name: value})


COERCED: list[tuple[str, str, str, Any, Any]] = [
    ("logs", "PutRetentionPolicy", "RetentionInDays", "30", {"retentionInDays": 30}),
    ("lambda", "CreateFunction", "Publish", "true", {"Publish": True}),
    ("lambda", "CreateFunction", "Publish", False, {"Publish": False}),
    ("cloudwatch", "PutMetricAlarm", "Threshold", "0.5", {"Threshold": 0.5}),
    ("iam", "CreateRole", "AssumeRolePolicyDocument", {"a": [1]},
     {"AssumeRolePolicyDocument": '{"a": [1]}'}),
    ("iam", "CreateRole", "Tags", TAGS, {"Tags": TAGS}),
    ("iam", "CreateRole", "Tags", {"a": "b"}, {"Tags": TAGS}),
    ("kms", "CreateKey", "Tags", TAGS, {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
    ("lambda", "CreateFunction", "Tags", TAGS, {"Tags": {"a": "b"}}),
    ("codebuild", "CreateProject", "Tags", TAGS, {"tags": [{"key": "a", "value": "b"}]}),
    ("sqs", "CreateQueue", "Attributes", {"DelaySeconds": 5, "FifoQueue": True},
     {"Attributes": {"DelaySeconds": "5", "FifoQueue": "true"}}),
    ("cloudwatch", "DeleteAlarms", "AlarmNames", "one", {"AlarmNames": ["one"]}),
    ("lambda", "UpdateFunctionCode", "ZipFile", "text", {"ZipFile": b"text"}),
    ("scheduler", "CreateSchedule", "StartDate", "2026-01-02T03:04:05Z",
     {"StartDate": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ("batch", "CreateJobQueue", "ComputeEnvironmentOrder",
     [{"Order": "1", "ComputeEnvironment": 2}],
     {"computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "2"}]}),
    ("iam", "CreateRole", "Colour", "red", {}),
    ("iam", "CreateRole", "Path", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "name", "value", "expected"), COERCED)
def test_a_property_becomes_a_parameter(
    service: str, operation: str, name: str, value: Any, expected: Any
) -> None:
    assert member(service, operation, name, value) == expected


REFUSED: list[tuple[str, str, str, Any, str]] = [
    ("lambda", "CreateFunction", "Timeout", "long", "'long' of the property Timeout is no integer"),
    ("lambda", "CreateFunction", "Publish", "maybe", "is no boolean"),
    ("lambda", "CreateFunction", "VpcConfig", "vpc", "is no structure"),
    ("lambda", "CreateFunction", "Tags", "tag", "is no map"),
    ("lambda", "CreateFunction", "VpcConfig", {"Colour": 1}, "the property VpcConfig.Colour"),
    ("iam", "CreateRole", "Tags", [{"Key": "a"}], "needs a Key and a Value"),
]


@pytest.mark.parametrize(("service", "operation", "name", "value", "message"), REFUSED)
def test_what_cannot_be_given_is_refused(
    service: str, operation: str, name: str, value: Any, message: str
) -> None:
    with pytest.raises(Refusal, match=message):
        member(service, operation, name, value)


def test_names_compare_however_they_are_spelled() -> None:
    shape = operations.shape_of("kms", "CreateKey")
    assert shape is not None
    assert coercion.member(shape, "policy") == "Policy"
    assert coercion.member(shape, "colour") is None


def test_only_what_is_asked_for_is_offered() -> None:
    known = {"roleName": "a", "RoleName": "b", "Path": "/", "Description": "c"}
    params, taken = operations.offered("iam", "CreateRole", known, ["Path"])
    assert params == {"RoleName": "b", "Path": "/"}
    assert taken == {"roleName", "RoleName", "Path"}


def test_a_wrapped_answer_is_flattened_and_a_list_of_things_is_not() -> None:
    assert operations.flat({"Role": {"Arn": "a"}}) == {"Role": {"Arn": "a"}, "Arn": "a"}
    three = {"A": {"x": 1}, "B": {"x": 2}, "C": 3}
    assert operations.flat(three) == three
