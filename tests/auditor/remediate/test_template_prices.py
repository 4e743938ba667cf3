"""What stacks cost: every type is accounted for, and nothing unknown is taken for zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from mlaudit.remediate.bill import Amount, Bill, total
from mlaudit.remediate.template_prices import ACCOUNTED, FREE, UNKNOWN_TYPES, bill_of_template
from mlaudit_reference.capabilities import capabilities
from mlaudit_reference.manifest import Mode, Profile, example, merged, read_manifest
from mlaudit_reference.templates.stacks import stacks_of, template

ACCOUNTS = {"dev": "1" * 12, "staging": "2" * 12, "prod": "3" * 12}
MANIFESTS: Mapping[str, dict[str, Any]] = {
    **{profile.value: {"profile": profile.value} for profile in Profile},
    "everything": {
        "profile": "production",
        "targets": [mode.value for mode in Mode],
        "budget": {"ttl_days": 14},
        "realtime": {"shadow_percent": 10},
        "delivery": {"host": "codepipeline", "repository": "a/b", "accounts": ACCOUNTS},
    },
    "batch": {
        "engine": "step-functions",
        "platform": "batch",
        "network": {"reach": "own"},
        "tuning": {"enabled": False},
    },
}


def templates(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    manifest = read_manifest(merged(yaml.safe_load(example()), settings))
    return {each.name: template(each, manifest) for each in stacks_of(manifest)}


def cost(*resources: dict[str, Any], **parameters: str) -> Bill:
    """The bill of a template of some resources, which are called R0, R1 and so on."""
    made = {f"R{place}": each for place, each in enumerate(resources)}
    return bill_of_template({"Resources": made}, parameters)


def made(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


@pytest.mark.parametrize("name", MANIFESTS)
def test_somebody_has_thought_about_every_type(name: str) -> None:
    stacks = templates(MANIFESTS[name]).values()
    kinds = {each["Type"] for stack in stacks for each in stack["Resources"].values()}
    assert kinds <= ACCOUNTED


@pytest.mark.parametrize("name", MANIFESTS)
def test_what_is_unknown_at_rest_is_what_is_listed(name: str) -> None:
    bill = total(bill_of_template(each, {}) for each in templates(MANIFESTS[name]).values())
    assert set(bill.idle.unknown) <= set(UNKNOWN_TYPES.values())


BEYOND_THE_TABLE = {
    "zero": 0.0,
    # Components have an alarm on unusual traffic and one on unusual logs, as every mode has.
    "demo": 0.4,
    # Each stream has two shards; a third mode is recorded, so that drift has five more alarms.
    "production": 52.0,
}
"""What the profiles cost at rest beyond what the table of capabilities says of their parts."""


@pytest.mark.parametrize("profile", Profile)
def test_the_table_of_capabilities_says_what_stacks_cost_at_rest(profile: Profile) -> None:
    settings = MANIFESTS[profile.value]
    manifest = read_manifest(merged(yaml.safe_load(example()), settings))
    on = [each.idle.usd for each in capabilities() if each.is_in(manifest)]
    said = sum(each for each in on if each is not None)
    found = total(bill_of_template(each, {}) for each in templates(settings).values())
    assert found.idle.usd - said == pytest.approx(BEYOND_THE_TABLE[profile.value], abs=0.1)


def test_what_is_free_is_free_for_a_reason() -> None:
    assert all(FREE.values())
    assert not FREE.keys() & UNKNOWN_TYPES.keys()


def test_a_type_nobody_has_thought_about_is_unknown_by_its_name() -> None:
    bill = cost(made("AWS::New::Thing"))
    assert bill.idle.unknown == bill.worst.unknown == ("AWS::New::Thing",)


VARIANT = {"VariantName": "v", "InstanceType": "ml.c6i.large", "InitialInstanceCount": 2}
MONTH = 0.102 * 730


def serving(
    variant: dict[str, Any], bounds: tuple[int, int] | None = None, **others: Any
) -> list[dict[str, Any]]:
    config = made("AWS::SageMaker::EndpointConfig", ProductionVariants=[variant], **others)
    endpoint = made(
        "AWS::SageMaker::Endpoint",
        EndpointName="e",
        EndpointConfigName={"Fn::GetAtt": ["R0", "EndpointConfigName"]},
    )
    if bounds is None:
        return [config, endpoint]
    target = made(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ResourceId="endpoint/e/variant/v",
        MinCapacity=bounds[0],
        MaxCapacity=bounds[1],
    )
    return [config, endpoint, target]


@pytest.mark.parametrize(
    ("resources", "idle", "worst"),
    [
        (serving(VARIANT), 2, 2),
        (serving(VARIANT, (2, 6)), 2, 6),
        (serving(VARIANT, (0, 2)), 0, 2),
        (
            serving(VARIANT, (2, 6), ShadowProductionVariants=[{**VARIANT, "VariantName": "s"}]),
            4,
            8,
        ),
        (
            serving(
                {
                    **VARIANT,
                    "ManagedInstanceScaling": {
                        "Status": "ENABLED",
                        "MinInstanceCount": 1,
                        "MaxInstanceCount": 3,
                    },
                }
            ),
            1,
            3,
        ),
    ],
)
def test_instances_are_those_that_stay_and_at_most_those_it_scales_to(
    resources: list[dict[str, Any]], idle: int, worst: int
) -> None:
    bill = cost(*resources)
    assert bill.idle.usd == pytest.approx(idle * MONTH)
    assert bill.worst.usd == pytest.approx(worst * MONTH)
    assert bill.idle.is_known
    assert bill.worst.is_known


def test_bounds_of_another_endpoint_are_not_taken_for_its_own() -> None:
    other = made(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ResourceId="endpoint/other/variant/v",
        MinCapacity=0,
        MaxCapacity=50,
    )
    assert cost(*serving(VARIANT), other).worst.usd == pytest.approx(2 * MONTH)


def test_serverless_costs_nothing_at_rest_and_nobody_knows_what_for_requests() -> None:
    bill = cost(*serving({"VariantName": "v", "ServerlessConfig": {"MemorySizeInMB": 2048}}))
    assert bill.idle == bill.worst == Amount()
    assert bill.thousand.unknown == ("seconds of serverless inference",)


def test_what_is_provisioned_of_serverless_has_no_known_price() -> None:
    config = {"MemorySizeInMB": 2048, "ProvisionedConcurrency": 1}
    assert not cost(*serving({"VariantName": "v", "ServerlessConfig": config})).idle.is_known


def test_requests_that_are_kept_have_no_known_price() -> None:
    kept = cost(*serving(VARIANT, DataCaptureConfig={"EnableCapture": True})).thousand
    assert kept.unknown == ("requests that are kept in S3, at 0.023 USD a GB and month",)


@pytest.mark.parametrize(
    ("resource", "idle"),
    [
        (made("AWS::EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=["a", "b"]), 14.6),
        (made("AWS::EC2::VPCEndpoint", VpcEndpointType="Gateway"), 0),
        (made("AWS::EC2::NatGateway"), 32.85),
        (made("AWS::Kinesis::Stream", ShardCount=2), 21.9),
        (made("AWS::Kinesis::Stream", ShardCount=1, RetentionPeriodHours=48), 25.55),
        (made("AWS::KMS::Key"), 1),
        (made("AWS::WAFv2::WebACL", Rules=[{}, {}]), 7),
        (made("AWS::CloudWatch::CompositeAlarm"), 0.5),
        (made("AWS::CloudWatch::Alarm", MetricName="a"), 0.1),
        (made("AWS::CloudWatch::Dashboard"), 3),
        (made("AWS::Logs::MetricFilter"), 0),
        (
            made(
                "AWS::ApplicationAutoScaling::ScalingPolicy",
                PolicyType="TargetTrackingScaling",
            ),
            0.2,
        ),
        (made("AWS::ApplicationAutoScaling::ScalingPolicy", PolicyType="StepScaling"), 0),
        ({**made("AWS::KMS::Key"), "Condition": "Never"}, 0),
    ],
)
def test_what_is_paid_for_at_rest(resource: dict[str, Any], idle: float) -> None:
    never = {"Never": {"Fn::Equals": ["a", "b"]}}
    bill = bill_of_template({"Conditions": never, "Resources": {"R": resource}}, {})
    assert bill.idle.usd == pytest.approx(idle)
    assert bill.idle.is_known


@pytest.mark.parametrize(("rotated", "worst"), [(True, 3), (False, 1)])
def test_a_key_gets_dearer_with_its_first_two_rotations(*, rotated: bool, worst: int) -> None:
    bill = cost(made("AWS::KMS::Key", EnableKeyRotation=rotated))
    assert (bill.idle.usd, bill.worst.usd) == (1, worst)


@pytest.mark.parametrize(
    "resource",
    [
        made("AWS::Kinesis::Stream", StreamModeDetails={"StreamMode": "ON_DEMAND"}),
        made("AWS::EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds={"Ref": "Subnets"}),
        made("AWS::SageMaker::EndpointConfig", ProductionVariants=[{"Ref": "Variant"}]),
        made("AWS::SageMaker::MlflowApp"),
    ],
)
def test_what_is_not_told_has_no_known_price(resource: dict[str, Any]) -> None:
    assert not cost(resource).idle.is_known


def test_requests_cost_what_is_known_of_them() -> None:
    bill = cost(
        made("AWS::ApiGateway::RestApi"), made("AWS::WAFv2::WebACL"), made("AWS::Kinesis::Stream")
    )
    assert bill.thousand.usd == pytest.approx(0.0035 + 0.0006 + 0.000014)
