"""Where data comes from, and which catalogue lists it."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.sources import data_sources
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Bucket,
    CatalogDatabase,
    CatalogTable,
    FeatureGroup,
    ProcessingJob,
    Resource,
    TrainingJob,
    TransformJob,
)
from mlaudit.testing import OLD, build, gap, view_of

RAW = "s3://lake/raw"
JOB = build(TrainingJob, "fit", inputs=(RAW,))
LAKE = build(Bucket, "lake")
TABLE = build(CatalogTable, "t", database="lake", location="s3://lake/raw/", described=True)
BARE = build(CatalogTable, "t", database="lake", location="s3://lake/raw")
PART = build(CatalogTable, "t", database="lake", location="s3://lake/raw/2026", described=True)
FEATURES = build(FeatureGroup, "f", offline_uri="s3://lake/raw", described=True)
QUERY = build(ProcessingJob, "q", queried=("athena:AwsDataCatalog/crm",))
CRM = build(CatalogDatabase, "crm", described=True)

LISTED: dict[str, tuple[tuple[Resource, ...], list[tuple[str | None, bool]]]] = {
    "a table": ((JOB, TABLE), [("table lake.t", True)]),
    "a table of a part": ((JOB, PART), [("table lake.t", True)]),
    "a table without description": ((JOB, BARE), [("table lake.t", False)]),
    "a feature group": ((JOB, BARE, FEATURES), [("feature group f", True)]),
    "a queried database": ((QUERY, CRM), [("database crm", True)]),
    "a table for one of two": (
        (build(TrainingJob, "fit", inputs=(RAW, "s3://lake/other")), TABLE),
        [(None, False), ("table lake.t", True)],
    ),
    "made by a job": ((JOB, build(ProcessingJob, "p", outputs=("s3://lake",))), []),
    "a program and a model": (
        (build(ProcessingJob, "p", inputs=("s3://b/code/run.py", "s3://b/m/model.tar.gz")),),
        [],
    ),
    "read long ago": ((build(TrainingJob, inputs=(RAW,), ended_at=OLD),), []),
    "nothing": ((), []),
}


@pytest.mark.parametrize(("resources", "expected"), LISTED.values(), ids=LISTED)
def test_a_source_is_listed_or_not(
    resources: tuple[Resource, ...], expected: list[tuple[str | None, bool]]
) -> None:
    evidence = data_sources(view_of(*resources, LAKE))
    assert [(each.entry, each.described) for each in evidence.items] == expected
    assert evidence.gaps == ()


def codes(evidence: Evidence[Any]) -> list[tuple[str, str | None]]:
    return [(each.code, each.subject) for each in evidence.gaps]


@pytest.mark.parametrize(
    ("resources", "place"),
    [
        ((JOB,), RAW),
        ((QUERY,), "athena:AwsDataCatalog/crm"),
        ((QUERY, build(CatalogDatabase, "hr", described=True)), "athena:AwsDataCatalog/crm"),
    ],
)
def test_another_catalogue_may_list_it(resources: tuple[Resource, ...], place: str) -> None:
    evidence = data_sources(view_of(*resources, LAKE))
    assert evidence.items == ()
    assert codes(evidence) == [("CatalogueElsewhere", place)]


@pytest.mark.parametrize("queried", ["redshift:main/sales", "athena:federated/sales"])
def test_what_glue_does_not_hold_may_be_listed_elsewhere(queried: str) -> None:
    evidence = data_sources(
        view_of(JOB, LAKE, TABLE, build(TransformJob), build(ProcessingJob, queried=(queried,)))
    )
    assert [each.place for each in evidence.items] == [RAW]
    assert codes(evidence) == [("CatalogueElsewhere", queried)]


def test_data_outside_of_s3_is_a_gap() -> None:
    job = build(TrainingJob, "fit", other_data=True)
    assert codes(data_sources(view_of(job))) == [("DataNotInS3", job.arn)]


@pytest.mark.parametrize(
    "missing",
    [
        gap("glue:GetTables"),
        gap("sagemaker:ListFeatureGroups"),
        gap("s3:GetBucketVersioning", LAKE.arn),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_an_entry_hides_a_bad_source(missing: Any) -> None:
    bad = data_sources(view_of(JOB, BARE, gaps=[missing]))
    assert (bad.items, bad.gaps) == ((), (missing,))
    good = data_sources(view_of(JOB, TABLE, gaps=[missing]))
    assert ([each.described for each in good.items], good.gaps) == ([True], ())


def test_what_hides_jobs_is_a_gap() -> None:
    missing = gap("sagemaker:ListProcessingJobs")
    assert missing in data_sources(view_of(JOB, TABLE, gaps=[missing])).gaps
