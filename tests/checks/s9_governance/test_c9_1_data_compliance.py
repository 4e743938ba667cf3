from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.compliance import ColumnLineage, PersonalDataSearch
from mlaudit.capabilities.data_tests import DataTest
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s9_governance.c9_1_data_compliance import data_compliance

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("macie2:DescribeBuckets", "eu-west-1", "AccessDenied", GapReason.DENIED)
ELSEWHERE = Gap.unread(DENIED.operation, "eu-west-1", "PersonalDataElsewhere", "lake")

Searches = Evidence[PersonalDataSearch]
Lineages = Evidence[ColumnLineage]
Tests = Evidence[DataTest]
SEARCH = PersonalDataSearch("arn:lake", "lake", searched=True, at=NOW)
LINEAGE = ColumnLineage("arn:event", "s3://lake/raw", columns=True, at=NOW)
TEST = DataTest("arn:flow", "SageMaker pipeline p tests data in Check", "", NOW)
SEARCHED, WATCHED = Searches((SEARCH,)), Searches((replace(SEARCH, searched=False),))
TRACED, COARSE = Lineages((LINEAGE,)), Lineages((replace(LINEAGE, columns=False),))
TESTED = Tests((TEST,))
FAILED = Tests((replace(TEST, lacks="1 of 3 rules failed", ran_at=None),))


@pytest.mark.parametrize(
    ("searches", "lineages", "tests", "status"),
    [
        (SEARCHED, TRACED, TESTED, Status.PASS),
        (WATCHED, TRACED, TESTED, Status.PARTIAL),
        (SEARCHED, COARSE, TESTED, Status.PARTIAL),
        (SEARCHED, TRACED, FAILED, Status.PARTIAL),
        (SEARCHED, TRACED, Tests(), Status.PARTIAL),
        (WATCHED, COARSE, Tests(), Status.PARTIAL),
        # tests alone do not make it apply, nor does their absence
        (Searches(), Lineages(), TESTED, Status.NOT_APPLICABLE),
        (Searches(), Lineages(), Tests(), Status.NOT_APPLICABLE),
        (Searches((), (ELSEWHERE,)), TRACED, TESTED, Status.NOT_ASSESSED),
        (Searches((), (DENIED,)), TRACED, TESTED, Status.NOT_ASSESSED),
        (SEARCHED, Lineages((), (DENIED,)), TESTED, Status.NOT_ASSESSED),
        (SEARCHED, TRACED, Tests((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(searches: Searches, lineages: Lineages, tests: Tests, status: Status) -> None:
    assert data_compliance(searches, lineages, tests).status is status


@pytest.mark.parametrize(
    ("searches", "lineages", "tests", "words"),
    [
        (
            SEARCHED,
            TRACED,
            TESTED,
            (
                "bucket lake was searched for personal data; it is on record what the columns of "
                "s3://lake/raw were made of; and 1 more"
            ),
        ),
        (
            WATCHED,
            COARSE,
            TESTED,
            (
                "bucket lake is watched for personal data, and was not searched in the window; "
                "it is on record what s3://lake/raw was made of, not its columns"
            ),
        ),
        (
            SEARCHED,
            TRACED,
            FAILED,
            "SageMaker pipeline p tests data in Check, but 1 of 3 rules failed",
        ),
        (
            Searches((), (ELSEWHERE,)),
            TRACED,
            TESTED,
            "could not be seen: whether another tool looks for personal data in lake",
        ),
    ],
)
def test_words(searches: Searches, lineages: Lineages, tests: Tests, words: str) -> None:
    assert data_compliance(searches, lineages, tests).summary == words
