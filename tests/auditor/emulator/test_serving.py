"""Updates of endpoints: what they keep of the variants, and what goes with a configuration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.emulator import services
from mlaudit.emulator.cloud import Call, Cloud, Record

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
ACCOUNT, REGION = "123456789012", "us-east-1"
VARIANT: Record = {
    "VariantName": "v",
    "ModelName": "model",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}

Account = Callable[..., Record]


@pytest.fixture
def ask() -> Account:
    """SageMaker of one account, without HTTP in between, with an endpoint in service."""
    cloud = Cloud(services.HANDLERS, services.WHOLE, lambda: NOW)

    def call(operation: str, **params: Any) -> Record:
        return cloud.invoke(
            Call(cloud, "sagemaker", operation, params, ACCOUNT, REGION, NOW, becomes={})
        )

    role = f"arn:aws:iam::{ACCOUNT}:role/ml"
    call("CreateModel", ModelName="model", PrimaryContainer={"Image": "i:1"}, ExecutionRoleArn=role)
    call("CreateEndpointConfig", EndpointConfigName="config", ProductionVariants=[VARIANT])
    call("CreateEndpoint", EndpointName="endpoint", EndpointConfigName="config")
    return call


def test_an_endpoint_remembers_how_it_was_made_until_it_is_updated_otherwise(ask: Account) -> None:
    rollback = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    ask(
        "CreateEndpoint",
        EndpointName="guarded",
        EndpointConfigName="config",
        DeploymentConfig=rollback,
    )
    for keep, expected in ((True, rollback), (False, None)):
        described = ask("DescribeEndpoint", EndpointName="guarded")
        assert described["LastDeploymentConfig"] == rollback
        ask(
            "UpdateEndpoint",
            EndpointName="guarded",
            EndpointConfigName="config",
            RetainDeploymentConfig=keep,
        )
        described = ask("DescribeEndpoint", EndpointName="guarded")
        assert described.get("LastDeploymentConfig") == expected


def _capture(percent: int) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": "s3://captures",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }


@pytest.mark.parametrize(
    ("asked", "instances", "weight", "sampled"),
    [
        ({}, 1, 1.0, 50),
        ({"RetainAllVariantProperties": True}, 3, 0.5, 100),
        (
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [
                    {"VariantPropertyType": "DataCaptureConfig"},
                    {"VariantPropertyType": "DesiredWeight"},
                ],
            },
            3,
            1.0,
            50,
        ),
    ],
)
def test_an_update_keeps_of_the_variants_what_it_is_asked_to_keep(
    ask: Account, asked: dict[str, Any], instances: int, weight: float, sampled: int
) -> None:
    for name, percent in (("all", 100), ("half", 50)):
        ask(
            "CreateEndpointConfig",
            EndpointConfigName=name,
            ProductionVariants=[VARIANT],
            DataCaptureConfig=_capture(percent),
        )
    ask("UpdateEndpoint", EndpointName="endpoint", EndpointConfigName="all")
    ask(
        "UpdateEndpointWeightsAndCapacities",
        EndpointName="endpoint",
        DesiredWeightsAndCapacities=[
            {"VariantName": "v", "DesiredInstanceCount": 3, "DesiredWeight": 0.5}
        ],
    )
    ask("UpdateEndpoint", EndpointName="endpoint", EndpointConfigName="half", **asked)
    described = ask("DescribeEndpoint", EndpointName="endpoint")
    (now,) = described["ProductionVariants"]
    assert now["DesiredInstanceCount"] == now["CurrentInstanceCount"] == instances
    assert now["DesiredWeight"] == now["CurrentWeight"] == weight
    assert described["DataCaptureConfig"]["CurrentSamplingPercentage"] == sampled


def test_an_endpoint_has_nothing_left_of_a_former_configuration(ask: Account) -> None:
    ask(
        "CreateEndpointConfig",
        EndpointConfigName="captured",
        ProductionVariants=[VARIANT],
        ShadowProductionVariants=[{**VARIANT, "VariantName": "shadow"}],
        DataCaptureConfig=_capture(100),
    )
    for name, has in (("captured", True), ("config", False)):
        ask("UpdateEndpoint", EndpointName="endpoint", EndpointConfigName=name)
        described = ask("DescribeEndpoint", EndpointName="endpoint")
        assert ("DataCaptureConfig" in described) is has
        assert ("ShadowProductionVariants" in described) is has
