"""Tags of resources of many services.

Those of S3 buckets are written all at once (``s3:PutBucketTagging``), all others by difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.asking import found
from mlaudit.remediate.settings.states import is_of_aws, retagging, tag_map
from mlaudit.remediate.settings.tagging import TAGGINGS, Tagging

_GET = Operation("s3", "GetBucketTagging")
_PUT = Operation("s3", "PutBucketTagging")
_CLEAR = Operation("s3", "DeleteBucketTagging", iam="s3:PutBucketTagging")


def _read(key: Key, ask: Ask) -> State:
    arn = key["ResourceARN"]
    return _read_bucket(_bucket(arn), ask) if _is_bucket(arn) else _tagging_of(arn).seek(arn, ask)


def _read_bucket(bucket: str, ask: Ask) -> State:
    try:
        reply = found(ask, _GET, Bucket=bucket)
    except RefusedError as refused:
        if refused.code == "NoSuchTagSet":  # the bucket is there
            return {}
        raise
    return None if reply is None else tag_map(reply["TagSet"])


def _calls(key: Key, before: State, after: State) -> list[Call]:
    arn, now, then = key["ResourceARN"], before or {}, after or {}
    if _is_bucket(arn):
        return list(_calls_for_bucket(_bucket(arn), now, then))
    return list(_tagging_of(arn).calls(arn, now, then))


def _calls_for_bucket(
    bucket: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Call]:
    """All tags at once; S3 wants those of AWS to be among them, unchanged."""
    if not any(retagging(before, after)):
        return
    of_aws = {key: value for key, value in before.items() if is_of_aws(key)}
    own = {key: value for key, value in after.items() if not is_of_aws(key)}
    tags = [{"Key": key, "Value": value} for key, value in sorted({**of_aws, **own}.items())]
    if tags:
        yield Call("s3", _PUT.name, {"Bucket": bucket, "Tagging": {"TagSet": tags}})
    else:
        yield Call("s3", _CLEAR.name, {"Bucket": bucket})


def _tagging_of(arn: str) -> Tagging:
    try:
        return TAGGINGS[_service_of(arn)]
    except KeyError:
        raise MlauditError(f"The tags of {arn} cannot be written by mlaudit.") from None


def _service_of(arn: str) -> str:
    start, _, service, *_ = (*arn.split(":"), "", "")
    return service if start == "arn" else ""


def _is_bucket(arn: str) -> bool:
    return _service_of(arn) == "s3" and "/" not in arn


def _bucket(arn: str) -> str:
    return arn.rpartition(":")[2]


def _arn(key: Key, _account: str, _region: str) -> str:
    return key["ResourceARN"]


TAGS = Setting(
    name="tags",
    title="tags",
    reads=(*(each.listing for each in TAGGINGS.values()), _GET),
    writes=(
        *(each.giving for each in TAGGINGS.values()),
        *(each.taking for each in TAGGINGS.values()),
        _PUT,
        _CLEAR,
    ),
    read=_read,
    calls=_calls,
    arn=_arn,
)
