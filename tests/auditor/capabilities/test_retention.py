"""Whether the data behind what serves outlives it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.retention import KeptData, kept_data
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Bucket,
    BucketRetention,
    Container,
    Expiry,
    Model,
    Resource,
    TrainingJob,
)
from mlaudit.testing import NOW, REGION, arn_of, build, gap, serving, view_of

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
PLACE = "s3://lake/fraud/train"
AGE = 30
JOB = build(
    TrainingJob,
    "fraud-1",
    artifact=ARTEFACT,
    inputs=(PLACE,),
    ended_at=NOW - timedelta(days=AGE),
)
SERVED = serving("e", build(Container, model_data=ARTEFACT))
LAKE = build(Bucket, "lake", versioned=True)


def rule(**values: Any) -> Expiry:
    usual: dict[str, Any] = {
        "prefix": "",
        "current_days": None,
        "replaced_days": None,
        "narrowed": False,
    }
    return Expiry(**{**usual, **values})


def retention(*rules: Expiry, locked: int | None = None, bucket: str = "lake") -> BucketRetention:
    return BucketRetention(f"{arn_of(Bucket, bucket)}#retention", REGION, bucket, rules, locked)


def found(*facts: Resource, **options: Any) -> Evidence[KeptData]:
    return kept_data(view_of(*SERVED, JOB, *facts, **options))


@pytest.mark.parametrize(
    ("kept", "short"),
    [
        (retention(), False),
        (retention(rule(replaced_days=AGE - 1)), True),
        (retention(rule(replaced_days=AGE)), False),
        # what is current becomes an older version, which nothing deletes
        (retention(rule(current_days=1)), False),
        (retention(rule(prefix="fraud/", replaced_days=1)), True),
        (retention(rule(prefix="fraud/train/2026", replaced_days=1)), True),
        (retention(rule(prefix="churn/", replaced_days=1)), False),
        (retention(rule(replaced_days=1), locked=AGE), False),
        (retention(rule(replaced_days=1), locked=AGE - 1), True),
        (retention(rule(replaced_days=400, narrowed=True)), False),
        (retention(rule(replaced_days=1), rule(replaced_days=1, narrowed=True)), True),
    ],
)
def test_data_is_short_where_a_rule_is_younger_than_the_model(
    *, kept: BucketRetention, short: bool
) -> None:
    evidence = found(LAKE, kept)
    (model,) = evidence.items
    assert evidence.gaps == ()
    assert model.short == ((PLACE,) if short else ())
    assert (model.places, model.life_days, model.at) == ((PLACE,), AGE, JOB.ended_at)


def test_without_versions_what_is_current_counts() -> None:
    unversioned = build(Bucket, "lake", versioned=False)
    (model,) = found(unversioned, retention(rule(current_days=1))).items
    assert model.short == (PLACE,)
    (model,) = found(unversioned, retention(rule(replaced_days=1))).items
    assert model.short == ()


def test_a_rule_by_tag_leaves_open_what_it_deletes() -> None:
    evidence = found(LAKE, retention(rule(replaced_days=1, narrowed=True)))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [
        ("RuleByTag", arn_of(Model, "e"))
    ]


@pytest.mark.parametrize(
    "operation",
    [
        "s3:GetBucketLifecycleConfiguration",
        "s3:GetObjectLockConfiguration",
        "sagemaker:DescribeTrainingJob",
    ],
)
def test_what_cannot_be_seen_is_not_kept(operation: str) -> None:
    denied = gap(operation)
    evidence = found(LAKE, gaps=[denied])
    assert evidence.items == ()
    assert denied in evidence.gaps


def test_without_its_versioning_a_bucket_is_not_judged() -> None:
    denied = gap("s3:GetBucketVersioning", LAKE.arn)
    evidence = found(retention(), gaps=[denied])
    assert evidence.items == ()
    assert denied in evidence.gaps


def test_another_bucket_does_not_matter() -> None:
    other = build(Bucket, "other")
    denied = gap("s3:GetBucketLifecycleConfiguration", other.arn)
    evidence = found(LAKE, retention(), other, gaps=[denied])
    assert [each.short for each in evidence.items] == [()]
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    "uri", ["s3://b/by-hand.tar.gz", "s3://jumpstart-cache-prod-eu-west-1/model.tar.gz"]
)
def test_what_no_job_trained_has_no_data_to_keep(uri: str) -> None:
    placed = serving("e", build(Container, model_data=uri))
    assert kept_data(view_of(*placed)) == Evidence((), ())
