import pytest

from mlaudit.capabilities.repositories import Practice, UnitTests
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_5_unit_tests import unit_tests

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)
RUN = UnitTests(
    Practice("repo://app/ci", "unit tests with pytest in app/ci.yml line 9", on_commit=True)
)
THERE = UnitTests(
    Practice("repo://app/tests", "unit tests in app/tests/test_a.py line 1", on_commit=False)
)


@pytest.mark.parametrize(
    ("suites", "status"),
    [
        (Evidence((RUN,)), Status.PASS),
        (Evidence((THERE, RUN), (UNSEEN,)), Status.PASS),
        (Evidence((THERE,)), Status.PARTIAL),
        (Evidence((THERE,), (UNSEEN,)), Status.NOT_ASSESSED),
        (Evidence((), (UNSEEN,)), Status.NOT_ASSESSED),
        (Evidence(), Status.FAIL),
    ],
)
def test_status(suites: Evidence[UnitTests], status: Status) -> None:
    assert unit_tests(suites).status is status


def test_words() -> None:
    assert unit_tests(Evidence((RUN,))).summary == (
        "unit tests with pytest in app/ci.yml line 9, on every commit"
    )
    assert unit_tests(Evidence((THERE,))).summary == (
        "unit tests in app/tests/test_a.py line 1, and no commit starts it"
    )
    assert unit_tests(Evidence()).summary == "no tests in the repositories"
    assert unit_tests(Evidence((), (UNSEEN,))).summary == (
        "could not be seen: the repository of the team, as no --repo was given"
    )
