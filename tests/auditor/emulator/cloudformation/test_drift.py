"""Drift tells what was changed behind the back of a stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TEMPLATE = """
Resources:
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Queue: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Queue], PolicyDocument: {Version: 2012-10-17, Statement: []}}
"""


def detect(stacks: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    made = stacks.client.detect_stack_drift(StackName="demo")
    status = stacks.client.describe_stack_drift_detection_status(
        StackDriftDetectionId=made["StackDriftDetectionId"]
    )
    told = stacks.client.describe_stack_resource_drifts(StackName="demo")["StackResourceDrifts"]
    return status, {each["LogicalResourceId"]: each for each in told}


def test_nothing_has_drifted_at_first(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    status, told = detect(stacks)
    assert (status["DetectionStatus"], status["StackDriftStatus"]) == (
        "DETECTION_COMPLETE",
        "IN_SYNC",
    )
    assert {name: each["StackResourceDriftStatus"] for name, each in told.items()} == {
        "Logs": "IN_SYNC",
        "Bucket": "IN_SYNC",
        "Queue": "IN_SYNC",
    }


def test_what_was_changed_and_deleted_is_told(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(TEMPLATE)
    ids = stacks.ids()
    client("logs").put_retention_policy(logGroupName=ids["Logs"], retentionInDays=90)
    client("s3").put_bucket_versioning(
        Bucket=ids["Bucket"], VersioningConfiguration={"Status": "Suspended"}
    )
    client("sqs").delete_queue(QueueUrl=ids["Queue"])
    status, told = detect(stacks)
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("DRIFTED", 3)
    assert told["Queue"]["StackResourceDriftStatus"] == "DELETED"
    assert told["Bucket"]["StackResourceDriftStatus"] == "MODIFIED"
    (difference,) = told["Logs"]["PropertyDifferences"]
    assert difference == {
        "PropertyPath": "/RetentionInDays",
        "ExpectedValue": "7",
        "ActualValue": "90",
        "DifferenceType": "NOT_EQUAL",
    }
    (stack,) = stacks.client.describe_stacks(StackName="demo")["Stacks"]
    assert stack["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    listed = stacks.client.list_stack_resources(StackName="demo")["StackResourceSummaries"]
    statuses = {
        each["LogicalResourceId"]: each["DriftInformation"]["StackResourceDriftStatus"]
        for each in listed
    }
    assert statuses["Policy"] == "NOT_CHECKED"


def test_an_update_is_no_drift(stacks: Any) -> None:
    stacks.create(TEMPLATE)
    stacks.update(TEMPLATE.replace("RetentionInDays: 7", "RetentionInDays: 30"))
    status, _ = detect(stacks)
    assert status["StackDriftStatus"] == "IN_SYNC"
