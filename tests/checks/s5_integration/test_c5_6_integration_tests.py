import pytest

from mlaudit.capabilities.repositories import IntegrationTests, Practice
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_6_integration_tests import integration_tests

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)
RUN = IntegrationTests(
    Practice("repo://app/ci", "integration tests with pytest in app/ci.yml line 9", on_commit=True)
)
THERE = IntegrationTests(
    Practice("repo://app/tests", "integration tests in app/tests/test_a.py line 1", on_commit=False)
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
def test_status(suites: Evidence[IntegrationTests], status: Status) -> None:
    assert integration_tests(suites).status is status


def test_words() -> None:
    assert integration_tests(Evidence((RUN,))).summary == (
        "integration tests with pytest in app/ci.yml line 9, on every commit"
    )
    assert integration_tests(Evidence((THERE,))).summary == (
        "integration tests in app/tests/test_a.py line 1, and no commit starts it"
    )
    assert integration_tests(Evidence()).summary == "no tests in the repositories"
    assert integration_tests(Evidence((), (UNSEEN,))).summary == (
        "could not be seen: the repository of the team, as no --repo was given"
    )
