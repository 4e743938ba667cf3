"""A bucket of S3, as jobs read it; boto3 is imported when one is opened, no sooner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlaudit_reference.container.failures import InputError


@dataclass(frozen=True)
class Kept:
    """An object of a bucket, not read yet.

    Attributes:
        key: Its key.
        changed: When it was written, with a time zone.
    """

    key: str
    changed: datetime


@dataclass(frozen=True)
class Bucket:
    """A bucket.

    Attributes:
        client: boto3's client for S3.
        name: The name of the bucket.
    """

    client: Any
    name: str

    @classmethod
    def named(cls, name: str) -> Bucket:
        """The bucket of a name, by the role that the job has."""
        import boto3  # noqa: PLC0415 - only where AWS is called

        return cls(boto3.client("s3"), name)

    def listed(self, prefix: str, after: str = "") -> Iterator[Kept]:
        """The objects under a prefix whose keys come after another one.

        Raises:
            InputError: S3 refuses.
        """
        for page in self._pages(Prefix=prefix, StartAfter=after):
            for each in page.get("Contents", ()):
                yield Kept(each["Key"], each["LastModified"])

    def folders(self, prefix: str) -> Iterator[str]:
        """The prefixes one level below another, each with ``/`` at its end.

        Raises:
            InputError: S3 refuses.
        """
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            yield from (each["Prefix"] for each in page.get("CommonPrefixes", ()))

    def read(self, key: str) -> bytes:
        """The content of an object.

        Raises:
            InputError: S3 refuses.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 - as above

        try:
            content: bytes = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ClientError as refused:
            raise InputError(f"s3://{self.name}/{key}: {refused}") from refused
        return content

    def _pages(self, **asked: str) -> Iterator[dict[str, Any]]:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - as above

        pages = self.client.get_paginator("list_objects_v2")
        try:
            yield from pages.paginate(Bucket=self.name, **asked)
        except ClientError as refused:
            raise InputError(f"s3://{self.name}/{asked['Prefix']}: {refused}") from refused
