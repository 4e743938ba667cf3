"""Which resources of stacks hold what people or machines have written, and how they are emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mlaudit.remediate.change import Document, FailedError
from mlaudit.remediate.settings.logs import LOG_GROUP
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.site import Site

SERVING = frozenset(
    {
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::CloudFront::Distribution",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::Lambda::Function",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::InferenceComponent",
    }
)
"""Types that answer requests: what calls them notices when one is replaced or removed."""

_PAGE = 1000
_LOOKS = 50
"""Pages of a shard that are read in search of a record; empty ones do not tell that it is empty."""


@dataclass(frozen=True, slots=True)
class Holding:
    """How one type of resource is looked into.

    Attributes:
        noun: What such a resource is called.
        holds: What it holds, in words; empty when it holds nothing. Takes its physical id.
        empty: Takes all out that CloudFormation does not delete it with, and returns how much that
            was; ``None`` where it goes with all it holds.
    """

    noun: str
    holds: Callable[[str, Site], str]
    empty: Callable[[str, Site], int] | None = None


def _counted(found: Sequence[Any], noun: str, *, more: bool) -> str:
    plural = "" if len(found) == 1 and not more else "s"
    return f"{len(found)}{' or more' if more else ''} {noun}{plural}" if found else ""


def _versions(bucket: str, site: Site) -> tuple[list[Document], bool]:
    """The first page of all versions in a bucket, and whether there are more."""
    told = site.call(op.LIST_VERSIONS, Bucket=bucket, MaxKeys=_PAGE)
    found = [*told.get("Versions", ()), *told.get("DeleteMarkers", ())]
    return found, bool(told.get("IsTruncated"))


def _in_bucket(bucket: str, site: Site) -> str:
    found, more = _versions(bucket, site)
    return _counted(found, "object version", more=more)


def delete_versions(bucket: str, versions: Sequence[tuple[str, str]], site: Site) -> None:
    """Delete versions of objects for good: keys and ids, at most a thousand.

    Raises:
        FailedError: S3 did not delete one.
        RefusedError: S3 deleted none.
    """
    named = [{"Key": key, "VersionId": version} for key, version in versions]
    told = site.call(op.DELETE_OBJECTS, Bucket=bucket, Delete={"Objects": named, "Quiet": True})
    for each in told.get("Errors", ()):
        raise FailedError(
            f"{each['Key']} in the bucket {bucket} was not deleted ({each['Code']}): "
            f"{each.get('Message', 'S3 does not say why')}"
        )


def _empty_bucket(bucket: str, site: Site) -> int:
    count, more = 0, True
    while more:
        found, more = _versions(bucket, site)
        if found:
            delete_versions(bucket, [(each["Key"], each["VersionId"]) for each in found], site)
        count += len(found)
    return count


def _in_log_group(name: str, site: Site) -> str:
    return "log streams" if LOG_GROUP.holds_data({"logGroupName": name}, site.ask) else ""


def _packages(group: str, site: Site) -> Iterator[str]:
    name = group.rpartition("/")[2]
    for each in site.each(op.LIST_PACKAGES, ModelPackageGroupName=name, MaxResults=100):
        yield each["ModelPackageArn"]


def _in_package_group(group: str, site: Site) -> str:
    return _counted(list(_packages(group, site)), "model version", more=False)


def _empty_package_group(group: str, site: Site) -> int:
    arns = list(_packages(group, site))
    for arn in arns:
        site.call(op.DELETE_PACKAGE, ModelPackageName=arn)
    return len(arns)


def _in_table(name: str, site: Site) -> str:
    # The count of DescribeTable is hours old.
    told = site.call(op.SCAN_TABLE, TableName=name, Select="COUNT", Limit=_PAGE)
    more = "LastEvaluatedKey" in told
    if more and not told["Count"]:
        return "items"
    return _counted(range(told["Count"]), "item", more=more)


def _in_stream(name: str, site: Site) -> str:
    for shard in site.each(op.LIST_SHARDS, StreamName=name):
        if _in_shard(name, shard["ShardId"], site):
            return "records"
    return ""


def _in_shard(stream: str, shard: str, site: Site) -> bool:
    """Whether a shard has a record; ``True`` also when that cannot be told."""
    iterator = site.call(
        op.GET_ITERATOR, StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    for _ in range(_LOOKS):
        told = site.call(op.GET_RECORDS, ShardIterator=iterator, Limit=1)
        if told["Records"]:
            return True
        iterator = told.get("NextShardIterator")
        if iterator is None or told.get("MillisBehindLatest") == 0:
            return False
    return True


def _images(name: str, site: Site) -> Iterator[Document]:
    yield from site.each(op.LIST_IMAGES, repositoryName=name)


def _in_repository(name: str, site: Site) -> str:
    return _counted(list(_images(name, site)), "image", more=False)


def _empty_repository(name: str, site: Site) -> int:
    images, count = _images(name, site), 0
    while page := list(islice(images, 100)):
        told = site.call(op.DELETE_IMAGES, repositoryName=name, imageIds=page)
        for each in told.get("failures", ()):
            raise FailedError(f"An image of {name} was not deleted: {each.get('failureReason')}")
        count += len(page)
    return count


def _in_queue(url: str, site: Site) -> str:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = site.call(op.DESCRIBE_QUEUE, QueueUrl=url, AttributeNames=names)["Attributes"]
    return _counted(range(sum(int(told.get(each, 0)) for each in names)), "message", more=False)


def _in_feature_group(name: str, site: Site) -> str:
    told = site.call(op.DESCRIBE_FEATURES, FeatureGroupName=name)
    return "records in its online store" if told.get("OnlineStoreTotalSizeBytes") else ""


def _unknown(_id: str, _site: Site) -> str:
    return "what AWS does not let be counted"


HOLDINGS: Mapping[str, Holding] = {
    "AWS::DynamoDB::GlobalTable": Holding("table", _in_table),
    "AWS::DynamoDB::Table": Holding("table", _in_table),
    "AWS::ECR::Repository": Holding("repository", _in_repository, _empty_repository),
    "AWS::Kinesis::Stream": Holding("stream", _in_stream),
    "AWS::Logs::LogGroup": Holding("log group", _in_log_group),
    "AWS::S3::Bucket": Holding("bucket", _in_bucket, _empty_bucket),
    "AWS::SQS::Queue": Holding("queue", _in_queue),
    "AWS::SageMaker::FeatureGroup": Holding("feature group", _in_feature_group),
    "AWS::SageMaker::MlflowApp": Holding("tracking server", _unknown),
    "AWS::SageMaker::ModelPackageGroup": Holding(
        "model package group", _in_package_group, _empty_package_group
    ),
}
"""The types that hold data, by their names in templates."""
