from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.currency import ServedCurrency
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_6_production_keeps_up import production_keeps_up

DENIED = (gap("sagemaker:ListModelPackages"),)


def served(newer: str | None = None, days: int = 0, *, rejected: bool = False) -> ServedCurrency:
    return ServedCurrency("arn:p", "version fraud/2", rejected, newer, timedelta(days=days))


NEWEST, SOON, LATE = served(), served("fraud/3", 14), served("fraud/3", 15)
REJECTED = served(rejected=True)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((NEWEST,), (), Status.PASS),
        ((NEWEST, SOON), (), Status.PARTIAL),
        ((NEWEST, LATE), (), Status.FAIL),
        ((REJECTED,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((NEWEST,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ServedCurrency, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert production_keeps_up(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NEWEST, "serves, and nothing newer that is approved waits"),
        (SOON, "serves, and fraud/3 is approved and waits for 14 days"),
        (LATE, "serves, and fraud/3 is approved and waits for 15 days"),
        (REJECTED, "serves, and was rejected"),
    ],
)
def test_words(seen: ServedCurrency, words: str) -> None:
    assert production_keeps_up(Evidence((seen,))).summary == f"version fraud/2 {words}"
