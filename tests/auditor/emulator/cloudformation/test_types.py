"""Every type that stacks can have here is made from a small template, and unmade."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlaudit.emulator.cloudformation import providers, schemas, templates

TEMPLATE = (Path(__file__).parent / "every_type.yaml").read_text(encoding="utf-8")
# What keeps the tags that its stack had at first.
KEPT = {
    ":compute-environment/",
    ":feature-group/",
    ":project/",
    ":serverless-cluster/",
    "job-definition/",
}
# What deleting leaves in its service for a while or for ever, as AWS does.
LASTING = {"key/", "job-definition/"}
# Attributes that belong to what the template leaves out, or that the services here do not tell.
ABSENT: dict[str, set[str]] = {
    "AWS::CloudTrail::Trail": {"SnsTopicArn"},
    "AWS::EC2::Subnet": {"BlockPublicAccessStates", "Ipv6CidrBlocks", "NetworkAclAssociationId"},
    "AWS::EC2::VPC": {"Ipv6CidrBlocks"},
    "AWS::IAM::ManagedPolicy": {"PermissionsBoundaryUsageCount"},
    "AWS::Kinesis::Stream": {"WarmThroughputObject"},
    "AWS::Lambda::Function": {"SnapStartResponse"},
    "AWS::MWAA::Environment": {
        "CeleryExecutorQueue",
        "DatabaseVpcEndpointService",
        "WebserverUrl",
        "WebserverVpcEndpointService",
    },
    "AWS::Pipes::Pipe": {"StateReason"},
    "AWS::S3::Bucket": {"WebsiteURL"},
    "AWS::SageMaker::Cluster": {"FailureMessage"},
    "AWS::SageMaker::Domain": {
        "HomeEfsFileSystemId",
        "SecurityGroupIdForDomainBoundary",
        "SingleSignOnApplicationArn",
        "SingleSignOnManagedApplicationInstanceId",
        "Url",
    },
    "AWS::SageMaker::InferenceComponent": {"FailureReason"},
    "AWS::SageMaker::MlflowApp": {"MlflowAppId", "MlflowVersion"},
    "AWS::StepFunctions::StateMachine": {"StateMachineRevisionId"},
}


def test_the_template_has_every_type() -> None:
    types = {each["Type"] for each in templates.read(TEMPLATE).resources.values()}
    assert types == set(providers.ROWS)


@pytest.mark.slow
def test_every_type_is_made_as_told_and_unmade(stacks: Any, client: Callable[..., Any]) -> None:
    _prepare(client)
    status = stacks.create(TEMPLATE, Tags=[{"Key": "team", "Value": "ml"}])
    assert status == "CREATE_COMPLETE", stacks.reasons()
    ids = stacks.ids()
    assert len(ids) == len(templates.read(TEMPLATE).resources)
    assert [name for name, found in ids.items() if not found or "None" in found] == []
    tagged = client("resourcegroupstaggingapi")
    filters: list[Any] = [{"Key": "team", "Values": ["ml"]}]
    assert len(_arns(tagged, filters)) > 40

    client("cloudformation").detect_stack_drift(StackName="demo")
    drifts = stacks.client.describe_stack_resource_drifts(StackName="demo", MaxResults=100)
    changed = [
        (each["LogicalResourceId"], each["PropertyDifferences"])
        for each in drifts["StackResourceDrifts"]
        if each["StackResourceDriftStatus"] != "IN_SYNC"
    ]
    assert changed == []

    before = set(_arns(tagged, filters))
    assert stacks.update(TEMPLATE, Tags=[{"Key": "team", "Value": "other"}]) == "UPDATE_COMPLETE"
    assert {arn for arn in _arns(tagged, filters) if not any(part in arn for part in KEPT)} == set()
    filters[0]["Values"].append("other")
    assert set(_arns(tagged, filters)) >= before

    assert stacks.delete() == "DELETE_COMPLETE", stacks.reasons()
    left = [arn for arn in _arns(tagged, filters) if not any(part in arn for part in LASTING)]
    assert left == []


@pytest.mark.slow
def test_every_attribute_can_be_asked_for(stacks: Any, client: Callable[..., Any]) -> None:
    _prepare(client)
    content = templates.read(TEMPLATE).content
    asked = {
        f"{name}{number}": {"Value": {"Fn::ToJsonString": [{"Fn::GetAtt": [name, attribute]}]}}
        for name, entry in content["Resources"].items()
        for number, attribute in enumerate(_attributes(entry["Type"]))
    }
    extended = {**content, "Transform": "AWS::LanguageExtensions", "Outputs": asked}
    assert stacks.create(extended) == "CREATE_COMPLETE", stacks.reasons()
    told = stacks.outputs()
    assert len(told) == len(asked) > 150
    assert [key for key, value in told.items() if json.loads(value) in ([""], [None])] == []


def _attributes(type_name: str) -> list[str]:
    """Return the attributes of a type that are there from the start."""
    whole = [name for name in schemas.schema(type_name).read_only if "." not in name]
    return [name for name in whole if name not in ABSENT.get(type_name, ())]


def _prepare(client: Callable[..., Any]) -> None:
    """Put into the account what the template takes from outside: a layer and where it lies."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("module.py", "")
    client("s3").create_bucket(Bucket="given")
    client("s3").put_object(Bucket="given", Key="layer.zip", Body=buffer.getvalue())
    client("ssm").put_parameter(Name="/given/bucket", Value="given", Type="String")


def _arns(tagged: Any, filters: list[dict[str, Any]]) -> list[str]:
    pages = tagged.get_paginator("get_resources").paginate(TagFilters=filters)
    return [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
