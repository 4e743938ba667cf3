"""The template is one that CloudFormation takes, and grants no more than the handlers need."""

from __future__ import annotations

import importlib
import json
from typing import Any

import cfnlint.api
import pytest

from mlaudit.collect.plan import declared_operations
from mlaudit.enforcement.template import template
from mlaudit.thresholds import Target

POLICY_LIMIT = 6144
"""The characters of a managed policy, white space left out."""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(template())
    return document


def statements(made: dict[str, Any], role: str) -> list[dict[str, Any]]:
    policies = made["Resources"][role]["Properties"]["Policies"]
    return [each for one in policies for each in one["PolicyDocument"]["Statement"]]


@pytest.mark.slow
def test_cloudformation_would_take_it() -> None:
    found = cfnlint.api.lint_all(template())
    # Its list of IAM actions is older than some that are read; notes are no findings.
    told = [match for match in found if match.rule.id[0] != "I" and match.rule.id != "W3037"]
    assert [str(match) for match in told] == []


def test_it_may_read_what_a_scan_reads(made: dict[str, Any]) -> None:
    policy = made["Resources"]["Reads"]["Properties"]["PolicyDocument"]
    (statement,) = policy["Statement"]
    assert set(statement["Action"]) == {each.iam_action for each in declared_operations()}
    assert len(json.dumps(policy, separators=(",", ":"))) <= POLICY_LIMIT


@pytest.mark.parametrize("role", ["GateRole", "CloseRole"])
def test_it_may_change_nothing_but_take_approvals_back(made: dict[str, Any], role: str) -> None:
    granted = {
        action: each
        for each in statements(made, role)
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert not any("*" in action for action in granted)
    assert {each for each in granted if each.startswith("sagemaker:Update")} == {
        "sagemaker:UpdateModelPackage"
    }
    told = granted["sagemaker:UpdateModelPackage"]["Condition"]["StringEquals"]
    assert "Approved" not in told["sagemaker:ModelApprovalStatus"]
    assert "*" not in [each["Resource"] for each in statements(made, role)]


@pytest.mark.parametrize("function", ["Gate", "Close"])
def test_its_functions_are_there(made: dict[str, Any], function: str) -> None:
    module, _, name = made["Resources"][function]["Properties"]["Handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ({}, True),
        ({"source": "aws.s3"}, False),
        ({"detail-type": "SageMaker Model State Change"}, False),
        ({"detail": {"ModelApprovalStatus": "Rejected"}}, False),
        ({"detail": {"ModelApprovalStatus": "PendingManualApproval"}}, False),
    ],
)
def test_it_hears_of_approvals_alone(
    made: dict[str, Any],
    changes: dict[str, Any],
    heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    pattern = made["Resources"]["Approved"]["Properties"]["EventPattern"]
    event = {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "detail": {"ModelPackageGroupName": "fraud", "ModelApprovalStatus": "Approved"},
    }
    assert matches(pattern, {**event, **changes}) is heard


def matches(pattern: Any, found: Any) -> bool:
    """Whether an event has one of the values at each place that a pattern names."""
    if isinstance(pattern, list):
        return found in pattern
    return all(matches(each, found.get(name, {})) for name, each in pattern.items())


def test_what_never_finishes_is_closed(made: dict[str, Any]) -> None:
    queue = {"Fn::GetAtt": ["Unfinished", "Arn"]}
    resources = made["Resources"]
    (target,) = resources["Approved"]["Properties"]["Targets"]
    calls = resources["GateCalls"]["Properties"]
    assert target["DeadLetterConfig"]["Arn"] == queue
    assert calls["DestinationConfig"]["OnFailure"]["Destination"] == queue
    assert calls["MaximumRetryAttempts"] == 0
    assert resources["CloseCalls"]["Properties"]["EventSourceArn"] == queue


def test_every_target_can_be_judged_for(made: dict[str, Any]) -> None:
    assert made["Parameters"]["Target"]["AllowedValues"] == [each.value for each in Target]
