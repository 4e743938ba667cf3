"""CI comes without a key, from one place, and can make nothing but the stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import delivery_pipeline, expiry
from mlaudit_reference.templates.delivery import STACK
from mlaudit_reference.templates.stacks import stacks_of, template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

ACCOUNTS = {"dev": "1" * 12, "staging": "2" * 12, "prod": "3" * 12}


def trust(resources: Read, manifest: Manifest, role: str) -> dict[str, Any]:
    found = resources(STACK, manifest, "AWS::IAM::Role")[role]
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    trusted: dict[str, Any] = statement
    return trusted


def test_github_deploys_from_one_environment_of_one_repository(make: Make, resources: Read) -> None:
    manifest = make(delivery={"repository": "me/here", "branch": "trunk"})
    deploys, audits = (trust(resources, manifest, role) for role in ("DeployRole", "AuditRole"))
    said = {
        role["Condition"]["StringEquals"]["token.actions.githubusercontent.com:aud"]
        for role in (deploys, audits)
    }
    assert said == {"sts.amazonaws.com"}
    subjects = [
        role["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        for role in (deploys, audits)
    ]
    assert subjects == [
        {"Fn::Sub": "repo:me/here:environment:${Environment}"},
        "repo:me/here:ref:refs/heads/trunk",
    ]


@pytest.mark.parametrize(
    ("host", "principal"),
    [
        ("jenkins", {"Ref": "AgentRoleArn"}),
        ("codepipeline", "role/consumer-credit-delivery-pipeline-*"),
    ],
)
def test_other_hosts_come_as_a_role(make: Make, resources: Read, host: str, principal: Any) -> None:
    trusted = trust(resources, make(delivery={"host": host}), "DeployRole")
    assert trusted["Action"] == "sts:AssumeRole"
    assert (principal if isinstance(principal, str) else json.dumps(principal)) in json.dumps(
        trusted
    )


def test_ci_can_change_the_stacks_of_the_system_alone(make: Make, resources: Read) -> None:
    role = resources(STACK, make(), "AWS::IAM::Role")["DeployRole"]
    (statement,) = [
        each
        for each in role["Policies"][0]["PolicyDocument"]["Statement"]
        if "cloudformation:ExecuteChangeSet" in each["Action"]
    ]
    (stacks,) = statement["Resource"]
    assert stacks["Fn::Sub"].endswith(":stack/consumer-credit-*/*")


def test_with_a_boundary_no_role_is_made_without_it(make: Make, resources: Read) -> None:
    policies = resources(STACK, make(), "AWS::IAM::ManagedPolicy").values()
    text = json.dumps([each["PolicyDocument"] for each in policies])
    assert '"iam:PermissionsBoundary": {"Ref": "PermissionsBoundary"}' in text
    assert '"Fn::If": ["IsBounded"' in text


def test_what_expires_can_be_made_by_the_same_role(make: Make) -> None:
    manifest = make(profile="demo")
    made = {each["Type"] for each in template(expiry.STACK, manifest)["Resources"].values()}
    assert made == set(expiry.KINDS)


@pytest.mark.parametrize(
    ("host", "wanted"), [("github", False), ("codepipeline", True), ("jenkins", False)]
)
def test_there_is_a_pipeline_where_it_is_the_host(make: Make, host: str, *, wanted: bool) -> None:
    assert (delivery_pipeline.STACK in stacks_of(make(delivery={"host": host}))) == wanted


def pipeline(make: Make, resources: Read, **delivery: Any) -> list[dict[str, Any]]:
    manifest = make(delivery={"host": "codepipeline", **delivery})
    (made,) = resources(delivery_pipeline.STACK, manifest, "AWS::CodePipeline::Pipeline").values()
    stages: list[dict[str, Any]] = made["Stages"]
    return stages


@pytest.mark.parametrize(
    ("accounts", "order"),
    [
        (None, ["Source", "Check", "Gate", "Approval", "Production"]),
        (ACCOUNTS, ["Source", "Check", "Dev", "Staging", "Gate", "Approval", "Production"]),
    ],
)
def test_a_change_passes_the_gate_and_a_person_before_production(
    make: Make, resources: Read, accounts: dict[str, str] | None, order: list[str]
) -> None:
    stages = pipeline(make, resources, accounts=accounts)
    assert [each["Name"] for each in stages] == order
    kinds = {each["Name"]: each["Actions"][0]["ActionTypeId"]["Category"] for each in stages}
    assert kinds["Approval"] == "Approval"


def test_every_artefact_was_put_out_by_an_earlier_stage(make: Make, resources: Read) -> None:
    known: set[str] = set()
    for stage in pipeline(make, resources, accounts=ACCOUNTS):
        for action in stage["Actions"]:
            assert {each["Name"] for each in action.get("InputArtifacts", [])} <= known
            outputs = action.get("OutputArtifacts", [])
            known |= {each["Name"] for each in outputs if isinstance(outputs, list)}


def test_variables_of_an_action_are_json_once_they_are_filled_in(
    make: Make, resources: Read
) -> None:
    last = pipeline(make, resources)[-1]["Actions"][0]
    text, values = last["Configuration"]["EnvironmentVariables"]["Fn::Sub"]
    read = json.loads(text)
    assert {each["name"]: each["value"] for each in read} == {
        "STAGE": "production",
        "COMMIT": "#{Source.CommitId}",
        "DEPLOY_ROLE_ARN": "${DEPLOY_ROLE_ARN}",
        "CLOUDFORMATION_ROLE_ARN": "${CLOUDFORMATION_ROLE_ARN}",
    }
    assert values.keys() == {"DEPLOY_ROLE_ARN", "CLOUDFORMATION_ROLE_ARN"}
