"""A version serves everywhere or nowhere, and only if somebody else than its author approved it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.promotion import CHANGED, STACK

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

NEW, OLD = (f"arn:aws:sagemaker:eu-west-1:1:model-package/consumer-credit/{n}" for n in (2, 1))
GONE = {"error": "CloudFormation.CloudFormationException", "cause": "Stack x does not exist"}


def test_only_an_approval_in_the_own_group_sets_it_off(make: Make, resources: Read) -> None:
    rules = resources(STACK, make(), "AWS::Events::Rule")
    detail = rules["OnApproval"]["EventPattern"]["detail"]
    assert detail == {
        "ModelPackageGroupName": ["consumer-credit"],
        "ModelApprovalStatus": ["Approved"],
    }


def statements(make: Make, resources: Read, role: str) -> list[dict[str, Any]]:
    found = resources(STACK, make(), "AWS::IAM::Role")[role]
    listed: list[dict[str, Any]] = found["Policies"][0]["PolicyDocument"]["Statement"]
    return listed


def test_promotion_can_approve_nothing_itself(make: Make, resources: Read) -> None:
    (denied,) = [
        each for each in statements(make, resources, "PromotionRole") if each["Effect"] == "Deny"
    ]
    assert denied["Action"] == "sagemaker:UpdateModelPackage"
    assert denied["Condition"] == {"Null": {"sagemaker:ModelApprovalStatus": "false"}}


def test_promotion_changes_no_stacks_but_those_that_serve(make: Make, resources: Read) -> None:
    (update,) = [
        each
        for each in statements(make, resources, "PromotionRole")
        if "cloudformation:UpdateStack" in each["Action"]
    ]
    allowed = [each["Fn::Sub"].rpartition("stack/")[2] for each in update["Resource"]]
    assert allowed == ["consumer-credit-monitoring/*", "consumer-credit-serving-*/*"]


def test_what_changes_stacks_can_make_no_role_and_no_bucket(make: Make, resources: Read) -> None:
    policies = resources(STACK, make(), "AWS::IAM::ManagedPolicy")
    granted = {
        action
        for each in policies.values()
        for statement in each["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }
    assert "sagemaker:UpdateEndpoint" in granted
    assert {each for each in granted if each.startswith("iam:")} == {"iam:PassRole"}
    assert not any(each.startswith("s3:Create") for each in granted)
    assert "AWS::IAM::Role" not in CHANGED


def test_the_runbook_starts_the_same_machine(make: Make, resources: Read) -> None:
    (runbook,) = resources(STACK, make(), "AWS::SSM::Document").values()
    assert runbook["DocumentType"] == "Automation"
    start = runbook["Content"]["mainSteps"][1]["inputs"]
    assert "stateMachine:consumer-credit-promotion" in json.dumps(start["stateMachineArn"])
    assert json.loads(start["input"]) == {"package": "{{ ModelPackageArn }}"}


def who(principal: str) -> dict[str, Any]:
    return {"IamIdentity": {"PrincipalId": principal, "Arn": f"arn:aws:iam::1:role/{principal}"}}


def version(**said: Any) -> dict[str, Any]:
    folder = "s3://artifacts/training"
    baselines = {
        "ModelDataQuality": {"Statistics": {"S3Uri": f"{folder}/baseline/statistics.json"}},
        "Explainability": {"Constraints": {"S3Uri": f"{folder}/moved/analysis.json"}},
    }
    return {
        "ModelPackageArn": NEW,
        "ModelApprovalStatus": "Approved",
        "CreatedBy": who("pipeline"),
        "LastModifiedBy": who("person"),
        "DriftCheckBaselines": baselines,
        "InferenceSpecification": {"Containers": [{"ModelDataUrl": f"{folder}/model.tar.gz"}]},
        **said,
    }


def stack(status: str = "UPDATE_COMPLETE", **parameters: str) -> dict[str, Any]:
    listed = [{"ParameterKey": key, "ParameterValue": each} for key, each in parameters.items()]
    return {"Stacks": [{"StackStatus": status, "Parameters": listed}]}


SERVING = stack(ModelPackageArn=OLD, GateOutcome="open")
MONITORING = stack(ModelPackageArn=OLD, BaselineUri="s3://old", PermissionsBoundary="")
THERE = [SERVING, GONE, SERVING, MONITORING]
"""The profile zero: async, batch and serverless, of which batch is not deployed, and monitoring."""


def alarm(name: str, minutes: float) -> dict[str, str]:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"AlarmName": name, "StateUpdatedTimestamp": at.isoformat().replace("+00:00", "Z")}


@pytest.fixture
def promote(make: Make, definition: Read, play: Read) -> Callable[..., Any]:
    """Play a promotion; answers are by states, and those that are left out are all well."""

    def promote(**answers: list[Any]) -> dict[str, Any]:
        every: dict[str, list[Any]] = {
            "Look for others": [{"Executions": []}],
            "Describe": [version()],
            "Look": THERE,
            "See": [stack()],
            "Look at alarms": [{"MetricAlarms": []}],
        }
        every |= {name.replace("_", " "): some for name, some in answers.items()}
        return play(definition(STACK, make(), "Promotion"), {"package": NEW}, every)

    return promote


def given(told: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Stacks that were updated, with their parameters; what keeps its value is ``...``."""
    return [
        (
            call["arguments"]["StackName"].removeprefix("consumer-credit-"),
            {
                each["ParameterKey"]: ...
                if each.get("UsePreviousValue")
                else each["ParameterValue"]
                for each in call["arguments"]["Parameters"]
            },
        )
        for call in told["calls"]
        if call["state"] == "Update"
    ]


