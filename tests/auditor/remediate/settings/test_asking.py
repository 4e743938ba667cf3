"""Records that are missing, records that cannot be read, and listings of many pages."""

from __future__ import annotations

import pytest

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Document, Key, RefusedError
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.asking import found, listed

GET = Operation("ecr", "DescribeRepositories")
LIST = Operation("logs", "DescribeLogGroups", "logGroups", "nextToken", "nextToken")


def _refusing(code: str, message: str = "no") -> Ask:
    def refuse(service: str, operation: str, _: Document) -> Document:
        raise RefusedError(service, operation, code, message)

    return refuse


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ResourceNotFoundException", "gone"),
        ("OnlyHereException", "gone"),
        ("ValidationException", 'Could not find endpoint "scoring".'),
    ],
)
def test_what_is_not_there_is_none(code: str, message: str) -> None:
    assert found(_refusing(code, message), GET, "OnlyHereException") is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "no"),
        ("ThrottlingException", "slower"),
        ("ValidationException", "1 validation error detected"),
        ("InternalFailure", "sorry"),
    ],
)
def test_what_cannot_be_read_stays_refused(code: str, message: str) -> None:
    with pytest.raises(RefusedError, match=code) as raised:
        found(_refusing(code, message), GET)
    assert raised.value.message == message


KEYS: dict[str, Key] = {
    "application-autoscaling.policy": {
        "PolicyName": "p",
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    },
    "application-autoscaling.target": {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    },
    "cloudwatch.alarm": {"AlarmName": "a"},
    "cloudwatch.dashboard": {"DashboardName": "d"},
    "ecr.repository": {"repositoryName": "r"},
    "lambda.event-source": {"UUID": "u"},
    "logs.group": {"logGroupName": "/g"},
    "s3.encryption": {"Bucket": "b"},
    "s3.public-access": {"Bucket": "b"},
    "s3.versioning": {"Bucket": "b"},
    "sagemaker.association": {"SourceArn": "arn:a", "DestinationArn": "arn:b"},
    "sagemaker.endpoint": {"EndpointName": "e"},
    "sagemaker.endpoint-config": {"EndpointConfigName": "c"},
    "sns.subscription": {
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
        "Protocol": "email",
        "Endpoint": "a@b.c",
    },
    "sns.topic": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t"},
    "tags": {"ResourceARN": "arn:aws:sns:us-east-1:123456789012:t"},
}


def test_every_kind_is_tried() -> None:
    assert set(KEYS) == set(SETTINGS)


@pytest.mark.parametrize("kind", SETTINGS)
def test_no_kind_takes_a_denial_for_something_missing(kind: str) -> None:
    with pytest.raises(RefusedError, match="AccessDenied"):
        SETTINGS[kind].read(KEYS[kind], _refusing("AccessDenied"))


@pytest.mark.parametrize("kind", ["logs.group", "sagemaker.endpoint", "lambda.event-source"])
def test_a_denial_does_not_settle_anything(kind: str) -> None:
    setting = SETTINGS[kind]
    look = setting.holds_data if kind == "logs.group" else setting.is_settled
    with pytest.raises(RefusedError, match="AccessDenied"):
        look(KEYS[kind], _refusing("AccessDenied"))


def test_all_pages_are_read_to_the_end() -> None:
    pages: dict[str | None, Document] = {
        None: {"logGroups": [{"n": 1}], "nextToken": "a"},
        "a": {"logGroups": [], "nextToken": "b"},
        "b": {"logGroups": [{"n": 2}]},
    }

    def ask(_service: str, _operation: str, params: Document) -> Document:
        assert params["logGroupNamePrefix"] == "/ml"
        return pages[params.get("nextToken")]

    assert [each["n"] for each in listed(ask, LIST, logGroupNamePrefix="/ml")] == [1, 2]


def test_pages_that_repeat_end_with_an_error() -> None:
    with pytest.raises(MlauditError, match="again and again"):
        list(listed(lambda *_: {"logGroups": [], "nextToken": "a"}, LIST))
