"""CloudTrail tells which calls to SageMaker were made, and claims to know no others."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def asked(client: Any, key: str, value: str) -> list[Any]:
    attributes = [{"AttributeKey": key, "AttributeValue": value}]
    found: list[Any] = client("cloudtrail").lookup_events(LookupAttributes=attributes)["Events"]
    return found


def test_a_call_that_changed_something_is_on_record(client: Any) -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="one")
    sagemaker.describe_model_package_group(ModelPackageGroupName="one")
    (event,) = asked(client, "EventName", "CreateModelPackageGroup")
    assert '"modelPackageGroupName": "one"' in event["CloudTrailEvent"]
    assert asked(client, "EventName", "DescribeModelPackageGroup") == []


def test_a_call_that_was_refused_is_not_on_record(client: Any) -> None:
    with pytest.raises(ClientError):
        client("sagemaker").create_model(ModelName="one", ExecutionRoleArn="arn:aws:iam::1:role/r")
    assert asked(client, "EventName", "CreateModel") == []


@pytest.mark.parametrize(("key", "value"), [("EventName", "RunInstances"), ("Username", "me")])
def test_what_is_not_kept_is_refused_and_not_empty(key: str, value: str, client: Any) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        asked(client, key, value)
