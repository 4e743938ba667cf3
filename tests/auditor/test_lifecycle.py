"""Notices of AWS have their day, their source and their words."""

from datetime import date, timedelta

import pytest

from mlaudit.lifecycle import Notice, State, images, notices, runtimes

DAY = date(2026, 7, 30)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def notice(state: State, day: date | None = DAY) -> Notice:
    return Notice("x", "X", state, day, "Y", "https://example.org", "2026-11")


@pytest.mark.parametrize(
    ("state", "on", "words", "over"),
    [
        (State.CLOSED, BEFORE, "closes to new customers on 2026-07-30", False),
        (State.CLOSED, DAY, "is closed to new customers since 2026-07-30", False),
        (State.MAINTENANCE, BEFORE, "is in maintenance from 2026-07-30", False),
        (State.MAINTENANCE, AFTER, "is in maintenance since 2026-07-30", False),
        (State.ENDS, DAY, "ends on 2026-07-30", False),
        (State.ENDS, AFTER, "ended on 2026-07-30", True),
        (State.PATCHED, DAY - timedelta(days=91), None, False),
        (State.PATCHED, DAY - timedelta(days=90), "is patched until 2026-07-30", False),
        (State.PATCHED, DAY, "is patched until 2026-07-30", False),
        (State.PATCHED, AFTER, "is not patched since 2026-07-30", True),
    ],
)
def test_what_is_said_on_a_day(state: State, on: date, words: str | None, *, over: bool) -> None:
    assert notice(state).warning(on) == words
    assert notice(state).is_over(on) is over


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.CLOSED, "is closed to new customers"),
        (State.MAINTENANCE, "is in maintenance"),
        (State.ENDS, "is to end"),
        (State.PATCHED, "is to lose its patches"),
    ],
)
def test_a_day_that_is_not_known_is_not_made_up(state: State, words: str) -> None:
    assert notice(state, None).warning(DAY) == f"{words} as of 2026-11"
    assert not notice(state, None).is_over(DAY)


def test_every_notice_says_what_to_use_instead_and_who_says_so() -> None:
    for each in (*notices().values(), *runtimes().values(), *images().values()):
        assert each.name
        assert each.instead
        assert not each.instead.endswith(".")
        assert each.source.startswith("https://")
        assert each.day or each.state in {State.CLOSED, State.MAINTENANCE}


@pytest.mark.parametrize(
    ("service", "state", "day"),
    [
        ("model_monitor", State.CLOSED, date(2026, 7, 30)),
        ("debugger", State.CLOSED, date(2026, 7, 30)),
        ("profiler", State.ENDS, date(2027, 6, 30)),
        ("edge_manager", State.ENDS, date(2024, 4, 26)),
        ("codeguru_reviewer", State.MAINTENANCE, date(2025, 11, 7)),
        ("audit_manager", State.CLOSED, date(2026, 4, 30)),
        ("sagemaker_sdk_v2", State.ENDS, date(2027, 7, 6)),
    ],
)
def test_the_days_are_those_of_the_pages(service: str, state: State, day: date) -> None:
    assert (notices()[service].state, notices()[service].day) == (state, day)


def test_runtimes_are_known_by_their_identifiers() -> None:
    assert runtimes()["python3.9"].day == date(2025, 12, 15)
    assert "python3.14" not in runtimes()
