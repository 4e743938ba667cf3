from datetime import date
from typing import Any

import pytest

from mlaudit.capabilities.plumbing import RuntimeUse
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_32_runtimes_patched import runtimes_patched

DENIED = (gap("lambda:ListFunctions"),)
END = date(2027, 6, 30)


def function(runtime: str, on: date = END) -> RuntimeUse:
    return RuntimeUse("arn:f", "f", runtime, on)


NEWEST = function("python3.14")
LONG = function("python3.11", date(2027, 3, 31))
SOON, LAST_DAY = function("python3.11", date(2027, 4, 1)), function("python3.11")
OVER = function("python3.11", date(2027, 7, 1))


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((NEWEST, LONG), (), Status.PASS),
        ((NEWEST, SOON), (), Status.PARTIAL),
        ((LAST_DAY,), (), Status.PARTIAL),
        ((NEWEST, OVER), (), Status.FAIL),
        ((OVER,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((NEWEST,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[RuntimeUse, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert runtimes_patched(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NEWEST, "python3.14"),
        (SOON, "python3.11, which is patched until 2027-06-30"),
        (OVER, "python3.11, which is not patched since 2027-06-30"),
    ],
)
def test_words(seen: RuntimeUse, words: str) -> None:
    assert runtimes_patched(Evidence((seen,))).summary == f"function f is on {words}"
