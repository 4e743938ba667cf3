"""Every kind of setting is made, altered, put back and deleted in an emulated account.

After each of these, reading tells exactly what was to be written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mlaudit.remediate.change import Ask, Call, Document, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.buckets import ACCESS_MEMBERS

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ml"
OWNED = [{"Key": "owner", "Value": "mlaudit"}, {"Key": "team", "Value": "ml"}]
MOVED = [{"Key": "owner", "Value": "risk"}]

Client = Callable[[str], Any]


@dataclass(frozen=True)
class Case:
    """One setting in two states; the other is ``None`` for what is not altered."""

    kind: str
    key: Key
    one: Document
    other: State

    @property
    def setting(self) -> Setting:
        return SETTINGS[self.kind]


def _metric(name: str) -> dict[str, Any]:
    return {
        "Id": name.lower(),
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SageMaker",
                "MetricName": name,
                "Dimensions": [{"Name": "EndpointName", "Value": "scoring"}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }


LATENCY: Mapping[str, Any] = {
    "AlarmDescription": "Answers are slow.",
    "Namespace": "AWS/SageMaker",
    "MetricName": "ModelLatency",
    "Dimensions": [{"Name": "EndpointName", "Value": "scoring"}],
    "ExtendedStatistic": "p95",
    "Period": 60,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 1000000.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "ActionsEnabled": True,
    "AlarmActions": [f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"],
    "Tags": OWNED,
}
RATE: Mapping[str, Any] = {
    "Metrics": [
        _metric("Invocation5XXErrors"),
        _metric("Invocations"),
        {
            "Id": "rate",
            "Expression": "100 * invocation5xxerrors / invocations",
            "Label": "errors in percent",
            "ReturnData": True,
        },
    ],
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "ActionsEnabled": False,
}

VARIANT: Mapping[str, Any] = {
    "VariantName": "main",
    "ModelName": "model",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
    "InitialVariantWeight": 1.0,
}


def _scaled(endpoint: str) -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/main",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }


SCALED = _scaled("scaled")


def _tracking(target: float) -> dict[str, Any]:
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": target,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
    }


def _topic(name: str) -> str:
    return f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"


def _policy(topic: str, service: str) -> str:
    statement = {
        "Sid": "publish",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": _topic(topic),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _serving(config: str) -> dict[str, Any]:
    alarms = {"Alarms": [{"AlarmName": f"{config}-errors"}]}
    canary = {"Type": "CANARY", "WaitIntervalInSeconds": 300}
    share = {"CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20}}
    blue_green = {"TrafficRoutingConfiguration": {**canary, **share}}
    return {
        "EndpointConfigName": config,
        "DeploymentConfig": {
            "BlueGreenUpdatePolicy": blue_green,
            "AutoRollbackConfiguration": alarms,
        },
    }


def _rule(algorithm: str, **key: str) -> dict[str, Any]:
    encryption = {"SSEAlgorithm": algorithm, **key}
    return {"ApplyServerSideEncryptionByDefault": encryption, "BucketKeyEnabled": bool(key)}


def _artifact(name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:artifact/{name}"


CASES = [
    Case(
        "logs.group",
        {"logGroupName": "/aws/sagemaker/Endpoints/scoring"},
        {"retentionInDays": 30, "tags": {"owner": "mlaudit", "team": "ml"}},
        {"retentionInDays": 180, "tags": {"owner": "risk"}},
    ),
    Case(
        "logs.group",
        {"logGroupName": "/aws/sagemaker/Endpoints"},
        {},
        {"retentionInDays": 180},
    ),
    Case("cloudwatch.alarm", {"AlarmName": "slow"}, LATENCY, {**LATENCY, "Threshold": 2e6}),
    Case("cloudwatch.alarm", {"AlarmName": "retagged"}, LATENCY, {**LATENCY, "Tags": MOVED}),
    Case("cloudwatch.alarm", {"AlarmName": "errors"}, RATE, LATENCY),
    Case(
        "cloudwatch.dashboard",
        {"DashboardName": "scoring"},
        {"DashboardBody": json.dumps({"widgets": []})},
        {"DashboardBody": json.dumps({"widgets": [{"type": "text", "x": 0}]})},
    ),
    Case(
        "application-autoscaling.target",
        SCALED,
        {"MinCapacity": 1, "MaxCapacity": 2},
        {
            "MinCapacity": 2,
            "MaxCapacity": 4,
            "SuspendedState": {
                "DynamicScalingInSuspended": True,
                "DynamicScalingOutSuspended": False,
                "ScheduledScalingSuspended": False,
            },
        },
    ),
    Case(
        "application-autoscaling.policy",
        {"PolicyName": "invocations", **_scaled("policed")},
        _tracking(70.0),
        _tracking(50.0),
    ),
    Case(
        "sns.topic",
        {"TopicArn": _topic("alerts")},
        {"Tags": OWNED},
        {"Tags": MOVED, "Policy": _policy("alerts", "cloudwatch")},
    ),
    Case(
        "sns.topic",
        {"TopicArn": _topic("events")},
        {"Policy": _policy("events", "events")},
        {},
    ),
    Case("sagemaker.endpoint", {"EndpointName": "moving"}, _serving("one"), _serving("two")),
    Case(
        "sagemaker.endpoint",
        {"EndpointName": "retagged"},
        {"EndpointConfigName": "one", "Tags": OWNED},
        {"EndpointConfigName": "two", "Tags": MOVED},
    ),
    Case(
        "sns.subscription",
        {"TopicArn": _topic("read"), "Protocol": "sms", "Endpoint": "+41441234567"},
        {},
        None,
    ),
    Case(
        "s3.encryption",
        {"Bucket": "encrypted"},
        {"Rules": [_rule("AES256")]},
        {"Rules": [_rule("aws:kms", KMSMasterKeyID="alias/ml")]},
    ),
    Case(
        "s3.public-access",
        {"Bucket": "private"},
        dict.fromkeys(ACCESS_MEMBERS, True),
        {"BlockPublicAcls": True, "IgnorePublicAcls": True},
    ),
    Case(
        "sagemaker.endpoint-config",
        {"EndpointConfigName": "captured"},
        {
            "ProductionVariants": [VARIANT],
            "DataCaptureConfig": {
                "EnableCapture": True,
                "InitialSamplingPercentage": 100,
                "DestinationS3Uri": "s3://captures/scoring",
                "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
                "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
            },
            "KmsKeyId": "alias/ml",
            "EnableNetworkIsolation": True,
            "Tags": OWNED,
        },
        None,
    ),
    Case(
        "sagemaker.endpoint-config",
        {"EndpointConfigName": "serverless"},
        {
            "ProductionVariants": [
                {
                    "VariantName": "main",
                    "ModelName": "model",
                    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                }
            ]
        },
        None,
    ),
    Case(
        "sagemaker.association",
        {"SourceArn": _artifact("data"), "DestinationArn": _artifact("model")},
        {"AssociationType": "ContributedTo"},
        None,
    ),
]
NAMES = [f"{case.kind}-{index}" for index, case in enumerate(CASES)]


@pytest.fixture(scope="module", autouse=True)
def _prepared(client: Client) -> None:
    """What is changed but never made by settings."""
    sagemaker = client("sagemaker")
    sagemaker.create_model(
        ModelName="model", PrimaryContainer={"Image": "image:1"}, ExecutionRoleArn=ROLE
    )
    for config in ("one", "two"):
        sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=[VARIANT])
    for endpoint in ("scaled", "policed"):
        sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName="one")
    client("application-autoscaling").register_scalable_target(
        **_scaled("policed"), MinCapacity=1, MaxCapacity=2
    )
    for name in ("data", "model"):
        source = {"SourceUri": f"s3://{name}"}
        sagemaker.create_artifact(ArtifactName=name, ArtifactType=name, Source=source)
    client("sns").create_topic(Name="read")
    for bucket in ("encrypted", "private"):
        client("s3").create_bucket(Bucket=bucket)


def _make(ask: Ask, calls: Any) -> None:
    for each in calls:
        ask(each.service, each.operation, each.params)


def _write(case: Case, ask: Ask, wanted: State) -> None:
    """Bring it to a state, and see that it is there, and that there is nothing left to do."""
    setting = case.setting
    _make(ask, setting.calls(case.key, setting.read(case.key, ask), wanted))
    there = setting.read(case.key, ask)
    assert setting.are_equal(there, wanted), (there, wanted)
    assert not list(setting.calls(case.key, there, setting.read(case.key, ask)))
    json.dumps(there, allow_nan=False)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_is_what_was_written(case: Case, ask: Ask) -> None:
    assert case.setting.read(case.key, ask) is None
    for state in (case.one, case.one, case.other, case.one, None):
        _write(case, ask, state)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_writing_again_from_the_start_ends_the_same(case: Case, ask: Ask) -> None:
    setting = case.setting
    for state in (case.one, case.other):
        before = setting.read(case.key, ask)
        calls = list(setting.calls(case.key, before, state))
        _make(ask, calls[:-1])
        for each in calls:
            _make_again(ask, each)
        assert setting.are_equal(setting.read(case.key, ask), state)
    _write(case, ask, None)


def _make_again(ask: Ask, call: Call) -> None:
    try:
        ask(call.service, call.operation, call.params)
    except RefusedError as refused:
        if refused.code not in call.already:
            raise


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_same_state_takes_no_call(case: Case) -> None:
    for state in (None, case.one, case.other):
        assert not list(case.setting.calls(case.key, state, state))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_all_calls_are_declared(case: Case, ask: Ask) -> None:
    setting = case.setting
    read, write = ({each.id for each in some} for some in (setting.reads, setting.writes))

    def watched(service: str, operation: str, params: Document) -> Document:
        assert f"{service}:{operation}" in read
        return ask(service, operation, params)

    for state in (case.one, case.other, None):
        before = setting.read(case.key, watched)
        calls = list(setting.calls(case.key, before, state))
        assert {each.id for each in calls} <= write
        _make(ask, calls)
    assert not setting.holds_data(case.key, watched)
    assert setting.is_settled(case.key, watched)
