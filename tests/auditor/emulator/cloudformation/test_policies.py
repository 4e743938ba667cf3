"""Stack policies keep updates from what they must not touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator.cloudformation import policies
from mlaudit.emulator.errors import Refusal

TEMPLATE = """
Resources:
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: a}}
"""
OPEN = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements)})


def denied(**members: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "*", **members}


LOGS = "LogicalResourceId/Logs"
CASES: list[tuple[str, str, bool]] = [
    ("", "Modify", True),
    (policy(OPEN), "Modify", True),
    (policy(denied()), "Modify", False),
    (policy(OPEN, denied(Resource=LOGS)), "Modify", False),
    (policy(OPEN, denied(Resource="LogicalResourceId/Top*")), "Modify", True),
    (policy(OPEN, denied(Action="Update:Replace")), "Modify", True),
    (policy(OPEN, denied(Action=["Update:Replace", "Update:Delete"])), "Replace", False),
    (policy(OPEN, denied(NotAction="Update:Modify")), "Modify", True),
    (policy(OPEN, denied(NotResource=LOGS)), "Delete", True),
    (policy({**OPEN, "Resource": "LogicalResourceId/Topic"}), "Modify", False),
    (policy(OPEN, denied(Condition={"StringEquals": {"ResourceType": ["AWS::SNS::Topic"]}})),
     "Modify", True),
    (policy(OPEN, denied(Condition={"StringLike": {"ResourceType": "AWS::Logs::*"}})),
     "Modify", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "action", "allowed"), CASES)
def test_a_policy_allows_or_denies(text: str, action: str, allowed: bool) -> None:  # noqa: FBT001 - a table
    if allowed:
        policies.check(text, action, "Logs", "AWS::Logs::LogGroup")
    else:
        with pytest.raises(Refusal, match="Action denied by stack policy"):
            policies.check(text, action, "Logs", "AWS::Logs::LogGroup")


def test_an_update_that_is_denied_goes_back(stacks: Any) -> None:
    stacks.create(TEMPLATE, StackPolicyBody=policy(OPEN, denied(Resource=LOGS)))
    changed = TEMPLATE.replace("DisplayName: a", "DisplayName: b")
    assert stacks.update(changed) == "UPDATE_COMPLETE"
    more = changed.replace("RetentionInDays: 7", "RetentionInDays: 30")
    assert stacks.update(more) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Action denied by stack policy" in stacks.reasons()["Logs"]
    during = policy(OPEN)
    assert stacks.update(more, StackPolicyDuringUpdateBody=during) == "UPDATE_COMPLETE"
    less = "\n".join(line for line in more.splitlines() if "Logs:" not in line)
    assert stacks.update(less) == "UPDATE_ROLLBACK_COMPLETE"
    assert set(stacks.ids()) == {"Logs", "Topic"}


def test_a_policy_is_set_and_told(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    assert "StackPolicyBody" not in stacks.client.get_stack_policy(StackName="demo")
    stacks.client.set_stack_policy(StackName="demo", StackPolicyBody=policy(OPEN))
    told = stacks.client.get_stack_policy(StackName="demo")["StackPolicyBody"]
    assert json.loads(told) == {"Statement": [OPEN]}
    for wrong in ("x", "{}", policy({"Effect": "Perhaps"}), policy({**OPEN, "Colour": "red"})):
        with pytest.raises(ClientError, match="Invalid stack policy"):
            stacks.client.set_stack_policy(StackName="demo", StackPolicyBody=wrong)
