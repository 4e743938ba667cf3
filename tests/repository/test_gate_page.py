"""What the page about the gate reckons and prints is what mlaudit reckons and takes."""

import json
import re
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest

from mlaudit.audit import ItemResult, Outcome, Scope
from mlaudit.catalog import catalogue
from mlaudit.gate import gate
from mlaudit.model import Status, Strength
from mlaudit.thresholds import DEFAULT_CAP_PERCENT, DEFAULT_PERCENT, DEFAULT_RULES, Target

CONTROL_LIMIT = 5120
"""The characters of a service control policy."""


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "gate.md").read_text("utf-8")


@pytest.fixture
def policy(root: Path) -> dict[str, Any]:
    text = (root / "docs" / "integrations" / "only-the-gate-approves.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def example(failing: int, unseen: int) -> list[ItemResult]:
    """The worked example: one of the group is complete, and five do not apply."""
    known = catalogue()
    (group,) = known.any_of
    others = [each for each in known.items if each.id not in group | known.floor]
    states = [Status.NOT_APPLICABLE] * 5 + [Status.NOT_ASSESSED] * unseen + [Status.FAIL] * failing
    status = dict(zip((each.id for each in others), states, strict=False))
    status |= dict.fromkeys(group, Status.FAIL) | {"7.4": Status.PASS}
    return [
        ItemResult(
            id=each.id,
            title=each.title,
            section=each.section,
            scope=Scope.WORKLOAD,
            status=status.get(each.id, Status.PASS),
            strength=Strength.EXERCISED,
            critical=False,
            summary="",
            observations=(),
            gaps=(),
        )
        for each in known.items
        if each.id != known.streaming_item
    ]


def test_the_worked_example_comes_out_as_it_says(page: str) -> None:
    decision = gate(example(failing=5, unseen=3), catalogue())
    assert f"> {decision.reasons[0]}" in page
    assert decision.outcome is Outcome.CANNOT_DECIDE
    assert "at best 56 of 61" in decision.reasons[1]
    assert gate(example(failing=5, unseen=1), catalogue()).outcome is Outcome.OPEN
    assert gate(example(failing=7, unseen=1), catalogue()).outcome is Outcome.CLOSED
    laxer = gate(example(failing=5, unseen=3), catalogue(), DEFAULT_RULES, Target.REALTIME)
    assert (laxer.outcome, laxer.needed) == (Outcome.OPEN, 49)


def test_the_table_has_the_default_of_every_target(page: str) -> None:
    (head,) = re.findall(r"\| asked \| of \| (.*) \|", page)
    (row,) = re.findall(r"\| complete, of what applies \| workload \| (.*) \|", page)
    told = dict(zip(head.split(" | "), row.split(" | "), strict=True))
    assert told == {each.value: f"{DEFAULT_PERCENT[each]} %" for each in Target}
    most = len(catalogue().items) * DEFAULT_CAP_PERCENT // 100
    assert f"at most {DEFAULT_CAP_PERCENT} % of the checklist ({most} items)" in page.replace(
        "\n", " "
    )


def test_nobody_but_one_role_may_approve(policy: dict[str, Any]) -> None:
    approving, switching_off = policy["Statement"]
    assert {each["Effect"] for each in policy["Statement"]} == {"Deny"}
    assert approving["Condition"]["StringEquals"] == {"sagemaker:ModelApprovalStatus": "Approved"}
    assert set(approving["Action"]) == {
        "sagemaker:CreateModelPackage",
        "sagemaker:UpdateModelPackage",
    }
    assert all("mlaudit-gate-" in each for each in switching_off["Resource"])
    assert len(json.dumps(policy)) <= CONTROL_LIMIT


@pytest.mark.slow
def test_iam_would_take_the_policy(policy: dict[str, Any]) -> None:
    resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Policy": resource}}
    found = cfnlint.api.lint_all(json.dumps(template))
    assert [str(match) for match in found if match.rule.id[0] != "I"] == []
