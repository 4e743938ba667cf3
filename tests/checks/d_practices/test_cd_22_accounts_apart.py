from typing import Any

import pytest

from mlaudit.capabilities.accounts import EnvironmentAccounts
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_22_accounts_apart import accounts_apart

DENIED = (gap("codepipeline:ListPipelines"),)


def places(*, apart: bool, used: bool = True) -> EnvironmentAccounts:
    return EnvironmentAccounts("arn:d", "it deploys", apart, RECENT if used else None)


APART, TOGETHER, UNUSED = places(apart=True), places(apart=False), places(apart=True, used=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((APART,), (), Status.PASS),
        ((APART, TOGETHER), (), Status.PARTIAL),
        ((UNUSED,), (), Status.PARTIAL),
        ((TOGETHER,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((APART,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(
    seen: tuple[EnvironmentAccounts, ...], gaps: tuple[Any, ...], status: Status
) -> None:
    assert accounts_apart(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (APART, "in two accounts"),
        (TOGETHER, "in one account"),
        (UNUSED, "in two accounts, and no version passed both in the window"),
    ],
)
def test_words(seen: EnvironmentAccounts, words: str) -> None:
    assert accounts_apart(Evidence((seen,))).summary == f"it deploys {words}"
