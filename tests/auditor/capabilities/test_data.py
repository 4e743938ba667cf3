"""Data at rest: its past, its origin, and what models were trained on."""

from typing import Any

import pytest

from mlaudit.capabilities.data import data_stores, feature_stores, training_data
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    Bucket,
    CatalogTable,
    Container,
    DataArtifact,
    FeatureGroup,
    ModelPackage,
    ProcessingJob,
    Resource,
    TrainingJob,
    TransformJob,
)
from mlaudit.testing import OLD, build, gap, serving, view_of

RAW, MADE = "s3://lake/raw", "s3://lake/made"
JOB = build(TrainingJob, "fit", inputs=(RAW,), artifact="s3://lake/fit/output/model.tar.gz")
LAKE = build(Bucket, "lake")
KEPT = build(Bucket, "lake", versioned=True)
PLAIN = build(CatalogTable, "t", location="s3://lake/")
ICEBERG = build(CatalogTable, "t", location=RAW, snapshots=True)
NEXT_DOOR = build(CatalogTable, "t", location="s3://lake/ra", snapshots=True)
ARTIFACT = build(DataArtifact, arn="arn:artifact", uri=RAW)
FEATURES = build(FeatureGroup, "f", status="Created", offline_uri=RAW, online=True, described=True)

STORES: dict[str, tuple[tuple[Resource, ...], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "versioned, listed": ((JOB, KEPT, PLAIN), ((), ())),
    "versioned, artefact": ((JOB, KEPT, ARTIFACT), ((), ())),
    "versioned, unknown": ((JOB, KEPT), ((), (RAW,))),
    "unversioned": ((JOB, LAKE), ((RAW,), (RAW,))),
    "unversioned, listed": ((JOB, LAKE, PLAIN), ((RAW,), ())),
    "unversioned, Iceberg": ((JOB, LAKE, ICEBERG), ((), ())),
    "unversioned, a table next door": ((JOB, LAKE, NEXT_DOOR), ((RAW,), (RAW,))),
    "features": ((JOB, LAKE, FEATURES), ((), ())),
    "made by a job": (
        (
            build(ProcessingJob, "p", outputs=(MADE,)),
            build(TransformJob, "t", inputs=(MADE,)),
            KEPT,
        ),
        ((), ()),
    ),
    "made by a batch": ((build(TransformJob, "t", output=MADE), KEPT), ((), ())),
}


@pytest.mark.parametrize(("resources", "expected"), STORES.values(), ids=STORES)
def test_a_bucket_keeps_its_past_and_knows_its_origin(
    resources: tuple[Resource, ...], expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    evidence = data_stores(view_of(*resources))
    assert [(each.unkept, each.unrecorded) for each in evidence.items] == [expected]
    assert evidence.gaps == ()


def test_data_of_old_jobs_is_not_judged() -> None:
    old = build(TrainingJob, "fit", inputs=(RAW,), ended_at=OLD)
    assert data_stores(view_of(old, KEPT)) == Evidence()


def codes(evidence: Evidence[Any]) -> list[str]:
    return [each.code for each in evidence.gaps]


@pytest.mark.parametrize(
    "missing",
    [
        gap("s3:GetBucketVersioning", LAKE.arn),
        gap("sagemaker:ListTrainingJobs"),
        gap("sagemaker:ListProcessingJobs"),
        gap("sagemaker:ListTransformJobs"),
        gap("sagemaker:ListFeatureGroups"),
        gap("glue:GetTables"),
        gap("sagemaker:ListArtifacts", RAW),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_facts_of_a_bucket_hides_a_bad_one(missing: Gap) -> None:
    seen = (JOB,) if missing.subject == LAKE.arn else (JOB, KEPT)
    evidence = data_stores(view_of(*seen, gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


@pytest.mark.parametrize("subject", ["arn:aws:s3:::other", "s3://other/raw"])
def test_another_bucket_hides_nothing(subject: str) -> None:
    operation = "s3:GetBucketVersioning" if ":s3:" in subject else "sagemaker:ListArtifacts"
    evidence = data_stores(view_of(JOB, KEPT, PLAIN, gaps=[gap(operation, subject)]))
    assert (len(evidence.items), evidence.gaps) == (1, ())


def test_data_outside_of_s3_is_a_gap() -> None:
    job = build(TrainingJob, "fit", inputs=(RAW,), other_data=True)
    evidence = data_stores(view_of(job, KEPT, PLAIN))
    assert len(evidence.items) == 1
    assert codes(evidence) == ["DataNotInS3"]


PACKAGE = build(
    ModelPackage,
    "fraud/1",
    group_name="fraud",
    containers=(build(Container, model_data=JOB.artifact),),
)
SERVED = (*serving("e", build(Container, package_arn=PACKAGE.arn)), PACKAGE)


@pytest.mark.parametrize(
    ("resources", "mutable"),
    [((KEPT,), ()), ((LAKE,), (RAW,)), ((LAKE, ICEBERG), ()), ((LAKE, FEATURES), ())],
)
def test_a_served_model_knows_its_data(
    resources: tuple[Resource, ...], mutable: tuple[str, ...]
) -> None:
    evidence = training_data(view_of(*SERVED, JOB, *resources))
    assert [(each.places, each.mutable) for each in evidence.items] == [((RAW,), mutable)]
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        ((LAKE,), "OriginNotFound"),
        ((build(TrainingJob, "fit", artifact=JOB.artifact, other_data=True),), "DataNotInS3"),
    ],
)
def test_data_that_cannot_be_traced_is_a_gap(resources: tuple[Resource, ...], code: str) -> None:
    evidence = training_data(view_of(*SERVED, *resources))
    assert evidence.items == ()
    assert codes(evidence) == [code]


@pytest.mark.parametrize("provider", [training_data, data_stores])
def test_a_bucket_that_is_not_there_is_a_gap(provider: Any) -> None:
    evidence = provider(view_of(*SERVED, JOB))
    assert evidence.items == ()
    assert [(each.reason, each.subject) for each in evidence.gaps] == [(GapReason.GONE, LAKE.arn)]
    told = gap("s3:GetBucketVersioning", LAKE.arn)
    assert provider(view_of(*SERVED, JOB, gaps=[told])).gaps == (told,)
    unseen = gap("sagemaker:ListProcessingJobs")
    assert provider(view_of(*SERVED, JOB, gaps=[unseen])).gaps == (unseen,)


@pytest.mark.parametrize(
    "missing",
    [
        gap("glue:GetTables"),
        gap("sagemaker:ListFeatureGroups"),
        gap("s3:GetBucketVersioning", LAKE.arn),
        gap("sagemaker:DescribeEndpointConfig"),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_facts_of_training_data_hides_mutable_data(missing: Gap) -> None:
    seen = () if missing.subject else (LAKE,)
    evidence = training_data(view_of(*SERVED, JOB, *seen, gaps=[missing]))
    assert evidence.items == () or missing.operation == "sagemaker:DescribeEndpointConfig"
    assert missing in evidence.gaps


def test_feature_groups_are_read_and_needed_online() -> None:
    (found,) = feature_stores(view_of(FEATURES, JOB, *serving("e"))).items
    assert (found.described, found.offline_read, found.online, found.online_needed) == (
        True, True, True, True,
    )  # fmt: skip
    (found,) = feature_stores(view_of(FEATURES)).items
    assert (found.offline_read, found.online_needed) == (False, False)


def test_a_batch_endpoint_needs_no_online_store() -> None:
    found = feature_stores(view_of(FEATURES, *serving("e", config={"asynchronous": True}))).items
    assert [each.online_needed for each in found] == [False]


def test_a_group_of_another_workload_counts_when_its_offline_store_is_read() -> None:
    other = build(FeatureGroup, "g", status="Created", offline_uri="s3://lake/else")
    found = feature_stores(view_of(JOB, others=[FEATURES, other])).items
    assert [each.name for each in found] == ["f"]


def test_without_a_feature_group_a_store_elsewhere_is_a_gap() -> None:
    assert codes(feature_stores(view_of(JOB))) == ["StoreOutsideAws"]
    gone = build(FeatureGroup, "g", status="Deleting")
    assert codes(feature_stores(view_of(gone))) == ["StoreOutsideAws"]


@pytest.mark.parametrize(
    ("operation", "online", "seen"),
    [
        ("sagemaker:ListEndpoints", False, 0),
        ("sagemaker:ListEndpoints", True, 1),
        ("sagemaker:ListProcessingJobs", True, 1),
    ],
)
def test_unseen_endpoints_may_need_an_online_store(operation: str, online: bool, seen: int) -> None:  # noqa: FBT001 - a table
    group = build(FeatureGroup, "f", status="Created", online=online)
    evidence = feature_stores(view_of(group, gaps=[gap(operation)]))
    assert len(evidence.items) == seen
    assert gap(operation) in evidence.gaps
