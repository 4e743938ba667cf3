"""Change sets tell what would change before it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

FIRST = """
Parameters: {Days: {Type: Number, Default: 7}, Name: {Type: String, Default: /ml/one}}
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: !Ref Days, LogGroupName: !Ref Name}
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties: {LogGroupName: !Ref Logs, FilterPattern: ERROR, MetricTransformations: [
      {MetricName: errors, MetricNamespace: ml, MetricValue: "1"}]}
  Queue: {Type: AWS::SQS::Queue}
"""


def propose(stacks: Any, template: str, **asked: Any) -> dict[str, Any]:
    stacks.client.create_change_set(
        StackName="demo", ChangeSetName="next", TemplateBody=template, **asked
    )
    told: dict[str, Any] = stacks.client.describe_change_set(StackName="demo", ChangeSetName="next")
    return told


def changes(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        each["ResourceChange"]["LogicalResourceId"]: each["ResourceChange"]
        for each in told["Changes"]
    }


def test_a_new_stack_is_reviewed_and_then_made(stacks: Any) -> None:
    told = propose(stacks, FIRST, ChangeSetType="CREATE")
    assert stacks.status() == "REVIEW_IN_PROGRESS"
    assert stacks.history() == []
    assert {each["Action"] for each in changes(told).values()} == {"Add"}
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    stacks.client.execute_change_set(StackName="demo", ChangeSetName="next")
    assert stacks.status() == "CREATE_COMPLETE"
    assert set(stacks.ids()) == {"Logs", "Filter", "Queue"}
    assert stacks.client.list_change_sets(StackName="demo")["Summaries"] == []


def test_what_changes_in_place_names_its_cause(stacks: Any) -> None:
    stacks.create(FIRST)
    days = [{"ParameterKey": "Days", "ParameterValue": "30"}]
    told = changes(propose(stacks, FIRST, Parameters=days))
    assert set(told) == {"Logs"}
    assert (told["Logs"]["Action"], told["Logs"]["Replacement"]) == ("Modify", "False")
    assert told["Logs"]["Scope"] == ["Properties"]
    (detail,) = told["Logs"]["Details"]
    assert detail == {
        "Target": {
            "Attribute": "Properties",
            "Name": "RetentionInDays",
            "RequiresRecreation": "Never",
        },
        "Evaluation": "Static",
        "ChangeSource": "ParameterReference",
        "CausingEntity": "Days",
    }


def test_a_property_may_change_for_two_causes(stacks: Any) -> None:
    stacks.create(FIRST)
    other = FIRST.replace("FilterPattern: ERROR", "FilterPattern: !Ref Pattern").replace(
        "Parameters: {", "Parameters: {Pattern: {Type: String, Default: WARN}, "
    )
    (filters,) = changes(propose(stacks, other)).values()
    assert [each["ChangeSource"] for each in filters["Details"]] == [
        "ParameterReference",
        "DirectModification",
    ]


def test_what_is_replaced_pulls_others_along(stacks: Any) -> None:
    stacks.create(FIRST)
    name = [{"ParameterKey": "Name", "ParameterValue": "/ml/two"}]
    told = changes(propose(stacks, FIRST, Parameters=name))
    assert (told["Logs"]["Replacement"], told["Logs"]["PolicyAction"]) == (
        "True",
        "ReplaceAndDelete",
    )
    assert told["Filter"]["Replacement"] == "Conditional"
    (detail,) = told["Filter"]["Details"]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ResourceReference", "Logs")
    assert detail["Target"]["RequiresRecreation"] == "Conditionally"
    assert stacks.ids()["Logs"] == "/ml/one"


def test_what_is_added_and_removed_is_told_and_done(stacks: Any, client: Any) -> None:
    stacks.create(FIRST)
    other = FIRST.replace("Queue: {Type: AWS::SQS::Queue}", "Topic: {Type: AWS::SNS::Topic}")
    told = changes(propose(stacks, other))
    assert {name: each["Action"] for name, each in told.items()} == {
        "Topic": "Add",
        "Queue": "Remove",
    }
    stacks.client.execute_change_set(StackName="demo", ChangeSetName="next")
    assert stacks.status() == "UPDATE_COMPLETE"
    assert client("sqs").list_queues().get("QueueUrls", []) == []


def test_a_direct_change_and_other_tags_are_told_apart(stacks: Any) -> None:
    stacks.create(FIRST)
    other = FIRST.replace(
        "{Type: AWS::SQS::Queue}", "{Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}"
    )
    told = changes(propose(stacks, other, Tags=[{"Key": "team", "Value": "ml"}]))
    assert told["Queue"]["Scope"] == ["Properties", "Tags"]
    sources = {
        each["Target"]["Attribute"]: each["ChangeSource"] for each in told["Queue"]["Details"]
    }
    assert sources == {"Properties": "DirectModification", "Tags": "DirectModification"}


def test_what_shows_on_the_way_is_conditional(stacks: Any) -> None:
    template = (
        "Resources: {V: {Type: AWS::EC2::VPC, Properties: "
        "{CidrBlock: 10.0.0.0/16, InstanceTenancy: %s}}}"
    )
    stacks.create(template % "default")
    told = changes(propose(stacks, template % "dedicated"))
    assert told["V"]["Replacement"] == "Conditional"
    assert told["V"]["Details"][0]["Target"]["RequiresRecreation"] == "Conditionally"


def test_parts_of_a_network_that_is_not_there_yet_are_known_later(stacks: Any) -> None:
    network = """
      Resources:
        V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
        S:
          Type: AWS::EC2::Subnet
          Properties: {VpcId: !Ref V, CidrBlock: !Select [1, !Cidr [!GetAtt V.CidrBlock, 2, 8]]}
    """
    told = changes(propose(stacks, network, ChangeSetType="CREATE"))
    assert {name: each["Action"] for name, each in told.items()} == {"V": "Add", "S": "Add"}
    stacks.client.execute_change_set(StackName="demo", ChangeSetName="next")
    assert stacks.status() == "CREATE_COMPLETE"


def test_no_change_is_a_failure(stacks: Any) -> None:
    stacks.create(FIRST)
    told = propose(stacks, FIRST)
    assert (told["Status"], told["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in told["StatusReason"]
    with pytest.raises(ClientError, match=r"cannot be executed in its current status of \[FAILED"):
        stacks.client.execute_change_set(StackName="demo", ChangeSetName="next")
    stacks.client.delete_change_set(StackName="demo", ChangeSetName="next")
    with pytest.raises(ClientError, match="does not exist"):
        stacks.client.describe_change_set(StackName="demo", ChangeSetName="next")


def test_names_are_used_once_and_stacks_have_to_exist(stacks: Any) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        propose(stacks, FIRST)
    stacks.create(FIRST)
    with pytest.raises(ClientError, match="already exists"):
        propose(stacks, FIRST, ChangeSetType="CREATE")
    propose(stacks, FIRST)
    with pytest.raises(ClientError, match="ChangeSet next already exists"):
        propose(stacks, FIRST)


def test_a_waiter_of_the_client_is_satisfied(stacks: Any) -> None:
    made: Callable[..., Any] = stacks.client.create_change_set
    arn = made(StackName="demo", ChangeSetName="next", TemplateBody=FIRST, ChangeSetType="CREATE")[
        "Id"
    ]
    stacks.client.get_waiter("change_set_create_complete").wait(ChangeSetName=arn)
    stacks.client.execute_change_set(ChangeSetName=arn)
    stacks.client.get_waiter("stack_create_complete").wait(StackName="demo")
    body = stacks.client.get_template(StackName="demo")["TemplateBody"]
    assert body == FIRST


@pytest.mark.parametrize(("asked", "kept"), [({}, 1), ({"RetainExceptOnCreate": True}, 0)])
def test_new_resources_go_when_executing_fails_if_that_is_asked_for(
    stacks: Any, client: Callable[..., Any], asked: dict[str, Any], kept: int
) -> None:
    propose(
        stacks,
        "Resources: {L: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}, "
        "B: {Type: AWS::SSM::Parameter, DependsOn: L, "
        "Properties: {Name: aws-bad, Type: String, Value: x}}}",
        ChangeSetType="CREATE",
    )
    stacks.client.execute_change_set(StackName="demo", ChangeSetName="next", **asked)
    assert stacks.status() == "ROLLBACK_COMPLETE"
    assert len(client("logs").describe_log_groups()["logGroups"]) == kept
