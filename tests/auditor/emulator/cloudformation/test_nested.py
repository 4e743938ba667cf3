"""Stacks within stacks come, change, fail and go with the one around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

INNER = """
Parameters: {Days: {Type: Number}}
Resources: {Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}}
Outputs: {Logs: {Value: !Ref Logs}}
"""
OUTER = """
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://inner-stacks.s3.amazonaws.com/inner.yaml
      Parameters: {Days: 7}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Inner.Outputs.Logs}}
"""


@pytest.fixture
def inner(client: Callable[..., Any]) -> None:
    client("s3").create_bucket(Bucket="inner-stacks")
    client("s3").put_object(Bucket="inner-stacks", Key="inner.yaml", Body=INNER.encode())


@pytest.mark.usefixtures("inner")
def test_a_stack_within_a_stack(stacks: Any, client: Callable[..., Any]) -> None:
    assert stacks.create(OUTER) == "CREATE_COMPLETE"
    ids = stacks.ids()
    assert stacks.status(ids["Inner"]) == "CREATE_COMPLETE"
    outer = stacks.client.describe_stacks(StackName="demo")["Stacks"][0]["StackId"]
    (within,) = stacks.client.describe_stacks(StackName=ids["Inner"])["Stacks"]
    assert (within["ParentId"], within["RootId"]) == (outer, outer)
    topic = client("sns").get_topic_attributes(TopicArn=ids["Topic"])["Attributes"]
    assert topic["DisplayName"] == stacks.ids(ids["Inner"])["Logs"]
    assert stacks.update(OUTER.replace("Days: 7", "Days: 30")) == "UPDATE_COMPLETE"
    (group,) = client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 30
    assert stacks.delete() == "DELETE_COMPLETE"
    assert stacks.status(ids["Inner"]) == "DELETE_COMPLETE"
    assert client("logs").describe_log_groups()["logGroups"] == []


@pytest.mark.usefixtures("inner")
def test_what_fails_within_fails_around(stacks: Any, client: Callable[..., Any]) -> None:
    assert stacks.create(OUTER.replace("Days: 7", "Days: 8")) == "ROLLBACK_COMPLETE"
    assert "Embedded stack" in stacks.reasons()["Inner"]
    assert client("logs").describe_log_groups()["logGroups"] == []
