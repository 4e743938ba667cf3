import pytest

from mlaudit.capabilities.repositories import ExtremeTests, Practice
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_10_extreme_cases import extreme_cases

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)
RUN = ExtremeTests(
    Practice(
        "repo://app/ci", "tests of extreme cases with pytest in app/ci.yml line 9", on_commit=True
    )
)
THERE = ExtremeTests(
    Practice(
        "repo://app/tests", "tests of extreme cases in app/tests/test_a.py line 1", on_commit=False
    )
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
def test_status(suites: Evidence[ExtremeTests], status: Status) -> None:
    assert extreme_cases(suites).status is status


def test_words() -> None:
    assert extreme_cases(Evidence((RUN,))).summary == (
        "tests of extreme cases with pytest in app/ci.yml line 9, on every commit"
    )
    assert extreme_cases(Evidence((THERE,))).summary == (
        "tests of extreme cases in app/tests/test_a.py line 1, and no commit starts it"
    )
    assert extreme_cases(Evidence()).summary == "no tests in the repositories"
    assert extreme_cases(Evidence((), (UNSEEN,))).summary == (
        "could not be seen: the repository of the team, as no --repo was given"
    )
