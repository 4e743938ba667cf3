"""What CloudFormation may do is what AWS says it calls, and not more than a role can hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import permissions

Make = Callable[..., Manifest]

ENDPOINT = "AWS::SageMaker::Endpoint"
MANY = (
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::DynamoDB::Table",
    ENDPOINT,
)


@pytest.mark.parametrize(
    "kind", [ENDPOINT, "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::Events::Rule", "AWS::KMS::Alias"]
)
@pytest.mark.parametrize("verb", permissions.MAKE)
def test_actions_are_those_that_the_registry_names(kind: str, verb: str) -> None:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
    said = handlers.get(verb, {}).get("permissions", ())
    assert permissions.actions([kind], [verb]) == frozenset(said)


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        permissions.actions(["AWS::Nothing::Here"], permissions.MAKE)


def policies(manifest: Manifest, *kinds: str) -> list[dict[str, Any]]:
    calls = permissions.actions(kinds, permissions.MAKE)
    made = permissions.cloudformation_role(manifest, "Role", calls, "tests")
    return [
        each["Properties"]["PolicyDocument"]
        for each in made.values()
        if each["Type"] == "AWS::IAM::ManagedPolicy"
    ]


def test_many_permissions_are_spread_over_policies_that_iam_takes(make: Make) -> None:
    found = policies(make(), *MANY)
    assert len(found) > 1
    for each in found:
        assert len(json.dumps(each, separators=(",", ":"))) <= permissions.POLICY_LIMIT
    granted = {action for each in found for one in each["Statement"] for action in one["Action"]}
    assert granted == permissions.actions(MANY, permissions.MAKE)


def test_roles_are_passed_only_if_they_are_the_system_s_own(make: Make) -> None:
    (statement,) = [
        one
        for each in policies(make(), *MANY)
        for one in each["Statement"]
        if one["Action"] == [permissions.PASS]
    ]
    (own,) = statement["Resource"]
    assert own["Fn::Sub"].endswith(":role/consumer-credit-*")
    assert "iam:PassedToService" in statement["Condition"]["StringEquals"]


@pytest.mark.parametrize(
    ("action", "ends"),
    [
        ("s3:DeleteBucket", ":s3:::consumer-credit-*"),
        ("sqs:DeleteQueue", ":consumer-credit*"),
        ("states:DeleteStateMachine", ":stateMachine:consumer-credit*"),
    ],
)
def test_what_has_a_name_is_limited_by_it(make: Make, action: str, ends: str) -> None:
    (statement,) = permissions.statements(make(), [action])
    (resource,) = statement["Resource"]
    assert resource["Fn::Sub"].endswith(ends)


TYPES = tuple(
    json.loads((files("mlaudit_reference") / "templates" / "handlers.json").read_text("utf-8"))
)


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_is_granted_that_the_registry_does_not_name(kind: str) -> None:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
    for verb in permissions.MAKE:
        said = {each.lower() for each in handlers.get(verb, {}).get("permissions", ())}
        granted = permissions.actions([kind], [verb])
        assert {each.lower() for each in granted} <= said, verb
        assert granted or verb not in {"create", "delete"}, verb
