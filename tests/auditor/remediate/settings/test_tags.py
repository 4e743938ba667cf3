"""Tags of resources of every service that is known, read and written through its own calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Document, RefusedError
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.tagging import TAGGINGS

REGION, ACCOUNT = "us-east-1", "123456789012"
TAGS = SETTINGS["tags"]

Client = Callable[[str], Any]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _make_alarm(client: Client) -> str:
    client("cloudwatch").put_metric_alarm(
        AlarmName="slow",
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return _arn("cloudwatch", "alarm:slow")


def _make_table(client: Client) -> str:
    made = client("dynamodb").create_table(
        TableName="features",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return str(made["TableDescription"]["TableArn"])


def _make_repository(client: Client) -> str:
    made = client("ecr").create_repository(repositoryName="scoring")
    return str(made["repository"]["repositoryArn"])


def _make_rule(client: Client) -> str:
    made = client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    return str(made["RuleArn"])


def _make_trigger(client: Client) -> str:
    client("glue").create_trigger(Name="nightly", Type="ON_DEMAND", Actions=[])
    return _arn("glue", "trigger/nightly")


def _make_function(client: Client) -> str:
    role = client("iam").create_role(RoleName="ml", AssumeRolePolicyDocument="{}")
    made = client("lambda").create_function(
        FunctionName="features",
        Role=role["Role"]["Arn"],
        PackageType="Image",
        Code={"ImageUri": "image:1"},
    )
    return str(made["FunctionArn"])


def _make_log_group(client: Client) -> str:
    client("logs").create_log_group(logGroupName="/ml")
    return _arn("logs", "log-group:/ml")


def _make_model(client: Client) -> str:
    made = client("sagemaker").create_model(
        ModelName="model",
        PrimaryContainer={"Image": "image:1"},
        ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/ml",
    )
    return str(made["ModelArn"])


def _make_bucket(client: Client) -> str:
    client("s3").create_bucket(Bucket="features")
    return "arn:aws:s3:::features"


def _make_topic(client: Client) -> str:
    return str(client("sns").create_topic(Name="alerts")["TopicArn"])


def _make_machine(client: Client) -> str:
    definition = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
    made = client("stepfunctions").create_state_machine(
        name="retrain", definition=definition, roleArn=f"arn:aws:iam::{ACCOUNT}:role/ml"
    )
    return str(made["stateMachineArn"])


MAKERS: dict[str, Callable[[Client], str]] = {
    "cloudwatch": _make_alarm,
    "dynamodb": _make_table,
    "ecr": _make_repository,
    "events": _make_rule,
    "glue": _make_trigger,
    "lambda": _make_function,
    "logs": _make_log_group,
    "s3": _make_bucket,
    "sagemaker": _make_model,
    "sns": _make_topic,
    "states": _make_machine,
}


def test_all_services_are_tried() -> None:
    assert set(MAKERS) == {*TAGGINGS, "s3"}


@pytest.mark.parametrize("service", MAKERS)
def test_tags_are_given_changed_and_taken(service: str, ask: Ask, client: Client) -> None:
    key = {"ResourceARN": MAKERS[service](client)}
    assert TAGS.read(key, ask) == {}
    for wanted in (
        {"team": "ml", "workload": "scoring"},
        {"workload": "ranking", "owner": "risk"},
        {"owner": "risk"},
        {},
    ):
        calls = TAGS.calls(key, TAGS.read(key, ask), wanted)
        for each in (*calls, *calls):
            ask(each.service, each.operation, each.params)
        assert TAGS.read(key, ask) == wanted


@pytest.mark.parametrize(
    ("service", "missing"),
    [
        ("dynamodb", "table/none"),
        ("ecr", "repository/none"),
        ("events", "rule/none"),
        ("lambda", "function:none"),
        ("sagemaker", "endpoint/none"),
        ("sns", "none"),
        ("states", "stateMachine:none"),
    ],
)
def test_what_is_gone_has_no_tags(service: str, missing: str, ask: Ask) -> None:
    assert TAGS.read({"ResourceARN": _arn(service, missing)}, ask) is None


@pytest.mark.parametrize("service", ["cloudwatch", "logs"])
def test_what_is_gone_has_no_tags_where_the_emulator_does_not_tell(service: str) -> None:
    def refuse(service: str, operation: str, _: Document) -> Document:
        raise RefusedError(service, operation, "ResourceNotFoundException", "There is none.")

    assert TAGS.read({"ResourceARN": _arn(service, "none")}, refuse) is None


def test_a_bucket_that_is_gone_has_no_tags(ask: Ask) -> None:
    assert TAGS.read({"ResourceARN": "arn:aws:s3:::nobodys"}, ask) is None


@pytest.mark.parametrize(
    ("service", "code", "message"),
    [
        ("sagemaker", "AccessDeniedException", "not authorized to perform sagemaker:ListTags"),
        ("sagemaker", "ValidationException", "1 validation error detected"),
        ("s3", "AccessDenied", "Access Denied"),
        ("ecr", "ServerException", "try again"),
    ],
)
def test_what_cannot_be_read_is_not_missing(service: str, code: str, message: str) -> None:
    def refuse(service: str, operation: str, _: Document) -> Document:
        raise RefusedError(service, operation, code, message)

    arn = "arn:aws:s3:::features" if service == "s3" else _arn(service, "endpoint/scoring")
    with pytest.raises(RefusedError, match=code):
        TAGS.read({"ResourceARN": arn}, refuse)


def test_tags_of_aws_are_left_alone() -> None:
    arn = _arn("sagemaker", "endpoint/scoring")
    before = {"aws:cloudformation:stack-name": "ml", "team": "ml"}
    assert not TAGS.calls({"ResourceARN": arn}, before, {"team": "ml"})
    (call,) = TAGS.calls({"ResourceARN": arn}, before, {})
    assert call.params["TagKeys"] == ["team"]


def test_tags_of_aws_are_written_with_the_others_of_a_bucket() -> None:
    before = {"aws:cloudformation:stack-name": "ml", "team": "ml"}
    (call,) = TAGS.calls({"ResourceARN": "arn:aws:s3:::features"}, before, {"team": "risk"})
    assert call.params["Tagging"]["TagSet"] == [
        {"Key": "aws:cloudformation:stack-name", "Value": "ml"},
        {"Key": "team", "Value": "risk"},
    ]


@pytest.mark.parametrize(
    "arn",
    [_arn("kinesis", "stream/events"), "arn:aws:s3:::features/key", "features", "arn:aws:iam::1"],
)
def test_other_tags_cannot_be_written(arn: str, ask: Ask) -> None:
    with pytest.raises(MlauditError, match="cannot be written"):
        TAGS.read({"ResourceARN": arn}, ask)
    with pytest.raises(MlauditError, match="cannot be written"):
        TAGS.calls({"ResourceARN": arn}, {}, {"team": "ml"})


@pytest.mark.parametrize("service", TAGGINGS)
def test_members_are_named_as_the_service_names_them(service: str) -> None:
    tagging = TAGGINGS[service]

    def members(operation: Operation, *, asked: bool = True) -> set[str]:
        model = botocore.session.get_session().get_service_model(operation.service)
        found = model.operation_model(operation.name)
        shape = found.input_shape if asked else found.output_shape
        return set(shape.members) if shape else set()

    assert tagging.resource in members(tagging.listing)
    assert tagging.listing.items in members(tagging.listing, asked=False)
    assert {tagging.resource, tagging.tags} <= members(tagging.giving)
    assert {tagging.resource, tagging.keys} <= members(tagging.taking)
    pages = members(tagging.listing, asked=False) & {"NextToken", "nextToken"}
    assert pages <= {tagging.listing.token_out}
