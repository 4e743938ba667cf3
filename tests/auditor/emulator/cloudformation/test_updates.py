"""Updates change what differs, replace what cannot change, and go back where they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator import EmulatedAccount, Scenario, emulated_account

FIRST = """
Resources:
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7, LogGroupName: /ml/one}}
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: ml, MetricName: a, Statistic: Sum, Period: 60, EvaluationPeriods: 1,
      Threshold: 1, ComparisonOperator: GreaterThanThreshold, AlarmDescription: !Ref Logs}
Outputs: {Queue: {Value: !GetAtt Queue.Arn}}
"""


def test_what_can_change_changes_in_place(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST)
    before = stacks.ids()
    changed = FIRST.replace("RetentionInDays: 7", "RetentionInDays: 30")
    assert stacks.update(changed.replace("Timeout: 30", "Timeout: 60")) == "UPDATE_COMPLETE"
    assert stacks.ids() == before
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 30
    told = client("sqs").get_queue_attributes(
        QueueUrl=before["Queue"], AttributeNames=["VisibilityTimeout"]
    )
    assert told["Attributes"] == {"VisibilityTimeout": "60"}
    touched = {name for name, status in stacks.history() if status == "UPDATE_COMPLETE"}
    assert touched == {"Logs", "Queue", "demo"}


def test_what_is_left_out_is_taken_away(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST)
    less = FIRST.replace("{RetentionInDays: 7, ", "{").replace("VisibilityTimeout: 30", "")
    assert stacks.update(less) == "UPDATE_COMPLETE", stacks.reasons()
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert "retentionInDays" not in group


def test_what_cannot_change_is_replaced_and_others_follow(
    stacks: Any, client: Callable[..., Any]
) -> None:
    stacks.create(FIRST)
    assert stacks.update(FIRST.replace("/ml/one", "/ml/two")) == "UPDATE_COMPLETE"
    names = [each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]]
    assert names == ["/ml/two"]
    (alarm,) = client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["AlarmDescription"] == "/ml/two"
    told = stacks.history()
    assert told.index(("Logs", "DELETE_COMPLETE")) > told.index(("Alarm", "UPDATE_COMPLETE"))


def test_what_has_a_name_of_its_own_is_not_replaced(stacks: Any) -> None:
    template = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: %s, FifoTopic: %s}}}"
    stacks.create(template % ("a.fifo", "true"))
    assert stacks.update(template % ("a.fifo", "false")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource requires replacing" in stacks.reasons()["T"]
    assert stacks.update(template % ("a", "false")) == "UPDATE_COMPLETE"


def test_what_is_no_longer_asked_for_goes(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST)
    lines = [line for line in FIRST.splitlines() if not line.startswith("  Logs:")]
    assert stacks.update("\n".join(lines).replace("!Ref Logs", "none")) == "UPDATE_COMPLETE"
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert set(stacks.ids()) == {"Queue", "Alarm"}


def test_what_is_to_be_kept_outlives_its_place(stacks: Any, client: Callable[..., Any]) -> None:
    kept = FIRST.replace(
        "{Type: AWS::Logs::LogGroup,",
        "{Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, UpdateReplacePolicy: Retain,",
    )
    stacks.create(kept)
    stacks.update(kept.replace("/ml/one", "/ml/two"))
    stacks.delete()
    names = {each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]}
    assert names == {"/ml/one", "/ml/two"}


def test_an_update_that_fails_leaves_all_as_it_was(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST)
    before = stacks.ids()
    broken = FIRST.replace("RetentionInDays: 7", "RetentionInDays: 30").replace(
        "Outputs:",
        "  New: {Type: AWS::SNS::Topic}\n"
        "  Bad: {Type: AWS::SSM::Parameter, DependsOn: [New, Logs], Properties: "
        "{Name: aws-bad, Type: String, Value: x}}\nOutputs:",
    )
    assert stacks.update(broken) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.ids() == before
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 7
    assert client("sns").list_topics()["Topics"] == []
    assert "Bad" in stacks.reasons()
    assert stacks.update(FIRST.replace("Timeout: 30", "Timeout: 90")) == "UPDATE_COMPLETE"


def test_a_replacement_that_fails_leaves_the_old_one(
    stacks: Any, client: Callable[..., Any]
) -> None:
    stacks.create(FIRST)
    broken = FIRST.replace("/ml/one", "/ml/two").replace("Threshold: 1", "Threshold: many")
    assert stacks.update(broken) == "UPDATE_ROLLBACK_COMPLETE"
    names = [each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]]
    assert names == ["/ml/one"]
    assert stacks.ids()["Logs"] == "/ml/one"


def test_what_failed_half_way_is_undone(stacks: Any, client: Callable[..., Any]) -> None:
    template = (
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: "
        "{Status: %s}, LoggingConfiguration: {DestinationBucketName: %s}}}, "
        "L: {Type: AWS::S3::Bucket, Properties: {BucketName: for-logs, "
        "AccessControl: LogDeliveryWrite, "
        "OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}}}"
    ).replace("B: {Type: AWS::S3::Bucket,", "B: {Type: AWS::S3::Bucket, DependsOn: L,")
    assert stacks.create(template % ("Suspended", "for-logs")) == "CREATE_COMPLETE"
    assert stacks.update(template % ("Enabled", "nowhere")) == "UPDATE_ROLLBACK_COMPLETE"
    bucket = stacks.ids()["B"]
    assert client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"


def test_what_cannot_go_back_is_named(stacks: Any, client: Callable[..., Any]) -> None:
    broken = FIRST.replace(
        "Outputs:",
        "  Bad: {Type: AWS::SSM::Parameter, DependsOn: Logs, Properties: "
        "{Name: aws-bad, Type: String, Value: x}}\nOutputs:",
    )
    stacks.create(FIRST)
    client("logs").delete_log_group(logGroupName="/ml/one")
    assert stacks.update(broken.replace("Days: 7", "Days: 30")) == "UPDATE_ROLLBACK_FAILED"
    (stack,) = stacks.client.describe_stacks(StackName="demo")["Stacks"]
    assert "failed to update: [Logs]" in stack["StackStatusReason"]
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED state and can not be updated"):
        stacks.update(FIRST.replace("Timeout: 30", "Timeout: 90"))
    assert stacks.delete() == "DELETE_COMPLETE"


def test_what_a_failed_update_said_is_forgotten(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST)
    kept = FIRST.replace(
        "{Type: AWS::SQS::Queue,", "{Type: AWS::SQS::Queue, DeletionPolicy: Retain,"
    )
    assert stacks.update(kept.replace("Threshold: 1", "Threshold: many")) == (
        "UPDATE_ROLLBACK_COMPLETE"
    )
    assert stacks.delete() == "DELETE_COMPLETE"
    assert client("sqs").list_queues().get("QueueUrls", []) == []


def test_nothing_to_change_is_refused(stacks: Any) -> None:
    stacks.create(FIRST)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(FIRST)
    assert stacks.update(FIRST.replace("Queue: {Value", "Other: {Value")) == "UPDATE_COMPLETE"
    assert set(stacks.outputs()) == {"Other"}


def test_other_tags_of_a_stack_are_a_change(stacks: Any, client: Callable[..., Any]) -> None:
    stacks.create(FIRST, Tags=[{"Key": "team", "Value": "a"}])
    assert stacks.update(FIRST, Tags=[{"Key": "team", "Value": "b"}]) == "UPDATE_COMPLETE"
    tags = client("sqs").list_queue_tags(QueueUrl=stacks.ids()["Queue"])["Tags"]
    assert tags["team"] == "b"


def test_a_stack_that_was_rolled_back_can_only_be_deleted(stacks: Any) -> None:
    stacks.create(FIRST.replace("Threshold: 1", "Threshold: many"))
    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update(FIRST)
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("asked", "status", "left"),
    [
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", 1),
        ({"DisableRollback": True}, "CREATE_FAILED", 1),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", 0),
        ({"OnFailure": "ROLLBACK"}, "ROLLBACK_COMPLETE", 0),
    ],
)
def test_what_happens_on_failure_is_asked_for(
    stacks: Any, client: Callable[..., Any], asked: dict[str, Any], status: str, left: int
) -> None:
    stacks.create(FIRST, name="other")
    stacks.delete("other")
    broken = FIRST.replace("Threshold: 1", "Threshold: many")
    identifier = stacks.client.create_stack(StackName="demo", TemplateBody=broken, **asked)
    assert stacks.status(identifier["StackId"]) == status
    assert len(client("logs").describe_log_groups()["logGroups"]) == left


def test_a_denied_call_rolls_the_stack_back(client_of: Callable[..., Any]) -> None:
    with emulated_account(_denying("sqs:CreateQueue")) as account:
        stacks = client_of(account, "cloudformation")
        stacks.create_stack(StackName="demo", TemplateBody=FIRST)
        (stack,) = stacks.describe_stacks(StackName="demo")["Stacks"]
        assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
        events = stacks.describe_stack_events(StackName="demo")["StackEvents"]
        (reason,) = [
            each["ResourceStatusReason"]
            for each in events
            if each["ResourceStatus"] == "CREATE_FAILED"
        ]
        assert "not authorized to perform: sqs:CreateQueue" in reason
        assert "HandlerErrorCode: AccessDenied" in reason
        assert client_of(account, "logs").describe_log_groups()["logGroups"] == []


def test_a_throttled_call_fails_as_such(client_of: Callable[..., Any]) -> None:
    with emulated_account(replace(_denying(), throttled=("sqs:CreateQueue",))) as account:
        stacks = client_of(account, "cloudformation")
        stacks.create_stack(StackName="demo", TemplateBody=FIRST)
        events = stacks.describe_stack_events(StackName="demo")["StackEvents"]
        reasons = [each.get("ResourceStatusReason", "") for each in events]
        assert any("HandlerErrorCode: Throttling" in each for each in reasons)


def test_a_queue_is_known_by_the_address_its_callers_use(
    stacks: Any, account: EmulatedAccount
) -> None:
    stacks.create(FIRST)
    assert stacks.ids()["Queue"].startswith(account.endpoint_url)


def _denying(*actions: str) -> Scenario:
    return Scenario(
        name="denied",
        description="",
        account="123456789012",
        region="us-east-1",
        denied=actions,
        throttled=(),
        values={},
        calls=(),
        config=None,
        repositories={},
    )
