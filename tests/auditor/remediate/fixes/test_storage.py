"""Which buckets keep earlier versions, and which repositories hold on to their tags."""

from __future__ import annotations

import pytest

from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.storage import bucket_versioning, image_immutability
from mlaudit.resources import (
    Bucket,
    CatalogTable,
    Container,
    ImageRepository,
    ProcessingJob,
    Resource,
    StoredImage,
    TrainingJob,
)
from mlaudit.testing import ACCOUNT, REGION, build, gap, serving, view_of

READS = build(TrainingJob, "t", inputs=("s3://lake/clicks",))
WRITES = build(ProcessingJob, "p", outputs=("s3://lake/features",))
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
IMAGE = f"{REGISTRY}/team/model:1.4"
MODEL = "s3://lake/model.tar.gz"


def lake(*, versioned: bool) -> Bucket:
    return build(Bucket, "lake", versioned=versioned)


BUCKETS: dict[str, tuple[tuple[Resource, ...], str | None]] = {
    "a bucket that forgets": ((READS, lake(versioned=False)), READS.arn),
    "one that two jobs use": ((READS, WRITES, lake(versioned=False)), READS.arn),
    "a bucket with versions": ((READS, lake(versioned=True)), None),
    "a table that keeps snapshots": (
        (
            READS,
            lake(versioned=False),
            build(CatalogTable, location="s3://lake/clicks", snapshots=True),
        ),
        None,
    ),
    "a bucket out of sight": ((READS,), None),
    "a bucket that nothing uses": ((build(TrainingJob), lake(versioned=False)), None),
}


@pytest.mark.parametrize(("resources", "scope"), BUCKETS.values(), ids=BUCKETS)
def test_buckets_that_forget_keep_versions(
    resources: tuple[Resource, ...], scope: str | None
) -> None:
    changes = list(bucket_versioning(Sight(view_of(*resources), {}, ACCOUNT)))
    assert [(dict(each.key), each.scope) for each in changes] == (
        [({"Bucket": "lake"}, scope)] if scope else []
    )


def test_no_bucket_is_changed_whose_tables_may_keep_versions() -> None:
    view = view_of(READS, lake(versioned=False), gaps=(gap("glue:GetTables"),))
    assert list(bucket_versioning(Sight(view, {}, ACCOUNT))) == []


def repository(*, immutable: bool = False, exceptions: tuple[str, ...] = ()) -> ImageRepository:
    return build(
        ImageRepository,
        arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/model",
        place=f"{REGISTRY}/team/model",
        immutable=immutable,
        exceptions=exceptions,
    )


STORED = build(StoredImage, place=f"{REGISTRY}/team/model", digest="sha256:1", called=("1.4",))
SERVES = serving("e", build(Container, image=IMAGE, model_data=MODEL))
JOB = build(TrainingJob, image=IMAGE, artifact=MODEL, inputs=("s3://lake/clicks",))

REPOSITORIES: dict[str, tuple[ImageRepository, bool]] = {
    "tags that can be moved": (repository(), True),
    "tags that cannot": (repository(immutable=True), False),
    "tags of which some can": (repository(exceptions=("dev-*",)), False),
}


@pytest.mark.parametrize(("kept", "changed"), REPOSITORIES.values(), ids=REPOSITORIES)
def test_repositories_of_models_hold_on_to_their_tags(
    kept: ImageRepository, *, changed: bool
) -> None:
    view = view_of(*SERVES, JOB, kept, STORED)
    changes = list(image_immutability(Sight(view, {}, ACCOUNT)))
    assert [dict(each.key) for each in changes] == [{"repositoryName": "team/model"}] * changed
    assert {each.scope for each in changes} <= {SERVES[2].arn}


def test_no_repository_is_changed_whose_images_are_out_of_sight() -> None:
    denied = (gap("ecr:DescribeImages"),)
    view = view_of(*SERVES, JOB, repository(), STORED, gaps=denied)
    assert list(image_immutability(Sight(view, {}, ACCOUNT))) == []
