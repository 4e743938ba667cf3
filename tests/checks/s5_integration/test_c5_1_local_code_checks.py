import pytest

from mlaudit.capabilities.repositories import LocalChecks
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_1_local_code_checks import local_code_checks

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)


def offers(
    *tools: str, tests: tuple[str, ...] = (), enforced: bool = False, by_hand: bool = False
) -> LocalChecks:
    return LocalChecks("repo://app", tools, tests, enforced, by_hand, "app")


FULL = offers("mypy", "ruff", tests=("pytest",), enforced=True, by_hand=True)
NOT_ENFORCED = offers("ruff", tests=("pytest",), by_hand=True)
NO_TESTS = offers("ruff", enforced=True)
BY_HAND = offers(by_hand=True)
NOTHING = offers()


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Evidence((FULL,)), Status.PASS),
        (Evidence((NOTHING, FULL), (UNSEEN,)), Status.PASS),
        (Evidence((NOT_ENFORCED,)), Status.PARTIAL),
        (Evidence((NO_TESTS,)), Status.PARTIAL),
        (Evidence((BY_HAND,)), Status.PARTIAL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence((NOTHING,), (UNSEEN,)), Status.NOT_ASSESSED),
        (Evidence((), (UNSEEN,)), Status.NOT_ASSESSED),
        (Evidence(), Status.FAIL),
    ],
)
def test_status(found: Evidence[LocalChecks], status: Status) -> None:
    assert local_code_checks(found).status is status


def test_words() -> None:
    assert local_code_checks(Evidence((FULL,))).summary == (
        "hooks or task runners of app call mypy, ruff, pytest, and so does every commit"
    )
    assert local_code_checks(Evidence((BY_HAND, NOT_ENFORCED))).summary == (
        "tests and analysers of app are called by no hook or task runner; "
        "hooks or task runners of app call ruff, pytest"
    )
    assert local_code_checks(Evidence((NOTHING,))).summary == (
        "app has no hook or task runner that checks code"
    )
