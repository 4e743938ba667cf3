"""Single calls at moments of the past, and accounts that give nothing the same id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.emulator import ScenarioError, emulated_account
from mlaudit.emulator.errors import RefusedCallError
from mlaudit.emulator.seeding import PastCall, caller

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
THEN = NOW - timedelta(days=40, minutes=7, seconds=5)
ROLE = "arn:aws:iam::123456789012:role/ml"
MODEL = {"ModelName": "m", "PrimaryContainer": {"Image": "i"}, "ExecutionRoleArn": ROLE}
CONFIG = {
    "EndpointConfigName": "c",
    "ProductionVariants": [
        {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large",
         "InitialInstanceCount": 1}
    ],
}  # fmt: skip
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/e/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
POLICY = {**TARGET, "PolicyName": "p", "PolicyType": "TargetTrackingScaling"}
BOUNDS = {"MinCapacity": 1, "MaxCapacity": 2}
FUNCTION = {
    "FunctionName": "f",
    "Runtime": "python3.11",
    "Handler": "f.f",
    "Role": "arn:aws:iam::123456789012:role/f",
    "Code": {"ZipFile": b"zip"},
}
MAPPING = {
    "FunctionName": "f",
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
    "StartingPosition": "LATEST",
}
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def test_a_call_takes_place_at_its_moment_and_in_its_region() -> None:
    with emulated_account(None, now=NOW) as account:
        make = caller(account.endpoint_url, "eu-west-1")
        make(PastCall("sagemaker", "CreateModel", MODEL, THEN))
        (found,) = make(PastCall("sagemaker", "ListModels", {}, NOW))["Models"]
        elsewhere = caller(account.endpoint_url, "us-east-1")
        assert elsewhere(PastCall("sagemaker", "ListModels", {}, NOW))["Models"] == []
    assert found["CreationTime"] == THEN
    assert found["ModelArn"].split(":")[3] == "eu-west-1"


def test_a_refused_call_is_told() -> None:
    call = PastCall("sagemaker", "CreateEndpointConfig", CONFIG, NOW)
    with emulated_account(None) as account, pytest.raises(RefusedCallError) as refused:
        caller(account.endpoint_url, account.region)(call)
    assert refused.value.code == "ValidationException"
    assert "sagemaker:CreateEndpointConfig was refused" in str(refused.value)
    assert "Could not find model" in str(refused.value)


def test_a_refused_update_leaves_an_endpoint_as_it_was() -> None:
    endpoint = {"EndpointName": "e"}
    with emulated_account(None) as account:
        make = caller(account.endpoint_url, account.region)
        make(PastCall("sagemaker", "CreateModel", MODEL, NOW))
        make(PastCall("sagemaker", "CreateEndpointConfig", CONFIG, NOW))
        made = {**endpoint, "EndpointConfigName": "c"}
        make(PastCall("sagemaker", "CreateEndpoint", made, NOW))
        wrong = PastCall("sagemaker", "UpdateEndpoint", {**made, "EndpointConfigName": "no"}, NOW)
        with pytest.raises(RefusedCallError, match="Could not find endpoint config"):
            make(wrong)
        found = make(PastCall("sagemaker", "DescribeEndpoint", endpoint, NOW))
    assert found["EndpointConfigName"] == "c"


def test_a_call_that_is_not_understood_is_told() -> None:
    with emulated_account(None) as account, pytest.raises(ScenarioError, match="ModelName"):
        caller(account.endpoint_url, account.region)(
            PastCall("sagemaker", "CreateModel", {"ModelName": 1}, NOW)
        )


def _made(ids: str, becomes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The ids of a target, of its policy and of an event source in a new account."""
    calls: list[tuple[str, str, Mapping[str, Any]]] = [
        ("sagemaker", "CreateModel", MODEL),
        ("sagemaker", "CreateEndpointConfig", CONFIG),
        ("sagemaker", "CreateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"}),
        ("application-autoscaling", "RegisterScalableTarget", {**TARGET, **BOUNDS}),
        ("application-autoscaling", "PutScalingPolicy", POLICY),
        ("iam", "CreateRole", {"RoleName": "f", "AssumeRolePolicyDocument": TRUST}),
        ("lambda", "CreateFunction", FUNCTION),
        ("lambda", "CreateEventSourceMapping", MAPPING),
    ]
    asks = [
        ("application-autoscaling", "DescribeScalableTargets", "ScalableTargetARN"),
        ("application-autoscaling", "DescribeScalingPolicies", "PolicyARN"),
        ("lambda", "ListEventSourceMappings", "UUID"),
    ]
    with emulated_account(None, ids=ids) as account:
        make = caller(account.endpoint_url, account.region)
        for service, operation, params in calls:
            make(PastCall(service, operation, params, NOW, becomes.get(operation, {})))
        found = []
        for service, operation, member in asks:
            params = {"ServiceNamespace": "sagemaker"} if service != "lambda" else {}
            answer = make(PastCall(service, operation, params, NOW))
            (row,) = next(each for each in answer.values() if isinstance(each, list))
            found.append(row[member])
    return found


def test_ids_depend_on_what_they_are_made_from_and_on_nothing_else() -> None:
    one, again, other = _made("", {}), _made("", {}), _made("other", {})
    assert one == again
    assert not set(one) & set(other)


def test_what_is_there_already_keeps_its_ids() -> None:
    arn = "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0a1b"
    policy = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:0c:resource/r:policyName/p"
    uuid = "0d0d0d0d-0000-4000-8000-0123456789ab"
    becomes = {
        "RegisterScalableTarget": {"ScalableTargetARN": arn},
        "PutScalingPolicy": {"PolicyARN": policy},
        "CreateEventSourceMapping": {"UUID": uuid},
    }
    assert _made("", becomes) == [arn, policy, uuid]


def test_a_version_has_the_number_it_is_said_to_have_and_the_next_one_follows() -> None:
    group = {"ModelPackageGroupName": "g"}
    with emulated_account(None) as account:
        make = caller(account.endpoint_url, account.region)
        make(PastCall("sagemaker", "CreateModelPackageGroup", group, THEN))
        becomes: list[Mapping[str, Any]] = [
            {"ModelPackageVersion": 7},
            {"ModelPackageVersion": 3},
            {},
        ]
        arns = [
            make(PastCall("sagemaker", "CreateModelPackage", group, THEN, each))["ModelPackageArn"]
            for each in becomes
        ]
    assert [each.rpartition("/")[2] for each in arns] == ["7", "3", "8"]
