"""Where buckets are, and with what they encrypt."""

from typing import Any

import pytest

from mlaudit.collect import protection
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Bucket, BucketProtection, DataCapture, EndpointConfig
from mlaudit.testing import build

CAPTURE = build(DataCapture, destination="s3://recorded/requests")
CONFIGS = [build(EndpointConfig, data_capture=CAPTURE), build(EndpointConfig)]
NOBODY_SAID = Gap("", "", "ServerSideEncryptionConfigurationNotFoundError", GapReason.FAILED)
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)


def read(reader: Any, configs: list[EndpointConfig] | None = None) -> list[BucketProtection]:
    run = protection.bucket_protections.run
    return list(run(reader, [build(Bucket, "lake")], configs or []))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("location", "place"),
    [(None, "us-east-1"), ("EU", "eu-west-1"), ("eu-central-1", "eu-central-1")],
)
def test_the_region_of_a_bucket_is_kept(
    location: str | None, place: str, reader_of: Any, answers: Any
) -> None:
    reader = reader_of(
        answers(GetBucketLocation={"LocationConstraint": location}, GetBucketEncryption=NOBODY_SAID)
    )
    (found,) = read(reader)
    assert (found.arn, found.bucket) == ("arn:aws:s3:::lake#protection", "lake")
    assert (found.place, found.own_key) == (place, False)
    assert reader.ledger.gaps == []


@pytest.mark.parametrize(
    ("default", "own_key"),
    [
        ({"SSEAlgorithm": "AES256"}, False),
        ({"SSEAlgorithm": "aws:kms"}, False),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:r:1:alias/aws/s3"}, False),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:r:1:key/2"}, True),
    ],
)
def test_a_key_that_somebody_chose_is_told_from_one_of_aws(
    default: dict[str, str], *, own_key: bool, reader_of: Any, answers: Any
) -> None:
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    api = answers(GetBucketEncryption={"ServerSideEncryptionConfiguration": rules})
    assert [each.own_key for each in read(reader_of(api))] == [own_key]


def test_buckets_with_recorded_requests_are_asked_for(reader_of: Any, answers: Any) -> None:
    found = read(reader_of(answers()), CONFIGS)
    assert [each.bucket for each in found] == ["lake", "recorded"]


@pytest.mark.parametrize("operation", ["GetBucketLocation", "GetBucketEncryption"])
def test_what_is_not_read_is_a_gap_of_its_bucket(
    operation: str, reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(**{operation: DENIED}))
    assert read(reader) == []
    assert [each.subject for each in reader.ledger.gaps] == ["arn:aws:s3:::lake"]
