"""What every job has in common: where it runs, as whom, and what it may reach."""

from __future__ import annotations

import re
from typing import Any

from mlaudit_reference.definitions.expressions import Deployed, Value
from mlaudit_reference.manifest import Manifest, Reach
from mlaudit_reference.templates.finish import tags_of
from mlaudit_reference.templates.network import ZONES

KEY = Deployed("Key")
VOLUME_GB = 50
SECONDS = 3600
PROCESSING_SECONDS = 2 * SECONDS

_LOCAL_DISKS = re.compile(r"^ml\.([a-z]+\d+[a-z]*d[a-z]*|g[456][a-z]*|p[45][a-z]*|trn\d\w*)\.")
"""Machines with disks of their own: these are encrypted by the machine, and take no key."""


def role(name: str) -> Deployed:
    """The role of a step."""
    return Deployed(f"{name}Role")


def subnets(manifest: Manifest) -> list[Value]:
    """The subnets that jobs live in."""
    if manifest.network.reach is Reach.SHARED:
        return list(manifest.network.subnets)
    return [Deployed(f"Subnet{zone}") for zone in ZONES]


def network(manifest: Manifest) -> dict[str, Any]:
    """``VpcConfig`` where there is a network; empty where there is none."""
    if manifest.network.reach is Reach.NONE:
        return {}
    shared = manifest.network.reach is Reach.SHARED
    groups = list(manifest.network.security_groups) if shared else [Deployed("SecurityGroup")]
    return {"VpcConfig": {"Subnets": subnets(manifest), "SecurityGroupIds": groups}}


def volume_key(manifest: Manifest, instance_type: str) -> dict[str, Any]:
    """``VolumeKmsKeyId`` where there is a key and a machine of the type takes one."""
    takes_one = manifest.encryption == "kms" and not _LOCAL_DISKS.match(instance_type)
    return {"VolumeKmsKeyId": KEY} if takes_one else {}


def output_key(manifest: Manifest) -> dict[str, Any]:
    """``KmsKeyId`` of what is written to S3, where there is a key."""
    return {"KmsKeyId": KEY} if manifest.encryption == "kms" else {}


def tags(manifest: Manifest) -> list[dict[str, str]]:
    """The tags of a job, by which its cost is told and its workload known."""
    return [{"Key": key, "Value": value} for key, value in tags_of(manifest).items()]


def folder(place: Value) -> dict[str, Any]:
    """``S3DataSource`` of a folder or a file, all of it on every machine."""
    return {
        "S3DataType": "S3Prefix",
        "S3Uri": place,
        "S3DataDistributionType": "FullyReplicated",
    }