def noted(told: dict[str, Any]) -> list[tuple[str, str]]:
    cycles = [c["arguments"]["ModelLifeCycle"] for c in told["calls"] if "Note" in c["state"]]
    return [(each["StageStatus"], each["StageDescription"]) for each in cycles]


NEW_ONES: list[tuple[str, dict[str, Any]]] = [
    ("serving-async", {"ModelPackageArn": NEW, "GateOutcome": ...}),
    ("serving-serverless", {"ModelPackageArn": NEW, "GateOutcome": ...}),
    (
        "monitoring",
        {
            "ModelPackageArn": NEW,
            "BaselineUri": "s3://artifacts/training/baseline",
            "PermissionsBoundary": ...,
        },
    ),
]
OLD_ONES = [
    (
        name,
        {
            **said,
            "ModelPackageArn": OLD,
            **({"BaselineUri": "s3://old"} if "Bas" in str(said) else {}),
        },
    )
    for name, said in NEW_ONES
]


@pytest.mark.jsonata
def test_an_approved_version_reaches_every_stack_that_is_there(promote: Read) -> None:
    told = promote()
    assert told["status"] == "SUCCEEDED"
    assert given(told) == NEW_ONES
    assert noted(told) == [("Promoted", "Approved by arn:aws:iam::1:role/person")]


@pytest.mark.jsonata
@pytest.mark.parametrize(
    "said",
    [
        {"LastModifiedBy": who("pipeline")},
        {"LastModifiedBy": {}},
        {"CreatedBy": {}},
        {"ModelApprovalStatus": "Rejected"},
    ],
)
def test_nothing_is_promoted_that_nobody_else_approved(promote: Read, said: dict[str, Any]) -> None:
    told = promote(Describe=[version(**said)])
    assert told["status"] == "FAILED"
    assert given(told) == []
    assert noted(told) == []
    assert "Tell" in told["visited"]


@pytest.mark.jsonata
def test_what_serves_already_is_left_alone(promote: Read) -> None:
    told = promote(Look=[stack(ModelPackageArn=NEW), GONE])
    assert told["status"] == "SUCCEEDED"
    assert given(told) == []
    assert noted(told) == []


@pytest.mark.jsonata
def test_a_stack_that_cannot_be_seen_stops_promotion(promote: Read) -> None:
    denied = {"error": "CloudFormation.CloudFormationException", "cause": "not authorized"}
    told = promote(Look=[denied])
    assert told["status"] == "FAILED"
    assert given(told) == []


@pytest.mark.jsonata
def test_an_alarm_takes_the_version_back_everywhere(promote: Read) -> None:
    alarms = [alarm("consumer-credit-serving-async-PrimaryFaults-X", 5)]
    told = promote(Look_at_alarms=[{"MetricAlarms": alarms}])
    assert told["status"] == "FAILED"
    assert given(told) == [*NEW_ONES, *OLD_ONES]
    assert noted(told) == [("RolledBack", f"alarms went off: {alarms[0]['AlarmName']}")]


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("name", "minutes"), [("a-PrimaryFaults-X", -60), ("a-PrimarySilence-X", 5)]
)
def test_alarms_that_the_version_did_not_set_off_are_none_of_its_business(
    promote: Read, name: str, minutes: float
) -> None:
    told = promote(Look_at_alarms=[{"MetricAlarms": [alarm(name, minutes)]}])
    assert told["status"] == "SUCCEEDED"


@pytest.mark.jsonata
def test_a_stack_that_does_not_take_it_takes_it_back_from_the_others(promote: Read) -> None:
    going = [stack("UPDATE_IN_PROGRESS"), stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")]
    back = [stack("UPDATE_ROLLBACK_IN_PROGRESS"), stack("UPDATE_ROLLBACK_COMPLETE")]
    told = promote(See=[*going, *back, stack()])
    assert given(told) == [*NEW_ONES, *OLD_ONES]
    ((status, why),) = noted(told)
    assert (status, why.rpartition(": ")[2]) == ("RolledBack", "consumer-credit-serving-serverless")


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("cause", "status"),
    [("No updates are to be performed.", "SUCCEEDED"), ("Stack is in a bad state", "FAILED")],
)
def test_an_update_of_nothing_is_no_failure(promote: Read, cause: str, status: str) -> None:
    refused = {"error": "CloudFormation.CloudFormationException", "cause": cause}
    assert promote(Update=[refused])["status"] == status


@pytest.mark.jsonata
def test_promotions_wait_for_each_other(promote: Read) -> None:
    earlier = {"Executions": [{"StartDate": "2020-01-01T00:00:00Z"}]}
    told = promote(Look_for_others=[earlier, {"Executions": []}])
    assert told["visited"].count("Let others end") == 1
    assert told["status"] == "SUCCEEDED"
