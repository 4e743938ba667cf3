"""Buckets of S3: versions, encryption and public access. Buckets are neither made nor deleted here.

Source: ``s3:PutBucketVersioning``, ``PutBucketEncryption`` and ``PutPublicAccessBlock``.
"""

from __future__ import annotations

from mlaudit.collect.events import GET_VERSIONING
from mlaudit.collect.operation import Operation
from mlaudit.collect.protection import GET_ENCRYPTION
from mlaudit.remediate.change import Ask, Call, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import partition_of
from mlaudit.remediate.settings.asking import found
from mlaudit.remediate.settings.states import kept

_PUT_VERSIONING = Operation("s3", "PutBucketVersioning")
_PUT_ENCRYPTION = Operation("s3", "PutBucketEncryption", iam="s3:PutEncryptionConfiguration")
_DELETE_ENCRYPTION = Operation("s3", "DeleteBucketEncryption", iam="s3:PutEncryptionConfiguration")
_GET_ACCESS = Operation("s3", "GetPublicAccessBlock", iam="s3:GetBucketPublicAccessBlock")
_PUT_ACCESS = Operation("s3", "PutPublicAccessBlock", iam="s3:PutBucketPublicAccessBlock")
_DELETE_ACCESS = Operation("s3", "DeletePublicAccessBlock", iam="s3:PutBucketPublicAccessBlock")

VERSIONING_MEMBERS = ("MFADelete", "Status")
ACCESS_MEMBERS = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
_SUSPENDED = {"Status": "Suspended"}


def _arn(key: Key, _account: str, region: str) -> str:
    return f"arn:{partition_of(region)}:s3:::{key['Bucket']}"


def _read_versioning(key: Key, ask: Ask) -> State:
    reply = found(ask, GET_VERSIONING, Bucket=key["Bucket"])
    # A bucket whose versions were never asked for answers nothing.
    return kept(reply or {}, VERSIONING_MEMBERS) or None


def _calls_for_versioning(key: Key, before: State, after: State) -> list[Call]:
    wanted = after or _SUSPENDED
    if before == wanted:
        return []
    return [Call("s3", _PUT_VERSIONING.name, {**key, "VersioningConfiguration": wanted})]


VERSIONING = Setting(
    name="s3.versioning",
    title="versions of a bucket",
    reads=(GET_VERSIONING,),
    writes=(_PUT_VERSIONING,),
    read=_read_versioning,
    calls=_calls_for_versioning,
    arn=_arn,
    defaults={"MFADelete": "Disabled"},
    cannot_go_back=(
        "A bucket that had no versions can only stop making them: the versions made meanwhile stay."
    ),
    leaves_trace=True,
)


def _read_encryption(key: Key, ask: Ask) -> State:
    none = "ServerSideEncryptionConfigurationNotFoundError"
    reply = found(ask, GET_ENCRYPTION, none, Bucket=key["Bucket"])
    return kept((reply or {}).get("ServerSideEncryptionConfiguration", {}), ["Rules"]) or None


def _calls_for_encryption(key: Key, _before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("s3", _DELETE_ENCRYPTION.name, key)]
    rules = {"ServerSideEncryptionConfiguration": after}
    return [Call("s3", _PUT_ENCRYPTION.name, {**key, **rules})]


ENCRYPTION = Setting(
    name="s3.encryption",
    title="encryption of a bucket",
    reads=(GET_ENCRYPTION,),
    writes=(_PUT_ENCRYPTION, _DELETE_ENCRYPTION),
    read=_read_encryption,
    calls=_calls_for_encryption,
    arn=_arn,
    cannot_go_back="Objects written meanwhile stay encrypted as they were written.",
)


def _read_access(key: Key, ask: Ask) -> State:
    reply = found(ask, _GET_ACCESS, "NoSuchPublicAccessBlockConfiguration", Bucket=key["Bucket"])
    return kept((reply or {}).get("PublicAccessBlockConfiguration", {}), ACCESS_MEMBERS) or None


def _calls_for_access(key: Key, _before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("s3", _DELETE_ACCESS.name, key)]
    return [Call("s3", _PUT_ACCESS.name, {**key, "PublicAccessBlockConfiguration": after})]


PUBLIC_ACCESS = Setting(
    name="s3.public-access",
    title="public access to a bucket",
    reads=(_GET_ACCESS,),
    writes=(_PUT_ACCESS, _DELETE_ACCESS),
    read=_read_access,
    calls=_calls_for_access,
    arn=_arn,
    defaults=dict.fromkeys(ACCESS_MEMBERS, False),
)
