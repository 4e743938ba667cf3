"""Collect how long the data that models were trained on is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record, UnseenError
from mlaudit.resources import BucketRetention, Expiry, TrainingJob

GET_LIFECYCLE = Operation(
    "s3", "GetBucketLifecycleConfiguration", iam="s3:GetLifecycleConfiguration"
)
GET_LOCK = Operation("s3", "GetObjectLockConfiguration", iam="s3:GetBucketObjectLockConfiguration")
_NOTHING_SET = frozenset({"NoSuchLifecycleConfiguration", "ObjectLockConfigurationNotFoundError"})
_DAYS_A_YEAR = 365


@collector(GET_LIFECYCLE, GET_LOCK)
def bucket_retentions(reader: Reader, training: Sequence[TrainingJob]) -> Iterator[BucketRetention]:
    """What deletes and what locks objects in the buckets that training jobs read."""
    uris = {uri for job in training for uri in job.inputs if uri.startswith("s3://")}
    names = sorted({uri.split("/")[2] for uri in uris} - {""})
    partition = training[0].arn.split(":")[1] if training else ""

    def fetch(name: str) -> BucketRetention:
        arn = f"arn:{partition}:s3:::{name}"
        lifecycle = _setting(reader, GET_LIFECYCLE, arn, name)
        lock = _setting(reader, GET_LOCK, arn, name)
        return BucketRetention(
            arn=f"{arn}#retention",
            region=reader.region,
            bucket=name,
            expiries=tuple(_expiries(lifecycle.get("Rules") or ())),
            locked_days=_locked_days(lock),
        )

    yield from reader.referenced(names, fetch)


def _setting(reader: Reader, operation: Operation, arn: str, name: str) -> Record:
    """A setting of a bucket; S3 calls it an error where there is none."""
    try:
        return reader.one(operation, arn, Bucket=name)
    except UnseenError as unseen:
        if unseen.gap.code in _NOTHING_SET:
            return {}
        raise


def _expiries(rules: Iterable[Record]) -> Iterator[Expiry]:
    for rule in rules:
        current = _current_days(rule.get("Expiration") or {})
        replaced = (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays")
        if rule["Status"] == "Enabled" and (current, replaced) != (None, None):
            about = rule.get("Filter") or {}
            every = about.get("And") or about
            yield Expiry(
                prefix=every.get("Prefix") or rule.get("Prefix") or "",
                current_days=current,
                replaced_days=replaced,
                narrowed=bool(every.keys() - {"Prefix"}),
            )


def _current_days(expiration: Record) -> int | None:
    """After how many days it deletes what is current; a rule by date has a day for all."""
    return 0 if expiration.get("Date") else expiration.get("Days")


def _locked_days(lock: Record) -> int | None:
    rule = (lock.get("ObjectLockConfiguration") or {}).get("Rule") or {}
    kept = rule.get("DefaultRetention") or {}
    years = kept.get("Years")
    return years * _DAYS_A_YEAR if years else kept.get("Days")
