"""How long buckets keep what jobs read. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expiry:
    """A lifecycle rule that deletes.

    Attributes:
        prefix: What the keys that it is about begin with.
        current_days: The age at which it deletes what is current; ``None`` where it does not.
        replaced_days: How long after it was replaced it deletes an older version; ``None`` where it
            does not.
        narrowed: Whether it is only about some of these keys, by tag or size.
    """

    prefix: str
    current_days: int | None
    replaced_days: int | None
    narrowed: bool


@dataclass(frozen=True, slots=True)
class BucketRetention:
    """What deletes, and what locks, the objects of a bucket that training jobs read.

    Source: ``GetBucketLifecycleConfiguration`` and ``GetObjectLockConfiguration``.
    """

    arn: str
    """The ARN of the bucket, followed by ``#retention``."""
    region: str
    bucket: str
    expiries: tuple[Expiry, ...]
    locked_days: int | None
    """For how long a new version is locked by default; ``None`` where it is not."""
