"""Whatever a manifest asks for: what answers scales, logs, is watched, and keeps nothing open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import serving, shared
from mlaudit_reference.templates.finish import UNTAGGED, WORKLOAD_TAG
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]

KAFKA = {
    "source": "msk",
    "cluster_arn": "arn:aws:kafka:us-east-1:111122223333:cluster/loans/0b1c2d3e-1111-2222-3333-1",
    "topic": "applications",
    "endpoint": "realtime",
}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "zero": {"profile": "zero"},
    "demo": {"profile": "demo"},
    "production": {"profile": "production"},
    "everything": {"profile": "production", "targets": [mode.value for mode in Mode]},
    "shadowed, from Kafka, with keys of AWS": {
        "profile": "production",
        "targets": [mode.value for mode in Mode],
        "encryption": "aws",
        "realtime": {"shadow_percent": 25, "auth": "key"},
        "streaming": KAFKA,
    },
    "A/B, provisioned, with tenants": {
        "targets": ["realtime", "serverless", "components"],
        "realtime": {"second_percent": 10, "capture_percent": 0},
        "serverless": {"provisioned": 2},
        "components": {"tenants": ["north", "south"]},
    },
}


@dataclass(frozen=True)
class Compiled:
    """One serving stack of one manifest."""

    manifest: Manifest
    stack: Stack
    template: Mapping[str, Any]

    def of(self, kind: str) -> dict[str, Any]:
        """The properties of all resources of a type, by logical id."""
        return {
            name: each["Properties"]
            for name, each in self.template["Resources"].items()
            if each["Type"] == kind
        }


@pytest.fixture(scope="module", params=SETTINGS)
def compiled(request: pytest.FixtureRequest, make: Make) -> list[Compiled]:
    manifest = make(**SETTINGS[request.param])
    return [
        Compiled(manifest, stack, template(stack, manifest))
        for stack in serving.STACKS
        if stack.wanted(manifest)
    ]


def endpoints(compiled: list[Compiled]) -> Iterator[tuple[Compiled, str]]:
    for each in compiled:
        for properties in each.of("AWS::SageMaker::Endpoint").values():
            yield each, properties["EndpointName"]


def variants(each: Compiled) -> list[dict[str, Any]]:
    (config,) = each.of("AWS::SageMaker::EndpointConfig").values()
    found: list[dict[str, Any]] = config["ProductionVariants"]
    return found


def test_every_target_has_its_stack(compiled: list[Compiled]) -> None:
    named = {each.stack.name.removeprefix("serving-") for each in compiled}
    assert named - {"api"} == {mode.value for mode in compiled[0].manifest.targets}


def test_what_runs_on_instances_scales(compiled: list[Compiled]) -> None:
    for each, endpoint in endpoints(compiled):
        targets = each.of("AWS::ApplicationAutoScaling::ScalableTarget").values()
        scaled = {target["ResourceId"] for target in targets}
        for variant in variants(each):
            if "ServerlessConfig" in variant:
                continue
            if "ManagedInstanceScaling" in variant:
                copies = each.of("AWS::SageMaker::InferenceComponent").values()
                wanted = {f"inference-component/{one['InferenceComponentName']}" for one in copies}
            else:
                wanted = {f"endpoint/{endpoint}/variant/{variant['VariantName']}"}
            assert wanted
            assert wanted <= scaled


def test_every_scalable_target_has_a_policy_and_room_within_the_manifest(
    compiled: list[Compiled],
) -> None:
    for each in compiled:
        policies = each.of("AWS::ApplicationAutoScaling::ScalingPolicy").values()
        moved = {policy["ScalingTargetId"]["Ref"] for policy in policies}
        found = each.of("AWS::ApplicationAutoScaling::ScalableTarget")
        assert moved == set(found)
        for target in found.values():
            assert target["MinCapacity"] < target["MaxCapacity"] <= most(each.manifest)[each.stack]


def most(manifest: Manifest) -> dict[Stack, int]:
    return {
        serving.realtime.STACK: manifest.realtime.scaling.maximum,
        serving.serial.STACK: manifest.serial.scaling.maximum,
        serving.multi_model.STACK: manifest.multi_model.scaling.maximum,
        serving.serverless.STACK: manifest.serverless.max_concurrency,
        serving.asynchronous.STACK: manifest.asynchronous.maximum,
        serving.components.STACK: manifest.components.copies,
    }


def test_people_hear_of_every_alarm_that_does_not_just_scale(compiled: list[Compiled]) -> None:
    for each in compiled:
        policies = set(each.of("AWS::ApplicationAutoScaling::ScalingPolicy"))
        for name, alarm in each.of("AWS::CloudWatch::Alarm").items():
            (action,) = alarm["AlarmActions"]
            assert action == shared.alerts(each.manifest) or action["Ref"] in policies, name


@pytest.mark.parametrize(
    ("metric", "statistic"),
    [
        ("Invocation5XXErrors", "Average"),
        ("Invocation4XXErrors", "Average"),
        ("ModelLatency", "p99"),
    ],
)
def test_errors_and_the_slowest_answers_of_every_endpoint_are_told(
    compiled: list[Compiled], metric: str, statistic: str
) -> None:
    for each, endpoint in endpoints(compiled):
        assert told(each, metric, statistic) >= places(each, endpoint)


def test_how_full_and_how_much_asked_every_endpoint_is_is_told(compiled: list[Compiled]) -> None:
    full = (
        "CPUUtilization",
        "CPUUtilizationNormalized",
        "ServerlessConcurrentExecutionsUtilization",
    )
    asked = ("Invocations", "ApproximateBacklogSize")
    for each, endpoint in endpoints(compiled):
        for metrics in (full, asked):
            found = set().union(*(told(each, metric) for metric in metrics))
            wanted = places(each, endpoint)
            assert found >= wanted or frozenset({endpoint}) in found, (each.stack.name, metrics)


def told(each: Compiled, metric: str, statistic: str | None = None) -> set[frozenset[str]]:
    """The values of the dimensions of all alarms on a metric that people hear of."""
    return {
        frozenset(dimension["Value"] for dimension in alarm["Dimensions"])
        for alarm in each.of("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == metric
        and alarm["AlarmActions"] == [shared.alerts(each.manifest)]
        and statistic in {None, alarm.get("Statistic"), alarm.get("ExtendedStatistic")}
    }


def places(each: Compiled, endpoint: str) -> set[frozenset[str]]:
    """What has metrics of its own: components, else variants."""
    components = each.of("AWS::SageMaker::InferenceComponent").values()
    return {frozenset({one["InferenceComponentName"]}) for one in components} or {
        frozenset({endpoint, variant["VariantName"]}) for variant in variants(each)
    }


def test_alarms_watch_only_what_is_in_their_stack(compiled: list[Compiled]) -> None:
    for each, endpoint in endpoints(compiled):
        (config,) = each.of("AWS::SageMaker::EndpointConfig").values()
        both = [*config["ProductionVariants"], *config.get("ShadowProductionVariants", [])]
        known = {
            "EndpointName": {endpoint},
            "VariantName": {variant["VariantName"] for variant in both},
            "InferenceComponentName": {
                one["InferenceComponentName"]
                for one in each.of("AWS::SageMaker::InferenceComponent").values()
            },
        }
        for alarm in each.of("AWS::CloudWatch::Alarm").values():
            for dimension in alarm["Dimensions"]:
                assert dimension["Value"] in known[dimension["Name"]]


def test_updates_are_taken_back_by_alarms_of_the_same_stack(compiled: list[Compiled]) -> None:
    unguarded = set()
    for each in compiled:
        alarms = set(each.of("AWS::CloudWatch::Alarm"))
        kinds = ("AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent")
        for updated in (one for kind in kinds for one in each.of(kind).values()):
            guards = updated.get("DeploymentConfig", {}).get("AutoRollbackConfiguration")
            if guards is None:
                unguarded.add(each.stack.name)
                continue
            named = {alarm["AlarmName"]["Ref"] for alarm in guards["Alarms"]}
            assert named
            assert named <= alarms
    assert unguarded <= {"serving-serverless", "serving-components"}


def test_what_is_logged_is_kept_as_long_as_the_manifest_says(compiled: list[Compiled]) -> None:
    for each in compiled:
        groups = each.of("AWS::Logs::LogGroup")
        days = {group["RetentionInDays"] for group in groups.values()}
        assert days <= {each.manifest.monitoring.log_days}
        for _, endpoint in endpoints([each]):
            logged = {group["LogGroupName"] for group in groups.values()}
            assert f"/aws/sagemaker/Endpoints/{endpoint}" in logged


def test_a_log_group_is_there_before_anything_writes_to_it(compiled: list[Compiled]) -> None:
    for each in compiled:
        made = each.template["Resources"]
        groups = {name for name, found in made.items() if found["Type"] == "AWS::Logs::LogGroup"}
        writers = {"AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent"}
        for found in made.values():
            assert found["Type"] not in writers or groups & set(found["DependsOn"])


ENCRYPTED = {
    "AWS::DynamoDB::Table": ("SSESpecification",),
    "AWS::Kinesis::Stream": ("StreamEncryption",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::SQS::Queue": ("KmsMasterKeyId", "SqsManagedSseEnabled"),
    "AWS::SageMaker::EndpointConfig": ("KmsKeyId",),
}
BY_AWS = {"AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::SageMaker::EndpointConfig"}
"""What AWS encrypts with keys of its own where it is given none."""


def test_everything_that_holds_data_is_encrypted(compiled: list[Compiled]) -> None:
    for each in compiled:
        own = each.manifest.encryption == "kms"
        for kind, properties in ENCRYPTED.items():
            for name, found in each.of(kind).items():
                by_aws = not own and kind in BY_AWS
                assert found.get("SSESpecification", {}).get("SSEEnabled", True) is True
                assert by_aws or any(found.get(one) for one in properties), name


def test_every_resource_that_can_be_tagged_names_its_workload(compiled: list[Compiled]) -> None:
    for each in compiled:
        for name, made in each.template["Resources"].items():
            if made["Type"] in UNTAGGED:
                continue
            tags = made["Properties"]["Tags"]
            pairs = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
            assert pairs[WORKLOAD_TAG] == each.manifest.name, name


def test_models_come_from_the_registry_and_may_call_nobody(compiled: list[Compiled]) -> None:
    for each in compiled:
        for model in each.of("AWS::SageMaker::Model").values():
            if each.stack is serving.multi_model.STACK:
                continue
            assert all("ModelPackageName" in one for one in model["Containers"])
            assert model["EnableNetworkIsolation"] is (each.stack is not serving.serverless.STACK)


def test_what_can_live_in_the_network_does(compiled: list[Compiled]) -> None:
    for each in compiled:
        networked = each.manifest.network.reach != "none"
        for model in each.of("AWS::SageMaker::Model").values():
            wanted = networked and each.stack is not serving.serverless.STACK
            assert ("VpcConfig" in model) is wanted
        for function in each.of("AWS::Lambda::Function").values():
            assert ("VpcConfig" in function) is networked


def test_names_that_other_stacks_use_are_those_of_the_resources(compiled: list[Compiled]) -> None:
    manifest = compiled[0].manifest
    expected = {names.endpoint(manifest, mode) for mode in manifest.targets}
    assert {endpoint for _, endpoint in endpoints(compiled)} <= expected
