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


def test_a_bucket_with_something_in_it_stays(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(TEMPLATE)
    client("s3").put_object(Bucket="data-123456789012", Key="a", Body=b"b")
    assert stacks.delete() == "DELETE_FAILED"
    assert "BucketNotEmpty" in stacks.reasons()["Data"]
    assert set(stacks.ids()) == {"Data"}
