"""Files that stacks read from buckets: put there once, and taken away again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from mlaudit.remediate.change import Document, FailedError, RefusedError, State
from mlaudit.remediate.entries import Did, Failed, Intent
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.settings.asking import found
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.holdings import delete_versions
from mlaudit.remediate.stacks.site import NotReadyError, Site

KIND = "s3.object"
INLINE = 51_200
"""Bytes of a template that CloudFormation takes in a request; a longer one is read from S3."""

_UNVERSIONED = "null"


@dataclass(frozen=True, slots=True)
class File:
    """A file for a bucket.

    Attributes:
        export: The export that names the bucket.
        key: Its key there.
        content: What is in it.
    """

    export: str
    key: str
    content: bytes

    @property
    def sum(self) -> str:
        """The SHA-256 sum of its content."""
        return hashlib.sha256(self.content).hexdigest()


def upload(file: File, site: Site, journal: Journal, step: str) -> str:
    """Put a file into the bucket of an export, unless it is there; the name of the bucket.

    Raises:
        NotReadyError: Nothing exports the bucket, or another file would be lost.
        RefusedError: S3 refused it.
    """
    bucket = bucket_of(file.export, site)
    key = {"Bucket": bucket, "Key": file.key}
    before = object_state(key, site)
    if before is not None and before["SHA256"] == file.sum:
        return bucket
    if before is not None and before["VersionId"] == _UNVERSIONED:
        raise NotReadyError(
            f"s3://{bucket}/{file.key} is there with other content, and the bucket keeps no "
            "versions: it would be lost. Move it away."
        )
    about = f"upload {file.key} ({len(file.content)} bytes)"
    intent = Intent(step, KIND, key, site.region, about, before, {"SHA256": file.sum})
    number = journal.intends(intent)
    try:
        site.call(op.PUT_OBJECT, **key, Body=file.content)
    except RefusedError as error:
        # The answer may have been lost: what counts is what is there.
        if not has(object_state(key, site), intent.after):
            journal.write(Failed(number, str(error)))
            raise
    journal.write(Did(number))
    site.tell(f"s3://{bucket}/{file.key}: {len(file.content)} bytes uploaded")
    return bucket


def place_of(text: str, export: str | None, site: Site) -> Mapping[str, str]:
    """The parameter of a request for a template that is in it, or lies in the bucket already."""
    if export is None:
        return {"TemplateBody": text}
    domain = "amazonaws.com.cn" if site.region.startswith("cn-") else "amazonaws.com"
    host = f"{bucket_of(export, site)}.s3.{site.region}.{domain}"
    return {"TemplateURL": f"https://{host}/{template_key(text)}"}


def template_key(text: str) -> str:
    """Where a template lies in a bucket: the same text always at the same place."""
    return f"templates/{hashlib.sha256(text.encode()).hexdigest()}.template"


def bucket_of(export: str, site: Site) -> str:
    """The bucket that an export names.

    Raises:
        NotReadyError: Nothing exports it.
    """
    for each in site.each(op.LIST_EXPORTS):
        if each["Name"] == export:
            return str(each["Value"])
    raise NotReadyError(
        f"No stack exports {export}, which is to name the bucket for what is uploaded. "
        "Deploy the stack first that does."
    )


def object_state(key: Mapping[str, str], site: Site) -> State:
    """What an object is: the sum of its content, and its version; ``None`` where there is none.

    The sum is made of what S3 gives back: no tag of it is believed.
    """
    told = found(site.ask, op.GET_OBJECT, "NoSuchKey", "NoSuchBucket", **key)
    if told is None:
        return None
    return {
        "SHA256": hashlib.sha256(told["Body"]).hexdigest(),
        "VersionId": told.get("VersionId") or _UNVERSIONED,
    }


def has(state: State, wanted: State) -> bool:
    """Whether an object has the content that a state for journals says."""
    if state is None or wanted is None:
        return state is wanted
    return bool(state["SHA256"] == wanted["SHA256"])


def take_away(key: Document, before: State, site: Site) -> None:
    """Delete the newest version of an object, so that the one before it is there again.

    Raises:
        FailedError: It was not deleted, or another one came out from below it.
        RefusedError: S3 refused it.
    """
    now = object_state(key, site)
    if now is None:
        return
    delete_versions(key["Bucket"], [(key["Key"], now["VersionId"])], site)
    if not has(object_state(key, site), before):
        raise FailedError(f"s3://{key['Bucket']}/{key['Key']} is not what it was before.")
