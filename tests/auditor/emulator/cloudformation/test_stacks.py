"""Stacks come about, change, fail and go as those of AWS do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

TEMPLATE = """
Parameters:
  Days: {Type: Number, Default: 30, AllowedValues: [7, 30]}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {Description: logs}}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: !Ref Days, KmsKeyId: !GetAtt Key.Arn}
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "data-${AWS::AccountId}"
      VersioningConfiguration: {Status: Enabled}
Outputs:
  Bucket: {Value: !GetAtt Data.Arn}
  Logs: {Value: !Ref Logs}
"""


def test_a_stack_makes_what_its_template_says(stacks: Any, client: Callable[..., Any]) -> None:
    assert stacks.create(TEMPLATE, Tags=[{"Key": "team", "Value": "ml"}]) == "CREATE_COMPLETE"
    ids = stacks.ids()
    assert ids["Data"] == "data-123456789012"
    assert stacks.outputs() == {"Bucket": "arn:aws:s3:::data-123456789012", "Logs": ids["Logs"]}
    groups = client("logs").describe_log_groups(logGroupNamePrefix=ids["Logs"])["logGroups"]
    assert groups[0]["retentionInDays"] == 30
    assert groups[0]["kmsKeyId"].endswith(ids["Key"])
    s3 = client("s3")
    assert s3.get_bucket_versioning(Bucket=ids["Data"])["Status"] == "Enabled"
    tags = {
        each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket=ids["Data"])["TagSet"]
    }
    assert tags["team"] == "ml"
    assert tags["aws:cloudformation:stack-name"] == "demo"
    assert tags["aws:cloudformation:logical-id"] == "Data"


def test_what_others_need_comes_first_and_goes_last(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    made = [name for name, status in stacks.history() if status == "CREATE_COMPLETE"]
    assert made.index("Key") < made.index("Logs")
    assert made[-1] == "demo"
    identifier = stacks.client.describe_stacks(StackName="demo")["Stacks"][0]["StackId"]
    assert stacks.delete() == "DELETE_COMPLETE"
    gone = [name for name, status in stacks.history(identifier) if status == "DELETE_COMPLETE"]
    assert gone.index("Logs") < gone.index("Key")
    with pytest.raises(ClientError, match="Stack with id demo does not exist"):
        stacks.status()


def test_a_failure_leaves_nothing_behind(stacks: Any, client: Callable[..., Any]) -> None:
    client("s3").create_bucket(Bucket="taken")
    template = TEMPLATE.replace("data-${AWS::AccountId}", "taken")
    assert stacks.create(template) == "ROLLBACK_COMPLETE"
    assert set(stacks.reasons()) == {"Data"}
    assert client("logs").describe_log_groups()["logGroups"] == []
    statuses = [status for name, status in stacks.history() if name == "demo"]
    assert statuses == ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]


def test_what_nothing_here_makes_is_refused_at_once(stacks: Any) -> None:
    template = "Resources: {A: {Type: AWS::Neptune::DBCluster}}"
    assert stacks.client.validate_template(TemplateBody=template)["Parameters"] == []
    with pytest.raises(ClientError, match=r"does not make .* types: \[AWS::Neptune::DBCluster\]"):
        stacks.create(template)


def test_a_property_that_is_unknown_or_missing_fails(stacks: Any) -> None:
    template = "Resources: {A: {Type: AWS::SNS::Topic, Properties: {Colour: red}}}"
    assert stacks.create(template, name="a") == "ROLLBACK_COMPLETE"
    assert "#: extraneous key [Colour] is not permitted" in stacks.reasons("a")["A"]
    template = "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Type: String}}}"
    assert stacks.create(template, name="b") == "ROLLBACK_COMPLETE"
    assert "#: required key [Value] not found" in stacks.reasons("b")["A"]


def test_a_property_that_nothing_is_done_with_fails(stacks: Any) -> None:
    template = (
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: "
        "{WebsiteConfiguration: {IndexDocument: a.html}}}}"
    )
    assert stacks.create(template) == "ROLLBACK_COMPLETE"
    assert "does not serve the property WebsiteConfiguration" in stacks.reasons()["A"]


def test_sets_of_stacks_are_refused(stacks: Any) -> None:
    with pytest.raises(ClientError, match="InvalidAction"):
        stacks.client.create_stack_set(StackSetName="all", TemplateBody=TEMPLATE)


def test_a_property_that_makes_no_sense_fails(stacks: Any) -> None:
    template = (
        "Resources: {A: {Type: AWS::ApplicationAutoScaling::ScalingPolicy, Properties: "
        "{PolicyName: a, PolicyType: TargetTrackingScaling, ScalingTargetId: nothing}}}"
    )
    assert stacks.create(template) == "ROLLBACK_COMPLETE"
    assert "cannot be read: ValueError" in stacks.reasons()["A"]


def test_what_a_stack_does_has_to_be_acknowledged(stacks: Any) -> None:
    role = (
        "Resources: {R: {Type: AWS::IAM::Role, Properties: "
        "{%sAssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}}}}"
    )
    named = role % "RoleName: ml, "
    extended = "Transform: AWS::LanguageExtensions\n" + "Resources: {A: {Type: AWS::SNS::Topic}}"
    refused = [
        (role % "", [], "CAPABILITY_IAM"),
        (named, ["CAPABILITY_IAM"], "CAPABILITY_NAMED_IAM"),
        (extended, [], "CAPABILITY_AUTO_EXPAND"),
    ]
    for template, given, missing in refused:
        with pytest.raises(ClientError, match=rf"Requires capabilities : \[{missing}\]"):
            stacks.create(template, Capabilities=given)
    assert stacks.create(role % "", Capabilities=["CAPABILITY_IAM"]) == "CREATE_COMPLETE"
    assert (
        stacks.create(named, name="n", Capabilities=["CAPABILITY_NAMED_IAM"]) == "CREATE_COMPLETE"
    )


def test_what_types_there_may_be_can_be_told(stacks: Any) -> None:
    with pytest.raises(ClientError, match="AWS::KMS::Key is not allowed by parameter"):
        stacks.create(TEMPLATE, ResourceTypes=["AWS::Logs::*", "AWS::S3::Bucket"])
    assert stacks.create(TEMPLATE, ResourceTypes=["AWS::*"]) == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("policy", "asked", "kept"),
    [
        ("Retain", {}, 1),
        ("Retain", {"RetainExceptOnCreate": True}, 0),
        ("RetainExceptOnCreate", {}, 0),
        ("Delete", {}, 0),
    ],
)
def test_what_is_to_be_kept_is_kept_on_failure_too(
    stacks: Any, client: Callable[..., Any], policy: str, asked: dict[str, Any], kept: int
) -> None:
    template = (
        f"Resources: {{L: {{Type: AWS::Logs::LogGroup, DeletionPolicy: {policy}}}, "
        "B: {Type: AWS::SSM::Parameter, DependsOn: L, "
        "Properties: {Name: aws-bad, Type: String, Value: x}}}"
    )
    assert stacks.create(template, **asked) == "ROLLBACK_COMPLETE"
    assert len(client("logs").describe_log_groups()["logGroups"]) == kept


def test_a_protected_stack_stays(stacks: Any) -> None:
    stacks.create(TEMPLATE, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        stacks.client.delete_stack(StackName="demo")
    stacks.client.update_termination_protection(StackName="demo", EnableTerminationProtection=False)
    assert stacks.delete() == "DELETE_COMPLETE"


def test_stacks_are_described_and_listed(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    stacks.create("Resources: {A: {Type: AWS::SNS::Topic}}", name="other")
    stacks.delete("other")
    (stack,) = stacks.client.describe_stacks()["Stacks"]
    assert stack["Parameters"] == [{"ParameterKey": "Days", "ParameterValue": "30"}]
    summaries = stacks.client.list_stacks()["StackSummaries"]
    assert [(each["StackName"], each["StackStatus"]) for each in summaries] == [
        ("other", "DELETE_COMPLETE"),
        ("demo", "CREATE_COMPLETE"),
    ]
    only = stacks.client.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    assert [each["StackName"] for each in only] == ["demo"]
    ids = stacks.ids()
    (found,) = stacks.client.describe_stack_resources(PhysicalResourceId=ids["Key"])[
        "StackResources"
    ]
    assert (found["StackName"], found["LogicalResourceId"]) == ("demo", "Key")
    detail = stacks.client.describe_stack_resource(StackName="demo", LogicalResourceId="Key")
    assert detail["StackResourceDetail"]["ResourceType"] == "AWS::KMS::Key"
    with pytest.raises(ClientError, match="Resource Gone does not exist for stack demo"):
        stacks.client.describe_stack_resource(StackName="demo", LogicalResourceId="Gone")


def test_a_name_is_used_once_until_it_is_free(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    with pytest.raises(ClientError, match=r"Stack \[demo\] already exists"):
        stacks.create(TEMPLATE)
    stacks.delete()
    assert stacks.create(TEMPLATE) == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        stacks.create(TEMPLATE, name="9lives")


def test_what_cannot_go_may_be_left_alone(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(TEMPLATE)
    client("s3").put_object(Bucket="data-123456789012", Key="a", Body=b"b")
    with pytest.raises(ClientError, match="DELETE_FAILED only"):
        stacks.client.delete_stack(StackName="demo", RetainResources=["Data"])
    stacks.delete()
    identifier = stacks.client.describe_stacks(StackName="demo")["Stacks"][0]["StackId"]
    stacks.client.delete_stack(StackName="demo", RetainResources=["Data"])
    assert stacks.status(identifier) == "DELETE_COMPLETE"
    assert client("s3").head_bucket(Bucket="data-123456789012")


def test_what_failed_half_made_goes_too(stacks: Any, client: Callable[..., Any]) -> None:
    template = (
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: "
        "{LoggingConfiguration: {DestinationBucketName: nowhere}}}}"
    )
    assert stacks.create(template) == "ROLLBACK_COMPLETE"
    assert "InvalidTargetBucketForLogging" in stacks.reasons()["A"]
    assert client("s3").list_buckets()["Buckets"] == []


def test_what_is_gone_already_is_deleted(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(TEMPLATE)
    client("logs").delete_log_group(logGroupName=stacks.ids()["Logs"])
    client("s3").delete_bucket(Bucket="data-123456789012")
    assert stacks.delete() == "DELETE_COMPLETE"


def test_a_stack_stays_in_its_region(client: Callable[..., Any]) -> None:
    stacks = client("cloudformation", region_name="eu-west-1")
    stacks.create_stack(StackName="demo", TemplateBody=TEMPLATE)
    assert stacks.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert client("cloudformation").describe_stacks()["Stacks"] == []
    place = client("s3").get_bucket_location(Bucket="data-123456789012")["LocationConstraint"]
    assert place == "eu-west-1"
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert len(client("logs", region_name="eu-west-1").describe_log_groups()["logGroups"]) == 1


def test_a_stack_is_made_in_the_account_of_its_caller(client: Callable[..., Any]) -> None:
    role = "arn:aws:iam::210987654321:role/deploys"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="deploys")["Credentials"]
    there = {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }
    stacks = client("cloudformation", **there)
    stacks.create_stack(StackName="demo", TemplateBody=TEMPLATE)
    (stack,) = stacks.describe_stacks()["Stacks"]
    assert ":210987654321:stack/demo/" in stack["StackId"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    buckets = client("s3", **there).list_buckets()["Buckets"]
    assert [each["Name"] for each in buckets] == ["data-210987654321"]
    assert client("s3").list_buckets()["Buckets"] == []


def test_a_bucket_with_something_in_it_stays(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(TEMPLATE)
    client("s3").put_object(Bucket="data-123456789012", Key="a", Body=b"b")
    assert stacks.delete() == "DELETE_FAILED"
    assert "BucketNotEmpty" in stacks.reasons()["Data"]
    assert set(stacks.ids()) == {"Data"}


def test_what_stays_keeps_what_it_needs(stacks: Any, client: Callable[..., Any]) -> None:
    template = """
Resources:
  Key: {Type: AWS::KMS::Key}
  Other: {Type: AWS::SNS::Topic}
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault:
        {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}}]}
"""
    stacks.create(template)
    client("s3").put_object(Bucket=stacks.ids()["Data"], Key="a", Body=b"b")
    assert stacks.delete() == "DELETE_FAILED"
    assert set(stacks.ids()) == {"Data", "Key"}
