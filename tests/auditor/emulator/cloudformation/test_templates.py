"""Templates that CloudFormation refuses to read, and what it says about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator.cloudformation import references, templates
from mlaudit.emulator.errors import Refusal

TOPIC = {"Type": "AWS::SNS::Topic"}


def with_resource(entry: Any, **sections: Any) -> str:
    return json.dumps({"Resources": {"A": entry}, **sections})


WRONG: list[tuple[str, str]] = [
    ("just text", "unsupported structure"),
    ("a: [", "YAML not well-formed"),
    ('{"Resources": ', "JSON not well-formed"),
    ("Resources: {A: {Type: AWS::SNS::Topic}, A: {Type: AWS::SQS::Queue}}", "not well-formed"),
    ("{}", "At least one Resources member"),
    ("Resources: []", "At least one Resources member"),
    ("Resources: [a]", "must be an object"),
    (with_resource(TOPIC, Extra={}), "Invalid template property or properties"),
    (with_resource("x"), "Every Resources member must be an object"),
    (with_resource({}), "must contain a Type member"),
    (with_resource({**TOPIC, "Depends": "B"}), "Invalid template resource property 'Depends'"),
    (with_resource({**TOPIC, "Properties": []}).replace("[]", "[1]"), "must be an object"),
    (with_resource({**TOPIC, "DeletionPolicy": "Keep"}), "Unrecognized DeletionPolicy Keep"),
    (with_resource(TOPIC).replace('"A"', '"A-b"'), "non alphanumeric"),
    (with_resource({"Type": "AWS::SNS::Topik"}), "Unrecognized resource types"),
    (with_resource({**TOPIC, "DependsOn": "B"}), "Unresolved resource dependencies"),
    (with_resource({**TOPIC, "Properties": {"TopicName": {"Ref": "B"}}}), "dependencies .B."),
    (with_resource({**TOPIC, "Properties": {"TopicName": {"Fn::Sub": "${B}"}}}), "dependencies"),
    (with_resource({**TOPIC, "Properties": {"TopicName": {"Fn::GetAtt": ["B", "Arn"]}}}),
     "dependencies"),
    (with_resource({**TOPIC, "Properties": {"TopicName": {"Ref": "A"}}}), "Circular dependency"),
    (with_resource(TOPIC, Outputs={"O": {"Value": {"Fn::GetAtt": ["A", "Colour"]}}}),
     "does not support attribute type Colour"),
    (with_resource(TOPIC, Outputs={"O": {"Value": {"Ref": "B"}}}), "in the Outputs block"),
    (with_resource(TOPIC, Outputs={"O": {}}), "must contain a Value"),
    (with_resource(TOPIC, Outputs={"O": {"Value": "a", "Export": "b"}}), "The Export field must"),
    (with_resource({**TOPIC, "DependsOn": [{"Ref": "B"}]}), "DependsOn of resource A must be"),
    (with_resource({**TOPIC, "Condition": ["C"]}), "Every Condition member must be a string"),
    (with_resource(TOPIC, Parameters={"P": {}}), "must contain a Type"),
    (with_resource(TOPIC, Rules={"R": {}}), "does not evaluate the Rules"),
    (with_resource({**TOPIC, "CreationPolicy": {}}), "does not heed the CreationPolicy of A"),
    (with_resource(TOPIC, Transform="AWS::Serverless-2016-10-31"), "does not process"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), WRONG, ids=lambda value: str(value)[:60])
def test_a_wrong_template_is_refused(body: str, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        references.check(templates.read(body))


def test_short_forms_and_long_ones_say_the_same() -> None:
    short = templates.read("""
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Join ["-", [!Ref "AWS::Region", !GetAtt B.Arn, !Select [0, !Split [",", "a"]]]]
      DisplayName: !If [C, !Sub "${B.Arn}", !Ref AWS::NoValue]
  B: {Type: AWS::SQS::Queue}
""")
    properties = short.resources["A"]["Properties"]
    joined = [
        {"Ref": "AWS::Region"},
        {"Fn::GetAtt": ["B", "Arn"]},
        {"Fn::Select": [0, {"Fn::Split": [",", "a"]}]},
    ]
    assert properties["TopicName"] == {"Fn::Join": ["-", joined]}
    assert properties["DisplayName"] == {
        "Fn::If": ["C", {"Fn::Sub": "${B.Arn}"}, {"Ref": "AWS::NoValue"}]
    }


def test_a_day_is_text() -> None:
    body = "Resources: {A: {Type: AWS::SNS::Topic, Metadata: {Version: 2012-10-17}}}"
    assert templates.read(body).resources["A"]["Metadata"] == {"Version": "2012-10-17"}


def test_json_may_be_yaml_in_its_flow_style() -> None:
    body = "{Resources: {A: {Type: AWS::SNS::Topic}}}"
    assert templates.read(body).resources == {"A": TOPIC}


def test_too_many_resources_are_refused() -> None:
    body = json.dumps({"Resources": {f"A{number}": TOPIC for number in range(501)}})
    with pytest.raises(Refusal, match="greater than maximum allowed, 500"):
        templates.read(body)


SUMMED_UP = """
Description: a topic and a role
Parameters:
  Name: {Type: String, Default: x, NoEcho: true, AllowedValues: [x, y], Description: its name}
Metadata: {Owner: ml}
Resources:
  A: {Type: AWS::SNS::Topic}
  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref Name, AssumeRolePolicyDocument: {}}}
"""


def test_a_template_is_validated_and_summed_up(client: Callable[..., Any]) -> None:
    stacks = client("cloudformation")
    told = stacks.validate_template(TemplateBody=SUMMED_UP)
    assert told["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert told["Description"] == "a topic and a role"
    (parameter,) = told["Parameters"]
    assert (parameter["DefaultValue"], parameter["NoEcho"]) == ("x", True)
    summary = stacks.get_template_summary(TemplateBody=SUMMED_UP)
    assert summary["ResourceTypes"] == ["AWS::IAM::Role", "AWS::SNS::Topic"]
    assert summary["Parameters"][0]["ParameterConstraints"]["AllowedValues"] == ["x", "y"]
    assert json.loads(summary["Metadata"]) == {"Owner": "ml"}
    with pytest.raises(ClientError, match="Template format error"):
        stacks.validate_template(TemplateBody="[]")


def test_a_template_may_lie_in_a_bucket(stacks: Any, client: Callable[..., Any]) -> None:
    client("s3").create_bucket(Bucket="templates")
    body = json.dumps({"Resources": {"A": TOPIC}})
    client("s3").put_object(Bucket="templates", Key="a/b.json", Body=body.encode())
    urls = [
        "https://templates.s3.us-east-1.amazonaws.com/a/b.json",
        "https://templates.s3.amazonaws.com/a/b.json",
        "https://s3.us-east-1.amazonaws.com/templates/a/b.json",
    ]
    for number, url in enumerate(urls):
        stacks.client.create_stack(StackName=f"s{number}", TemplateURL=url)
        assert stacks.status(f"s{number}") == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="S3 error"):
        stacks.client.create_stack(StackName="s4", TemplateURL=urls[0].replace("b.json", "c.json"))
    with pytest.raises(ClientError, match="Either Template URL or Template Body"):
        stacks.client.create_stack(StackName="s5")
