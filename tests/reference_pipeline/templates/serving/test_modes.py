"""What each mode has of its own: serverless, async, components, multi-model, serial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.serving import (
    asynchronous,
    components,
    multi_model,
    serial,
    serverless,
)
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

SCALABLE = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
CONFIG = "AWS::SageMaker::EndpointConfig"
ALARM = "AWS::CloudWatch::Alarm"


@pytest.mark.parametrize(("provisioned", "expected"), [(0, []), (2, [(2, 5)])])
def test_serverless_scales_what_is_provisioned_and_nothing_else(
    make: Make, resources: Read, provisioned: int, expected: list[tuple[int, int]]
) -> None:
    manifest = make(serverless={"provisioned": provisioned})
    found = resources(serverless.STACK, manifest, SCALABLE).values()
    assert [(each["MinCapacity"], each["MaxCapacity"]) for each in found] == expected
    (config,) = resources(serverless.STACK, manifest, CONFIG).values()
    (variant,) = config["ProductionVariants"]
    assert variant["ServerlessConfig"].get("ProvisionedConcurrency", {"Ref": "AWS::NoValue"}) == (
        provisioned or {"Ref": "AWS::NoValue"}
    )


def test_serverless_is_given_nothing_that_it_refuses(make: Make, resources: Read) -> None:
    manifest = make(profile="production", targets=["serverless"])
    (config,) = resources(serverless.STACK, manifest, CONFIG).values()
    (endpoint,) = resources(serverless.STACK, manifest, "AWS::SageMaker::Endpoint").values()
    (model,) = resources(serverless.STACK, manifest, "AWS::SageMaker::Model").values()
    assert "DataCaptureConfig" not in config
    assert "DeploymentConfig" not in endpoint
    assert "VpcConfig" not in model
    assert model["EnableNetworkIsolation"] is False


def test_async_sleeps_and_the_first_request_wakes_it(make: Make, resources: Read) -> None:
    manifest = make(asynchronous={"maximum": 3, "backlog": 7})
    (scaled,) = resources(asynchronous.STACK, manifest, SCALABLE).values()
    policies = resources(asynchronous.STACK, manifest, POLICY)
    wakes = resources(asynchronous.STACK, manifest, ALARM)["PrimaryWakes"]
    backlog = policies["PrimaryByBacklog"]["TargetTrackingScalingPolicyConfiguration"]
    assert (scaled["MinCapacity"], scaled["MaxCapacity"]) == (0, 3)
    assert backlog["TargetValue"] == 7
    assert wakes["MetricName"] == "HasBacklogWithoutCapacity"
    assert wakes["AlarmActions"] == [{"Ref": "PrimaryFromNothing"}]


@pytest.mark.parametrize(("maximum", "instances", "way"), [(1, 1, "ALL_AT_ONCE"), (4, 2, "CANARY")])
def test_async_is_updated_by_a_canary_where_there_may_be_two_instances(
    make: Make, resources: Read, maximum: int, instances: int, way: str
) -> None:
    manifest = make(asynchronous={"maximum": maximum})
    (config,) = resources(asynchronous.STACK, manifest, CONFIG).values()
    (endpoint,) = resources(asynchronous.STACK, manifest, "AWS::SageMaker::Endpoint").values()
    policy = endpoint["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert config["ProductionVariants"][0]["InitialInstanceCount"] == instances
    assert policy["TrafficRoutingConfiguration"]["Type"] == way


def test_what_async_answers_and_fails_is_told(make: Make, resources: Read) -> None:
    manifest = make()
    (config,) = resources(asynchronous.STACK, manifest, CONFIG).values()
    told = config["AsyncInferenceConfig"]["OutputConfig"]["NotificationConfig"]
    assert told == {"SuccessTopic": {"Ref": "SuccessTopic"}, "ErrorTopic": {"Ref": "ErrorTopic"}}
    (policy,) = resources(asynchronous.STACK, manifest, "AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "ErrorTopic"}}}


@pytest.mark.parametrize(
    ("tenants", "parameters"),
    [
        (["main"], {"ModelPackageArn"}),
        (
            ["main", "north-west"],
            {"ModelPackageArn", "NorthWestModelPackageArn"},
        ),
    ],
)
def test_every_tenant_has_a_component_that_goes_to_nothing_and_back(
    make: Make, resources: Read, tenants: list[str], parameters: set[str]
) -> None:
    manifest = make(targets=["components"], components={"tenants": tenants, "copies": 3})
    made = resources(components.STACK, manifest, "AWS::SageMaker::InferenceComponent").values()
    names = {each["InferenceComponentName"] for each in made}
    assert names == {f"consumer-credit-{tenant}" for tenant in tenants}
    for target in resources(components.STACK, manifest, SCALABLE).values():
        assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 3)
    wakes = [
        alarm
        for alarm in resources(components.STACK, manifest, ALARM).values()
        if alarm["MetricName"] == "NoCapacityInvocationFailures"
    ]
    assert {each["Dimensions"][0]["Value"] for each in wakes} == names
    compiled = template(components.STACK, manifest)
    assert compiled["Parameters"].keys() - {"PermissionsBoundary"} == parameters


def test_the_fleet_under_components_goes_to_nothing_too(make: Make, resources: Read) -> None:
    manifest = make(targets=["components"], components={"maximum": 5})
    (config,) = resources(components.STACK, manifest, CONFIG).values()
    (variant,) = config["ProductionVariants"]
    assert "ModelName" not in variant
    assert variant["ManagedInstanceScaling"] == {
        "Status": "ENABLED",
        "MinInstanceCount": 0,
        "MaxInstanceCount": 5,
    }


def test_many_models_are_loaded_from_one_prefix(make: Make, resources: Read) -> None:
    manifest = make(targets=["multi-model"])
    (model,) = resources(multi_model.STACK, manifest, "AWS::SageMaker::Model").values()
    (container,) = model["Containers"]
    assert container["Mode"] == "MultiModel"
    assert container["ModelDataUrl"]["Fn::Sub"][0] == "s3://${Bucket}/multi-model/"


def test_three_containers_of_one_version_answer_in_a_row(make: Make, resources: Read) -> None:
    manifest = make(targets=["serial"])
    (model,) = resources(serial.STACK, manifest, "AWS::SageMaker::Model").values()
    parts = [each["Environment"]["PIPELINE_PART"] for each in model["Containers"]]
    assert parts == ["preprocess", "model", "postprocess"]
    assert {str(each["ModelPackageName"]) for each in model["Containers"]} == {
        "{'Ref': 'ModelPackageArn'}"
    }
    assert model["InferenceExecutionConfig"] == {"Mode": "Serial"}
