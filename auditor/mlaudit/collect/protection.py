"""Collect where buckets are, and with what they encrypt what is written to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record, UnseenError
from mlaudit.resources import Bucket, BucketProtection, EndpointConfig

GET_LOCATION = Operation("s3", "GetBucketLocation")
GET_ENCRYPTION = Operation("s3", "GetBucketEncryption", iam="s3:GetEncryptionConfiguration")

_NONE_SET = "ServerSideEncryptionConfigurationNotFoundError"
_KEY_OF_AWS = "alias/aws/s3"
_OLD_NAMES = {"": "us-east-1", "EU": "eu-west-1"}
"""What S3 calls two regions here."""


@collector(GET_LOCATION, GET_ENCRYPTION)
def bucket_protections(
    reader: Reader, buckets: Sequence[Bucket], configs: Sequence[EndpointConfig]
) -> Iterator[BucketProtection]:
    """The buckets that jobs read and write, and those that endpoints record requests in."""
    arns = {each.name: each.arn for each in buckets}
    for config in configs:
        place = (config.data_capture and config.data_capture.destination) or ""
        if place.startswith("s3://"):
            name = place.split("/")[2]
            arns.setdefault(name, f"arn:{config.arn.split(':')[1]}:s3:::{name}")

    def fetch(name: str) -> BucketProtection:
        location = reader.one(GET_LOCATION, arns[name], Bucket=name).get("LocationConstraint") or ""
        return BucketProtection(
            arn=f"{arns[name]}#protection",
            region=reader.region,
            bucket=name,
            place=_OLD_NAMES.get(location, location),
            own_key=_names_a_key(_encryption(reader, arns[name], name)),
        )

    yield from reader.referenced(sorted(arns), fetch)


def _encryption(reader: Reader, arn: str, name: str) -> Record:
    """How a bucket encrypts; S3 calls it an error where nobody said how."""
    try:
        return reader.one(GET_ENCRYPTION, arn, Bucket=name)
    except UnseenError as unseen:
        if unseen.gap.code == _NONE_SET:
            return {}
        raise


def _names_a_key(record: Record) -> bool:
    rules = (record.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or ()
    keys = [
        (each.get("ApplyServerSideEncryptionByDefault") or {}).get("KMSMasterKeyID")
        for each in rules
    ]
    return any(key and not key.endswith(_KEY_OF_AWS) for key in keys)
