"""Whether personal data is looked for, and whether columns are traced."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.compliance import column_lineages, personal_data_searches
from mlaudit.resources import (
    Bucket,
    CatalogTable,
    DatasetLineage,
    PersonalDataScan,
    Resource,
    TrainingJob,
)
from mlaudit.testing import OLD, RECENT, build, gap, view_of

JOB = build(TrainingJob, "fit", inputs=("s3://lake/raw/train",))
LAKE = build(Bucket, "lake")
ELSEWHERE = ["PersonalDataElsewhere"]


def scan(bucket: str = "lake", **values: Any) -> PersonalDataScan:
    return build(
        PersonalDataScan, arn=f"arn:aws:s3:::{bucket}#personal-data", bucket=bucket, **values
    )


@pytest.mark.parametrize(
    ("scans", "searched", "codes"),
    [
        ((scan(watched=True, scanned_at=RECENT),), [True], []),
        ((scan(scanned_at=RECENT),), [True], []),
        ((scan(watched=True, scanned_at=OLD),), [False], []),
        ((scan(watched=True),), [False], []),
        ((scan(scanned_at=OLD),), [], ELSEWHERE),
        ((scan(),), [], ELSEWHERE),
        ((scan("other", scanned_at=RECENT),), [], ELSEWHERE),
        ((), [], ELSEWHERE),
    ],
)
def test_a_bucket_is_searched_or_not(
    scans: tuple[Resource, ...], searched: list[bool], codes: list[str]
) -> None:
    evidence = personal_data_searches(view_of(JOB, LAKE, *scans))
    assert [each.searched for each in evidence.items] == searched
    assert [each.code for each in evidence.gaps] == codes


TABLE = build(CatalogTable, "t", location="s3://lake/raw")


def lineage(place: str, *, columns: bool = True) -> DatasetLineage:
    return build(DatasetLineage, arn=f"arn:domain#1#{place}", place=place, columns=columns)


@pytest.mark.parametrize(
    ("place", "columns", "expected", "codes"),
    [
        ("s3://lake/raw", True, [True], []),
        ("s3://lake/raw/train/part", True, [True], []),
        (TABLE.arn, True, [True], []),
        (TABLE.arn, False, [False], ["ColumnsTracedElsewhere"]),
        ("s3://lake/other", True, [], ["ColumnsTracedElsewhere"]),
    ],
)
def test_columns_are_traced_or_not(
    place: str, columns: Any, expected: list[bool], codes: list[str]
) -> None:
    evidence = column_lineages(view_of(JOB, LAKE, TABLE, lineage(place, columns=columns)))
    assert [each.columns for each in evidence.items] == expected
    assert [each.code for each in evidence.gaps] == codes


def test_without_data_nothing_is_asked_for() -> None:
    view = view_of(build(TrainingJob, inputs=("s3://lake/raw",), ended_at=OLD))
    assert personal_data_searches(view).gaps == ()
    assert column_lineages(view).gaps == ()


@pytest.mark.parametrize(
    "missing",
    [gap("macie2:DescribeBuckets"), gap("sagemaker:ListProcessingJobs")],
    ids=lambda each: each.operation,
)
def test_what_hides_a_search_is_a_gap(missing: Any) -> None:
    evidence = personal_data_searches(view_of(JOB, LAKE, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


@pytest.mark.parametrize(
    "missing",
    [
        gap("datazone:ListDomains"),
        gap("datazone:GetLineageEvent"),
        gap("glue:GetTables"),
        gap("sagemaker:ListProcessingJobs"),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_lineage_is_a_gap(missing: Any) -> None:
    assert missing in column_lineages(view_of(JOB, LAKE, gaps=[missing])).gaps
