"""The foundation keeps data safe, and lends what other stacks import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.foundation import STACK
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]


def resources(manifest: Manifest, kind: str) -> dict[str, Any]:
    found = template(STACK, manifest)["Resources"]
    return {name: each for name, each in found.items() if each["Type"] == kind}


def test_every_bucket_has_a_policy_that_asks_for_tls(make: Make) -> None:
    buckets = resources(make(), "AWS::S3::Bucket")
    policies = resources(make(), "AWS::S3::BucketPolicy").values()
    denied = {
        each["Properties"]["Bucket"]["Ref"]
        for each in policies
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert denied == set(buckets)


def test_new_data_is_told_to_eventbridge_and_nothing_else_is(make: Make) -> None:
    telling = {
        name
        for name, each in resources(make(), "AWS::S3::Bucket").items()
        if "NotificationConfiguration" in each["Properties"]
    }
    assert telling == {"DataBucket"}


@pytest.mark.parametrize(("retain", "policy"), [(True, "Retain"), (False, None)])
def test_data_outlives_the_stack_where_it_should(
    make: Make, *, retain: bool, policy: str | None
) -> None:
    found = resources(make(data={"retain": retain}), "AWS::S3::Bucket")
    assert {each.get("DeletionPolicy") for each in found.values()} == {policy}


def test_keys_of_aws_leave_no_key_and_encrypt_all_the_same(make: Make) -> None:
    manifest = make(encryption="aws")
    assert resources(manifest, "AWS::KMS::Key") == {}
    for each in resources(manifest, "AWS::S3::Bucket").values():
        (rule,) = each["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_everybody_named_is_subscribed(make: Make) -> None:
    names = ["a@example.com", "b@example.com"]
    (topic,) = resources(make(approvals={"notify": names}), "AWS::SNS::Topic").values()
    assert [each["Endpoint"] for each in topic["Properties"]["Subscription"]] == names


@pytest.mark.parametrize("reach", ["none", "own"])
def test_a_network_is_made_only_where_it_is_asked_for(make: Make, reach: str) -> None:
    assert bool(resources(make(network={"reach": reach}), "AWS::EC2::VPC")) == (reach == "own")


def test_an_own_network_has_no_way_to_the_internet(make: Make) -> None:
    manifest = make(network={"reach": "own"})
    assert resources(manifest, "AWS::EC2::InternetGateway") == {}
    assert resources(manifest, "AWS::EC2::NatGateway") == {}
    subnets = resources(manifest, "AWS::EC2::Subnet").values()
    assert {each["Properties"]["MapPublicIpOnLaunch"] for each in subnets} == {False}
    assert len({str(each["Properties"]["AvailabilityZone"]) for each in subnets}) == 2
