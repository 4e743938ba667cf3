"""ARNs of what is written, in the partition of its region."""

from __future__ import annotations

_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}
"""How the names of the regions of a partition begin; all others are of the partition ``aws``."""


def partition_of(region: str) -> str:
    """The partition that a region is of."""
    return next(
        (partition for start, partition in _PARTITIONS.items() if region.startswith(start)), "aws"
    )


def arn_of(service: str, region: str, account: str, resource: str) -> str:
    """The ARN of a resource of an account in a region."""
    return f"arn:{partition_of(region)}:{service}:{region}:{account}:{resource}"
