"""Tags of resources of many services, each through the service's own calls.

The service's own answer at once and refuse what cannot be done; those of the tagging API answer for
all services, but late, not for what was never tagged, and with failures inside of a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.whole import LIST_TAGS
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.asking import asked, listed, says_gone
from mlaudit.remediate.settings.states import is_of_aws, retagging, tag_map

_GONE = frozenset({"EntityNotFoundException", "RepositoryNotFoundException"})
_NO_TAGS = "NoSuchTagSet"


@dataclass(frozen=True, slots=True)
class _Tagging:
    """How one service names what tagging takes.

    Attributes:
        listing: Lists the tags; its ``items`` is where they are.
        giving: Gives tags.
        taking: Takes tags away.
        resource: The member that names the resource.
        tags: The member with the tags that are given.
        keys: The member with the keys of those that are taken.
        words: What a tag's key and value are called; ``None`` where tags are a mapping.
    """

    listing: Operation
    giving: Operation
    taking: Operation
    resource: str
    tags: str = "Tags"
    keys: str = "TagKeys"
    words: tuple[str, str] | None = ("Key", "Value")

    def read(self, arn: str, ask: Ask) -> dict[str, str]:
        """The tags of a resource."""
        if self.words is None:
            reply = asked(ask, self.listing, **{self.resource: arn})
            return dict(reply.get(self.listing.items or "") or {})
        key, value = self.words
        return {
            each[key]: each[value] for each in listed(ask, self.listing, **{self.resource: arn})
        }

    def calls(
        self, arn: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Call]:
        """Only the differences."""
        given, taken = retagging(before, after)
        if given:
            yield _call(self.giving, {self.resource: arn, self.tags: self._worded(given)})
        if taken:
            yield _call(self.taking, {self.resource: arn, self.keys: taken})

    def _worded(self, tags: Mapping[str, str]) -> Any:
        if self.words is None:
            return dict(tags)
        key, value = self.words
        return [{key: name, value: text} for name, text in tags.items()]


def _usual(service: str, resource: str, listing: str = "ListTagsForResource") -> dict[str, Any]:
    """The calls that most services have under the same names."""
    return {
        "listing": lists(service, listing, "Tags"),
        "giving": Operation(service, "TagResource"),
        "taking": Operation(service, "UntagResource"),
        "resource": resource,
    }


_LOWER: dict[str, Any] = {"tags": "tags", "keys": "tagKeys"}

TAGGINGS: Mapping[str, _Tagging] = {
    "cloudwatch": _Tagging(**_usual("cloudwatch", "ResourceARN")),
    "dynamodb": _Tagging(**_usual("dynamodb", "ResourceArn", "ListTagsOfResource")),
    "ecr": _Tagging(
        **{**_usual("ecr", "resourceArn"), "listing": lists("ecr", "ListTagsForResource", "tags")},
        **_LOWER,
    ),
    "events": _Tagging(**_usual("events", "ResourceARN")),
    "glue": _Tagging(
        **_usual("glue", "ResourceArn", "GetTags"),
        tags="TagsToAdd",
        keys="TagsToRemove",
        words=None,
    ),
    "lambda": _Tagging(**_usual("lambda", "Resource", "ListTags"), words=None),
    "logs": _Tagging(
        **{
            **_usual("logs", "resourceArn"),
            "listing": lists("logs", "ListTagsForResource", "tags"),
        },
        **_LOWER,
        words=None,
    ),
    "sagemaker": _Tagging(
        listing=LIST_TAGS,
        giving=Operation("sagemaker", "AddTags"),
        taking=Operation("sagemaker", "DeleteTags"),
        resource="ResourceArn",
    ),
    "sns": _Tagging(**_usual("sns", "ResourceArn")),
    "states": _Tagging(
        **{
            **_usual("stepfunctions", "resourceArn"),
            "listing": lists("stepfunctions", "ListTagsForResource", "tags"),
        },
        **_LOWER,
        words=("key", "value"),
    ),
}
"""How each service tags, by its name in ARNs. Buckets of S3 are not among them: see below."""

_GET_BUCKET = Operation("s3", "GetBucketTagging")
_PUT_BUCKET = Operation("s3", "PutBucketTagging")
_CLEAR_BUCKET = Operation("s3", "DeleteBucketTagging", iam="s3:PutBucketTagging")


def can_tag(arn: str) -> bool:
    """Whether the tags of a resource can be written here."""
    return _service_of(arn) in TAGGINGS or _is_bucket(arn)


def _read(key: Key, ask: Ask) -> State:
    arn = key["ResourceARN"]
    try:
        return _bucket_tags(arn, ask) if _is_bucket(arn) else _tagging_of(arn).read(arn, ask)
    except RefusedError as refused:
        if refused.code in _GONE or says_gone(refused):
            return None
        raise


def _calls(key: Key, before: State, after: State) -> list[Call]:
    arn, now, then = key["ResourceARN"], before or {}, after or {}
    if _is_bucket(arn):
        return list(_bucket_calls(arn, now, then))
    return list(_tagging_of(arn).calls(arn, now, then))


def _bucket_tags(arn: str, ask: Ask) -> dict[str, str]:
    try:
        return tag_map(asked(ask, _GET_BUCKET, Bucket=_bucket(arn))["TagSet"])
    except RefusedError as refused:
        if refused.code == _NO_TAGS:
            return {}
        raise


def _bucket_calls(arn: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Call]:
    """All tags of a bucket are written at once; S3 wants those of AWS to be named, unchanged."""
    if not any(retagging(before, after)):
        return
    of_aws = {key: value for key, value in before.items() if is_of_aws(key)}
    own = {key: value for key, value in after.items() if not is_of_aws(key)}
    tags = [{"Key": key, "Value": value} for key, value in sorted({**of_aws, **own}.items())]
    if tags:
        yield _call(_PUT_BUCKET, {"Bucket": _bucket(arn), "Tagging": {"TagSet": tags}})
    else:
        yield _call(_CLEAR_BUCKET, {"Bucket": _bucket(arn)})


def _call(operation: Operation, params: Mapping[str, Any]) -> Call:
    return Call(operation.service, operation.name, params)


def _tagging_of(arn: str) -> _Tagging:
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
    reads=(*(each.listing for each in TAGGINGS.values()), _GET_BUCKET),
    writes=(
        *(each.giving for each in TAGGINGS.values()),
        *(each.taking for each in TAGGINGS.values()),
        _PUT_BUCKET,
        _CLEAR_BUCKET,
    ),
    read=_read,
    calls=_calls,
    arn=_arn,
)
