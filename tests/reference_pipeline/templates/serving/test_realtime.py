"""A real-time endpoint is updated step by step, and compares versions as the manifest says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.serving.realtime import STACK
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]


@pytest.fixture
def manifest(make: Make) -> Callable[..., Manifest]:
    """Make a manifest with a real-time endpoint."""
    return lambda **settings: make(targets=["realtime"], realtime=settings)


@pytest.mark.parametrize(
    ("settings", "answering", "shadows"),
    [
        ({}, {"Primary": 1}, {}),
        ({"second_percent": 10}, {"Primary": 0.9, "Second": 0.1}, {}),
        ({"shadow_percent": 25}, {"Primary": 1}, {"Shadow": 0.25}),
    ],
)
def test_versions_share_the_requests_as_the_manifest_says(
    resources: Read,
    made: Manifest,
    answering: dict[str, float],
    shadows: dict[str, float],
) -> None:
    (config,) = resources(STACK, made, "AWS::SageMaker::EndpointConfig").values()
    assert weights(config["ProductionVariants"]) == answering
    assert weights(config.get("ShadowProductionVariants", [])) == shadows
    second = {"SecondModelPackageArn"} if len(answering) + len(shadows) > 1 else set()
    asked = template(STACK, made)["Parameters"].keys() - {"PermissionsBoundary"}
    assert asked == {"ModelPackageArn"} | second


@pytest.fixture
def made(manifest: Make, settings: dict[str, int]) -> Manifest:
    """Make the manifest of one row of a table."""
    return manifest(**settings)


def weights(variants: list[dict[str, Any]]) -> dict[str, float]:
    return {each["VariantName"]: each["InitialVariantWeight"] for each in variants}


def test_each_version_has_a_model_of_its_own(manifest: Make, resources: Read) -> None:
    models = resources(STACK, manifest(second_percent=10), "AWS::SageMaker::Model")
    named = {name: each["Containers"][0]["ModelPackageName"] for name, each in models.items()}
    assert named == {
        "PrimaryModel": {"Ref": "ModelPackageArn"},
        "SecondModel": {"Ref": "SecondModelPackageArn"},
    }


def test_a_new_version_meets_a_share_first_and_the_old_one_waits(
    manifest: Make, resources: Read
) -> None:
    made = manifest(canary_percent=20, second_percent=10)
    (endpoint,) = resources(STACK, made, "AWS::SageMaker::Endpoint").values()
    policy = endpoint["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    routing = policy["TrafficRoutingConfiguration"]
    assert routing["CanarySize"] == {"Type": "CAPACITY_PERCENT", "Value": 20}
    assert min(routing["WaitIntervalInSeconds"], policy["TerminationWaitInSeconds"]) > 0
    guards = endpoint["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert {each["AlarmName"]["Ref"] for each in guards} == {
        "PrimaryFaults",
        "PrimaryLatency",
        "SecondFaults",
        "SecondLatency",
    }


def test_an_update_leaves_the_number_of_instances_to_scaling(
    manifest: Make, resources: Read
) -> None:
    (endpoint,) = resources(STACK, manifest(), "AWS::SageMaker::Endpoint").values()
    changed = {each["VariantPropertyType"] for each in endpoint["ExcludeRetainedVariantProperties"]}
    assert endpoint["RetainAllVariantProperties"] is True
    assert "DesiredInstanceCount" not in changed


@pytest.mark.parametrize("percent", [0, 30])
def test_requests_are_kept_and_may_be_kept_only_where_that_is_wanted(
    manifest: Make, resources: Read, percent: int
) -> None:
    made = manifest(capture_percent=percent)
    (config,) = resources(STACK, made, "AWS::SageMaker::EndpointConfig").values()
    (role,) = resources(STACK, made, "AWS::IAM::Role").values()
    kept = config.get("DataCaptureConfig", {}).get("InitialSamplingPercentage", 0)
    assert kept == percent
    assert ("s3:PutObject" in str(role["Policies"])) is (percent > 0)


def test_slow_answers_bring_an_instance_besides_many_requests(
    manifest: Make, resources: Read
) -> None:
    made = manifest(scaling={"minimum": 2, "maximum": 9, "invocations": 1200, "latency_ms": 80})
    policies = resources(STACK, made, "AWS::ApplicationAutoScaling::ScalingPolicy")
    by_requests = policies["PrimaryByRequests"]["TargetTrackingScalingPolicyConfiguration"]
    slow = resources(STACK, made, "AWS::CloudWatch::Alarm")["PrimarySlow"]
    assert by_requests["TargetValue"] == 1200
    assert slow["Threshold"] == 80_000
    assert slow["AlarmActions"] == [{"Ref": "PrimaryByLatency"}]


def test_a_shadow_is_watched_and_does_not_scale(manifest: Make, resources: Read) -> None:
    made = manifest(shadow_percent=50)
    alarms = set(resources(STACK, made, "AWS::CloudWatch::Alarm"))
    scaled = set(resources(STACK, made, "AWS::ApplicationAutoScaling::ScalableTarget"))
    assert {"ShadowFaults", "ShadowLatency", "ShadowMemory"} <= alarms
    assert not {"ShadowSilence", "ShadowFlood"} & alarms
    assert scaled == {"PrimaryScaling"}


def test_instances_come_one_by_one_and_go_slowly(manifest: Make, resources: Read) -> None:
    policies = resources(STACK, manifest(), "AWS::ApplicationAutoScaling::ScalingPolicy")
    (step,) = policies["PrimaryByLatency"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
    tracking = policies["PrimaryByRequests"]["TargetTrackingScalingPolicyConfiguration"]
    assert step == {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}
    assert tracking["ScaleInCooldown"] > tracking["ScaleOutCooldown"] > 0
