from dataclasses import replace

import pytest

from mlaudit.capabilities.sources import DataSource
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_2_data_sources import data_sources

DENIED = Gap("glue:GetTables", "eu-west-1", "AccessDenied", GapReason.DENIED)
ELSEWHERE = Gap.unread("glue:GetTables", "eu-west-1", "CatalogueElsewhere", "s3://lake/raw")
LISTED = DataSource("arn:job", "s3://lake/raw", "table lake.raw", described=True)
BARE = replace(LISTED, described=False)
UNLISTED = replace(BARE, entry=None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((LISTED,)), Status.PASS),
        (Evidence((LISTED, UNLISTED)), Status.PARTIAL),
        (Evidence((BARE,)), Status.PARTIAL),
        (Evidence((BARE,), (DENIED,)), Status.PARTIAL),
        (Evidence((UNLISTED,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((LISTED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (ELSEWHERE,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[DataSource], status: Status) -> None:
    assert data_sources(evidence).status is status


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence((LISTED,)), "table lake.raw describes s3://lake/raw"),
        (Evidence((BARE,)), "table lake.raw lists s3://lake/raw without a description"),
        (Evidence((UNLISTED,)), "no catalogue lists s3://lake/raw"),
        (
            Evidence((), (ELSEWHERE,)),
            "could not be seen: whether a catalogue that is not read lists lake/raw",
        ),
    ],
)
def test_words(evidence: Evidence[DataSource], words: str) -> None:
    assert data_sources(evidence).summary == words
