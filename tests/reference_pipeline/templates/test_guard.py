"""Money and time that run out are told, and what has run out of time is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import expiry, guard
from mlaudit_reference.templates.stacks import stacks_of, template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]


def test_the_budget_sees_what_carries_the_tag_of_the_system(make: Make, resources: Read) -> None:
    manifest = make(budget={"monthly_usd": 80})
    (made,) = resources(guard.STACK, manifest, "AWS::Budgets::Budget").values()
    assert made["Budget"]["BudgetLimit"] == {"Amount": 80, "Unit": "USD"}
    tags = made["Budget"]["CostFilters"]["TagKeyValue"]
    assert tags == ["user:mlaudit:workload$consumer-credit"]
    told = [each["Notification"]["Threshold"] for each in made["NotificationsWithSubscribers"]]
    assert {80, 100} == set(told)


@pytest.mark.parametrize(("days", "wanted"), [(None, False), (14, True)])
def test_nothing_expires_unless_it_is_said(make: Make, days: int | None, *, wanted: bool) -> None:
    assert (expiry.STACK in stacks_of(make(budget={"ttl_days": days}))) == wanted


def test_the_end_holds_on_to_nothing_that_has_to_go(make: Make) -> None:
    made = template(expiry.STACK, make(profile="demo"))
    assert "ImportValue" not in str(made)


def test_stacks_go_in_the_opposite_order(make: Make, definition: Read) -> None:
    manifest = make(profile="demo")
    going = definition(expiry.STACK, manifest, "Expiry")["States"]["Stacks"]["Items"]
    deployed = [f"consumer-credit-{stack.name}" for stack in stacks_of(manifest)]
    assert going == [name for name in reversed(deployed) if name != "consumer-credit-expiry"]


def test_the_machine_deletes_these_stacks_and_no_other(make: Make, resources: Read) -> None:
    manifest = make(profile="demo")
    role = resources(expiry.STACK, manifest, "AWS::IAM::Role")["ExpiryRole"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    (deletes,) = [each for each in statements if "cloudformation:DeleteStack" in each["Action"]]
    allowed = {each["Fn::Sub"].rpartition(":")[2] for each in deletes["Resource"]}
    stacks = {f"stack/consumer-credit-{each.name}/*" for each in stacks_of(manifest)}
    assert allowed == stacks - {"stack/consumer-credit-expiry/*"}


def test_buckets_are_emptied_only_if_nothing_is_to_be_kept(make: Make) -> None:
    for retain in (True, False):
        made = template(expiry.STACK, make(profile="demo", data={"retain": retain}))
        assert ("s3:DeleteObjectVersion" in str(made)) == (not retain)


def described(status: str) -> dict[str, Any]:
    return {"Stacks": [{"StackId": "arn:stack", "StackStatus": status}]}


@pytest.fixture
def expire(make: Make, definition: Read, play: Read) -> Read:
    """Play the end of a system; answers are by states."""

    def expire(**answers: list[Any]) -> dict[str, Any]:
        machine = definition(expiry.STACK, make(profile="demo"), "Expiry")
        machine["States"]["Stacks"]["Items"] = ["consumer-credit-training", "consumer-credit-x"]
        spelled = {name.replace("_", " "): some for name, some in answers.items()}
        return play(machine, {}, spelled)

    return expire


BUCKET = {"ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": "bucket"}
PAGE = {
    "Versions": [{"Key": "a", "VersionId": "1"}],
    "DeleteMarkers": [{"Key": "b", "VersionId": "2"}],
}
EMPTY: dict[str, Any] = {"Name": "bucket"}


@pytest.mark.jsonata
def test_everything_is_emptied_and_deleted(expire: Read) -> None:
    told = expire(
        Look=[described("CREATE_COMPLETE")],
        Buckets=[{"StackResources": []}, {"StackResources": [BUCKET, {"ResourceType": "X"}]}],
        List=[PAGE, EMPTY],
        List_versions=[
            {
                "ModelPackageSummaryList": [
                    {"ModelPackageArn": "arn:1"},
                    {"ModelPackageArn": "arn:2"},
                ]
            },
            {"ModelPackageSummaryList": []},
        ],
        See=[described("DELETE_IN_PROGRESS"), described("DELETE_COMPLETE")],
    )
    assert told["status"] == "SUCCEEDED"
    called: dict[str, list[Any]] = {}
    for call in told["calls"]:
        called.setdefault(call["state"], []).append(call["arguments"])
    assert [each["ModelPackageName"] for each in called["Delete version"]] == ["arn:1", "arn:2"]
    (objects,) = called["Delete objects"]
    assert [each["Key"] for each in objects["Delete"]["Objects"]] == ["a", "b"]
    assert len(called["Delete"]) == 2


@pytest.mark.jsonata
def test_what_is_not_there_is_gone_already(expire: Read) -> None:
    gone = {"error": "CloudFormation.CloudFormationException", "cause": "Stack does not exist"}
    told = expire(Look=[gone])
    assert told["status"] == "SUCCEEDED"
    assert "Delete" not in told["visited"]


@pytest.mark.jsonata
@pytest.mark.parametrize(
    "answers",
    [
        {"Look": [{"error": "CloudFormation.CloudFormationException", "cause": "denied"}]},
        {"Look": [described("X")], "See": [described("DELETE_FAILED")]},
    ],
)
def test_what_could_not_be_deleted_is_a_failure(expire: Read, answers: dict[str, Any]) -> None:
    empty: dict[str, Any] = {
        "Buckets": [{"StackResources": []}],
        "List_versions": [{"ModelPackageSummaryList": []}],
    }
    assert expire(**{**empty, **answers})["status"] == "FAILED"
