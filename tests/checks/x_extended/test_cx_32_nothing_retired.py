from datetime import date
from typing import Any

import pytest

from mlaudit.capabilities.dependencies import Dependency
from mlaudit.evidence import Evidence
from mlaudit.lifecycle import notices, runtimes
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_32_nothing_retired import nothing_retired

DENIED = (gap("lambda:ListFunctions"),)
END = date(2027, 6, 30)


def function(runtime: str, on: date = END) -> Dependency:
    return Dependency("arn:f", f"function f is on {runtime}", runtimes().get(runtime), on)


def using(service: str, on: date = END) -> Dependency:
    return Dependency("arn:s", "it runs on it", notices()[service], on)


NEWEST = function("python3.14")
LONG = function("python3.11", date(2027, 3, 31))
SOON, LAST_DAY = function("python3.11", date(2027, 4, 1)), function("python3.11")
OVER = function("python3.11", date(2027, 7, 1))
CLOSED, ENDING, ENDED = using("model_monitor"), using("profiler"), using("edge_manager")


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((NEWEST, LONG), (), Status.PASS),
        ((NEWEST, SOON), (), Status.PARTIAL),
        ((LAST_DAY,), (), Status.PARTIAL),
        ((CLOSED,), (), Status.PARTIAL),
        ((NEWEST, ENDING), (), Status.PARTIAL),
        ((NEWEST, ENDED), (), Status.FAIL),
        ((NEWEST, OVER), (), Status.FAIL),
        ((OVER,), DENIED, Status.FAIL),
        ((CLOSED,), DENIED, Status.NOT_ASSESSED),
        ((), (), Status.NOT_APPLICABLE),
        ((NEWEST,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Dependency, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert nothing_retired(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NEWEST, "function f is on python3.14"),
        (SOON, "function f is on python3.11, which is patched until 2027-06-30; there is a newer"),
        (OVER, "function f is on python3.11, which is not patched since 2027-06-30; there is a"),
        (CLOSED, "it runs on it, which is closed to new customers since 2026-07-30; there is a"),
        (ENDED, "it runs on it, which ended on 2024-04-26; there is AWS IoT Greengrass"),
    ],
)
def test_words(seen: Dependency, words: str) -> None:
    assert nothing_retired(Evidence((seen,))).summary.startswith(words)
