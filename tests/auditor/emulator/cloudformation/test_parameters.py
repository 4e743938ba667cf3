"""Parameters: what they may be, and what they stand for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def template(declared: dict[str, Any], output: Any = None) -> str:
    value = output or {"Ref": "P"}
    return json.dumps(
        {
            "Parameters": {"P": declared},
            "Resources": {"A": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"O": {"Value": value}},
        }
    )


def given(value: str) -> list[dict[str, str]]:
    return [{"ParameterKey": "P", "ParameterValue": value}]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "must be one of AllowedValues"),
    ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", r"must match pattern \[a-z\]\+"),
    ({"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "small"}, "A",
     "failed to satisfy constraint: small"),
    ({"Type": "String", "MinLength": 3}, "ab", "at least 3 characters"),
    ({"Type": "String", "MaxLength": 1}, "ab", "at most 1 characters"),
    ({"Type": "Number", "MinValue": 3}, "2", "not less than 3"),
    ({"Type": "Number", "MaxValue": 3}, "4", "not greater than 3"),
    ({"Type": "Number"}, "many", "must be a number"),
    ({"Type": "List<Number>"}, "1,x", "must be a number"),
    ({"Type": "Text"}, "a", "Unrecognized parameter type: Text"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "value", "message"), REFUSED, ids=str)
def test_a_value_that_is_not_allowed_is_refused(
    stacks: Any, declared: dict[str, Any], value: str, message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        stacks.create(template(declared), Parameters=given(value))


JOIN = {"Fn::Join": ["+", {"Ref": "P"}]}
TAKEN: list[tuple[dict[str, Any], str, Any, str]] = [
    ({"Type": "String"}, "a", None, "a"),
    ({"Type": "Number"}, "3", None, "3"),
    ({"Type": "CommaDelimitedList"}, "a, b", JOIN, "a+b"),
    ({"Type": "List<Number>"}, "1,2", JOIN, "1+2"),
    ({"Type": "List<AWS::EC2::Subnet::Id>"}, "subnet-1,subnet-2", JOIN, "subnet-1+subnet-2"),
    ({"Type": "AWS::EC2::VPC::Id"}, "vpc-1", None, "vpc-1"),
    ({"Type": "String", "AllowedPattern": "[a-z]+", "MaxLength": "5"}, "abc", None, "abc"),
]


@pytest.mark.parametrize(("declared", "value", "output", "expected"), TAKEN, ids=str)
def test_a_value_is_taken(
    stacks: Any, declared: dict[str, Any], value: str, output: Any, expected: str
) -> None:
    stacks.create(template(declared, output), Parameters=given(value))
    assert stacks.outputs() == {"O": expected}


def test_a_parameter_has_to_be_declared_and_given(stacks: Any) -> None:
    with pytest.raises(ClientError, match=r"Parameters: \[P\] must have values"):
        stacks.create(template({"Type": "String"}))
    with pytest.raises(ClientError, match=r"Parameters: \[Q\] do not exist in the template"):
        stacks.create(
            template({"Type": "String"}),
            Parameters=[*given("a"), {"ParameterKey": "Q", "ParameterValue": "b"}],
        )


def test_a_default_is_text_whatever_it_is_written_as(stacks: Any) -> None:
    stacks.create(template({"Type": "String", "Default": True}))
    assert stacks.outputs() == {"O": "true"}


def test_what_is_hidden_is_not_shown(stacks: Any) -> None:
    stacks.create(template({"Type": "String", "NoEcho": True}, "x"), Parameters=given("secret"))
    told = stacks.client.describe_stacks(StackName="demo")["Stacks"][0]["Parameters"]
    assert told == [{"ParameterKey": "P", "ParameterValue": "****"}]


def test_a_value_stays_where_an_update_says_so(stacks: Any) -> None:
    stacks.create(template({"Type": "String"}), Parameters=given("a"))
    kept = [{"ParameterKey": "P", "UsePreviousValue": True}]
    body = template({"Type": "String"}, {"Fn::Sub": "${P}!"})
    assert stacks.update(body, Parameters=kept) == "UPDATE_COMPLETE"
    assert stacks.outputs() == {"O": "a!"}
    with pytest.raises(ClientError, match="Cannot use previous value"):
        stacks.create(body, name="other", Parameters=kept)


def test_a_value_is_looked_up_in_the_store(stacks: Any, client: Callable[..., Any]) -> None:
    store = client("ssm")
    store.put_parameter(Name="/one", Value="1", Type="String")
    store.put_parameter(Name="/list", Value="a,b", Type="StringList")
    kind = "AWS::SSM::Parameter::Value<{}>"
    stacks.create(template({"Type": kind.format("String"), "Default": "/one"}))
    assert stacks.outputs() == {"O": "1"}
    (told,) = stacks.client.describe_stacks(StackName="demo")["Stacks"][0]["Parameters"]
    assert (told["ParameterValue"], told["ResolvedValue"]) == ("/one", "1")
    listed = template({"Type": kind.format("List<String>"), "Default": "/list"}, JOIN)
    stacks.create(listed, name="listed")
    assert stacks.outputs("listed") == {"O": "a+b"}
    with pytest.raises(ClientError, match="Unable to fetch parameters"):
        stacks.create(listed, name="gone", Parameters=given("/gone"))


DYNAMIC = """
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: "{{resolve:ssm:/one}} {{resolve:secretsmanager:s:SecretString:user}}"
"""


def test_what_is_referred_to_dynamically_is_looked_up(
    stacks: Any, client: Callable[..., Any]
) -> None:
    client("ssm").put_parameter(Name="/one", Value="1", Type="String")
    client("secretsmanager").create_secret(Name="s", SecretString='{"user": "ann"}')
    assert stacks.create(DYNAMIC) == "CREATE_COMPLETE"
    topic = client("sns").get_topic_attributes(TopicArn=stacks.ids()["A"])["Attributes"]
    assert topic["DisplayName"] == "1 ann"
    assert stacks.create(DYNAMIC.replace(":user", ":gone"), name="b") == "ROLLBACK_COMPLETE"
