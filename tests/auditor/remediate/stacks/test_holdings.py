"""What holds data is seen to, also where AWS tells little; and it is emptied to the last."""

from collections.abc import Mapping
from typing import Any

import pytest

from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import FailedError
from mlaudit.remediate.stacks import operations
from mlaudit.remediate.stacks.holdings import HOLDINGS
from mlaudit.remediate.stacks.operations import DEPLOYING, UNDOING
from mlaudit.remediate.stacks.site import Site

SHARD = {"Shards": [{"ShardId": "0"}]}
ITERATOR = {"ShardIterator": "here"}


def answering(answers: Mapping[str, Any]) -> Site:
    """A site where each operation has one answer."""
    return Site("us-east-1", lambda _service, operation, _params: answers[operation])


@pytest.mark.parametrize(
    ("type_name", "answers", "holds"),
    [
        ("DynamoDB::Table", {"Scan": {"Count": 0}}, ""),
        ("DynamoDB::Table", {"Scan": {"Count": 1}}, "1 item"),
        ("DynamoDB::Table", {"Scan": {"Count": 9, "LastEvaluatedKey": {}}}, "9 or more items"),
        ("DynamoDB::Table", {"Scan": {"Count": 0, "LastEvaluatedKey": {}}}, "items"),
        ("S3::Bucket", {"ListObjectVersions": {}}, ""),
        ("S3::Bucket", {"ListObjectVersions": {"DeleteMarkers": [{}]}}, "1 object version"),
        ("SageMaker::FeatureGroup", {"DescribeFeatureGroup": {}}, ""),
        (
            "SageMaker::FeatureGroup",
            {"DescribeFeatureGroup": {"OnlineStoreTotalSizeBytes": 7}},
            "records in its online store",
        ),
        ("SageMaker::MlflowApp", {}, "what AWS does not let be counted"),
        ("ECR::Repository", {"ListImages": {"imageIds": [{}, {}]}}, "2 images"),
        ("SQS::Queue", {"GetQueueAttributes": {"Attributes": {}}}, ""),
    ],
)
def test_what_it_holds(type_name: str, answers: Mapping[str, Any], holds: str) -> None:
    assert HOLDINGS[f"AWS::{type_name}"].holds("it", answering(answers)) == holds


@pytest.mark.parametrize(
    ("records", "holds"),
    [
        ({"Records": [{}]}, "records"),
        ({"Records": [], "NextShardIterator": "on", "MillisBehindLatest": 0}, ""),
        ({"Records": [], "MillisBehindLatest": 5}, ""),
        ({"Records": [], "NextShardIterator": "on", "MillisBehindLatest": 5}, "records"),
    ],
    ids=["a record", "at its end", "closed", "never at its end"],
)
def test_a_shard_is_read_until_it_tells(records: Mapping[str, Any], holds: str) -> None:
    answers = {"ListShards": SHARD, "GetShardIterator": ITERATOR, "GetRecords": records}
    assert HOLDINGS["AWS::Kinesis::Stream"].holds("it", answering(answers)) == holds


@pytest.mark.parametrize(
    ("type_name", "answers"),
    [
        (
            "S3::Bucket",
            {
                "ListObjectVersions": {"Versions": [{"Key": "a", "VersionId": "1"}]},
                "DeleteObjects": {"Errors": [{"Key": "a", "Code": "AccessDenied"}]},
            },
        ),
        (
            "ECR::Repository",
            {
                "ListImages": {"imageIds": [{"imageDigest": "a"}]},
                "BatchDeleteImage": {"failures": [{"failureReason": "referenced"}]},
            },
        ),
    ],
)
def test_what_is_not_deleted_is_said(type_name: str, answers: Mapping[str, Any]) -> None:
    empty = HOLDINGS[f"AWS::{type_name}"].empty
    assert empty is not None
    with pytest.raises(FailedError, match="was not deleted"):
        empty("it", answering(answers))


def test_a_repository_is_emptied(bench: Any) -> None:
    bench.deploy("Resources: {R: {Type: AWS::ECR::Repository}}")
    ecr = bench.client("ecr")
    (repository,) = (each["repositoryName"] for each in ecr.describe_repositories()["repositories"])
    ecr.put_image(
        repositoryName=repository,
        imageManifest='{"schemaVersion": 2}',
        imageManifestMediaType="application/vnd.oci.image.manifest.v1+json",
        imageTag="a",
    )
    assert f"the repository {repository} holds 1 image" in bench.undo().why
    assert bench.undo(delete_data=True).fate == "undone"
    assert f"the repository {repository} emptied: 1 deleted" in bench.told
    assert ecr.describe_repositories()["repositories"] == []


def test_all_that_is_called_is_declared() -> None:
    known = {each for each in vars(operations).values() if isinstance(each, Operation)}
    assert set(UNDOING.all) == known


def test_deploying_deletes_no_data() -> None:
    deletes = [each.name for each in DEPLOYING.writes if each.name.startswith("Delete")]
    assert deletes == ["DeleteChangeSet", "DeleteStack"]
