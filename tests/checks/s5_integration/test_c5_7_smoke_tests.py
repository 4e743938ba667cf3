import pytest

from mlaudit.capabilities.repositories import Practice, SmokeTests
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_7_smoke_tests import smoke_tests

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)
RUN = SmokeTests(
    Practice("repo://app/ci", "smoke tests with pytest in app/ci.yml line 9", on_commit=True)
)
THERE = SmokeTests(
    Practice("repo://app/tests", "smoke tests in app/tests/test_a.py line 1", on_commit=False)
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
def test_status(suites: Evidence[SmokeTests], status: Status) -> None:
    assert smoke_tests(suites).status is status


def test_words() -> None:
    assert smoke_tests(Evidence((RUN,))).summary == (
        "smoke tests with pytest in app/ci.yml line 9, on every commit"
    )
    assert smoke_tests(Evidence((THERE,))).summary == (
        "smoke tests in app/tests/test_a.py line 1, and no commit starts it"
    )
    assert smoke_tests(Evidence()).summary == "no tests in the repositories"
    assert smoke_tests(Evidence((), (UNSEEN,))).summary == (
        "could not be seen: the repository of the team, as no --repo was given"
    )
