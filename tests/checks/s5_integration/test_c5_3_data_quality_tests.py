from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.data_tests import DataTest, ReusedConstraints
from mlaudit.capabilities.repositories import DataSuite, Practice
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_3_data_quality_tests import data_quality_tests

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListPipelines", "eu-west-1", "AccessDenied", GapReason.DENIED)
RAN = DataTest("arn:flow", "SageMaker pipeline p tests data in Check", "", NOW)
SCHEMA = DataTest("arn:t", "Glue rules test table a.b", "they look at the schema alone", None)
IN_CI = DataSuite(Practice("repo://app", "data tests with pytest in app/ci.yml", on_commit=True))
BY_HAND = DataSuite(replace(IN_CI.practice, on_commit=False))
REUSED = ReusedConstraints(
    "arn:m", "model m on endpoint e", registered=True, read_by="watch", at=NOW
)
UNREAD = replace(REUSED, read_by=None, at=None)
NONE = replace(UNREAD, registered=False)


@pytest.mark.parametrize(
    ("tests", "suites", "reused", "status"),
    [
        ((RAN,), (), (REUSED,), Status.PASS),
        ((RAN,), (DENIED,), (REUSED,), Status.PASS),
        ((), (IN_CI,), (REUSED,), Status.PASS),
        ((DENIED,), (IN_CI,), (REUSED,), Status.PASS),
        # nothing serves yet
        ((RAN,), (), (), Status.PASS),
        ((RAN,), (), (UNREAD,), Status.PARTIAL),
        ((RAN,), (), (NONE,), Status.PARTIAL),
        ((SCHEMA,), (), (REUSED,), Status.PARTIAL),
        ((SCHEMA,), (BY_HAND,), (NONE,), Status.PARTIAL),
        ((), (BY_HAND,), (), Status.PARTIAL),
        ((), (), (NONE,), Status.FAIL),
        # constraints that nothing tests are no test
        ((), (), (REUSED,), Status.FAIL),
        ((), (), (), Status.FAIL),
        ((SCHEMA,), (DENIED,), (REUSED,), Status.NOT_ASSESSED),
        ((DENIED,), (), (REUSED,), Status.NOT_ASSESSED),
        ((RAN,), (), (REUSED, DENIED), Status.NOT_ASSESSED),
        ((DENIED,), (DENIED,), (DENIED,), Status.NOT_ASSESSED),
    ],
)
def test_status(
    tests: tuple[DataTest | Gap, ...],
    suites: tuple[DataSuite | Gap, ...],
    reused: tuple[ReusedConstraints | Gap, ...],
    status: Status,
) -> None:
    found = data_quality_tests(
        Evidence(
            tuple(each for each in tests if isinstance(each, DataTest)),
            tuple(each for each in tests if isinstance(each, Gap)),
        ),
        Evidence(
            tuple(each for each in suites if isinstance(each, DataSuite)),
            tuple(each for each in suites if isinstance(each, Gap)),
        ),
        Evidence(
            tuple(each for each in reused if isinstance(each, ReusedConstraints)),
            tuple(each for each in reused if isinstance(each, Gap)),
        ),
    )
    assert found.status is status


@pytest.mark.parametrize(
    ("tests", "reused", "words"),
    [
        (
            RAN,
            REUSED,
            f"{RAN.words}; {REUSED.words} is monitored: job watch read its data constraints",
        ),
        (RAN, UNREAD, "model m on endpoint e has data constraints that no job of the window read"),
        (RAN, NONE, "model m on endpoint e has no data constraints for monitoring"),
        (
            SCHEMA,
            REUSED,
            "Glue rules test table a.b, but they look at the schema alone; no tests of data in CI",
        ),
    ],
)
def test_words(tests: DataTest, reused: ReusedConstraints, words: str) -> None:
    found = data_quality_tests(Evidence((tests,)), Evidence(), Evidence((reused,)))
    assert found.summary == words
