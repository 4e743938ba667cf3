"""What deletes and what locks the data that jobs read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import retention
from mlaudit.model import Gap, GapReason
from mlaudit.resources import BucketRetention, Expiry, TrainingJob
from mlaudit.testing import build

JOBS = [build(TrainingJob, inputs=("s3://lake/train", "s3://lake/test", "/mnt/data", "s3:///x"))]
NO_RULES = Gap("", "", "NoSuchLifecycleConfiguration", GapReason.FAILED)
NO_LOCK = Gap("", "", "ObjectLockConfigurationNotFoundError", GapReason.FAILED)
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
GONE = Gap("", "", "NoSuchBucket", GapReason.GONE)


def read(reader: Any) -> list[BucketRetention]:
    return list(retention.bucket_retentions.run(reader, JOBS))  # type: ignore[arg-type]


def test_a_bucket_without_settings_keeps_everything(reader_of: Any, answers: Any) -> None:
    api = answers(GetBucketLifecycleConfiguration=NO_RULES, GetObjectLockConfiguration=NO_LOCK)
    reader = reader_of(api)
    (found,) = read(reader)
    assert (found.arn, found.bucket) == ("arn:aws:s3:::lake#retention", "lake")
    assert (found.expiries, found.locked_days) == ((), None)
    assert reader.ledger.gaps == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 9}},
            Expiry("", None, 9, narrowed=False),
        ),
        ({"Expiration": {"Days": 9}, "Prefix": "a/"}, Expiry("a/", 9, None, narrowed=False)),
        (
            {"Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)}, "Filter": {"Prefix": "a/"}},
            Expiry("a/", 0, None, narrowed=False),
        ),
        (
            {"Expiration": {"Days": 9}, "Filter": {"Tag": {"Key": "a", "Value": "hunter2"}}},
            Expiry("", 9, None, narrowed=True),
        ),
        (
            {
                "Expiration": {"Days": 9},
                "Filter": {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 5}},
            },
            Expiry("a/", 9, None, narrowed=True),
        ),
        ({"Expiration": {"ExpiredObjectDeleteMarker": True}}, None),
        ({"Transitions": [{"Days": 9, "StorageClass": "GLACIER"}]}, None),
        ({"Expiration": {"Days": 9}, "Status": "Disabled"}, None),
    ],
)
def test_rules_that_delete_are_kept(
    rule: dict[str, Any], expected: Expiry | None, reader_of: Any, answers: Any
) -> None:
    rules = {"Rules": [{"Status": "Enabled", **rule}]}
    api = answers(GetBucketLifecycleConfiguration=rules, GetObjectLockConfiguration=NO_LOCK)
    (found,) = read(reader_of(api))
    assert found.expiries == ((expected,) if expected else ())
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("lock", "days"),
    [
        ({"ObjectLockEnabled": "Enabled"}, None),
        ({"Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}}, 30),
        ({"Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 2}}}, 730),
    ],
)
def test_a_lock_is_told_in_days(
    lock: dict[str, Any], days: int | None, reader_of: Any, answers: Any
) -> None:
    api = answers(
        GetBucketLifecycleConfiguration=NO_RULES,
        GetObjectLockConfiguration={"ObjectLockConfiguration": lock},
    )
    assert [each.locked_days for each in read(reader_of(api))] == [days]


@pytest.mark.parametrize("unseen", [DENIED, GONE])
def test_what_is_not_read_is_a_gap_of_its_bucket(unseen: Gap, reader_of: Any, answers: Any) -> None:
    api = answers(GetBucketLifecycleConfiguration=NO_RULES, GetObjectLockConfiguration=unseen)
    reader = reader_of(api)
    assert read(reader) == []
    assert [each.subject for each in reader.ledger.gaps] == ["arn:aws:s3:::lake"]
