"""Where buckets are, and how they keep what is in them. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BucketProtection:
    """The place and the default encryption of a bucket that a workload reads or writes.

    Source: ``GetBucketLocation`` and ``GetBucketEncryption``.
    """

    arn: str
    """The ARN of the bucket, followed by ``#protection``."""
    region: str
    bucket: str
    place: str
    """The region that it is in."""
    own_key: bool
    """Whether what is written to it is encrypted with a key that it names."""
