"""One remediation at a time, and a run that was killed is not in its own way."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mlaudit.collect.session import Access
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.remediate.change import Ask, RefusedError
from mlaudit.remediate.entries import Ended
from mlaudit.remediate.hands import open_hands
from mlaudit.remediate.journal import JournalError, begin
from mlaudit.remediate.locks import LOCKING, PARAMETER, Holder, LockedError, alone, held, reopened

HERE, THERE = "us-east-1", "eu-west-1"
AT = datetime(2026, 11, 21, 21, 9, tzinfo=UTC)
FIRST = Holder("20261121T2109-4f3a", "arn:aws:iam::123456789012:user/first", AT)
SECOND = Holder("20261121T2121-0001", "arn:aws:iam::123456789012:user/second", AT)


def asks(account: EmulatedAccount) -> Callable[[str], Ask]:
    keys = (account.access_key, account.secret_key)
    access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
    return open_hands(access, LOCKING).ask


@contextmanager
def refusing(**settings: tuple[str, ...]) -> Iterator[Callable[[str], Ask]]:
    with emulated_account(replace(load_scenario("empty"), **settings)) as account:  # type: ignore[arg-type]
        yield asks(account)


@pytest.fixture
def ask(account: EmulatedAccount) -> Callable[[str], Ask]:
    return asks(account)


@pytest.fixture
def told() -> list[str]:
    return []


def locked(ask: Callable[[str], Ask], region: str = HERE) -> Any:
    """What the lock says, or nothing."""
    try:
        reply = ask(region)("ssm", "GetParameter", {"Name": PARAMETER})
    except RefusedError as error:
        if error.code == "ParameterNotFound":
            return None
        raise
    return json.loads(reply["Parameter"]["Value"])


def test_it_is_held_in_every_region_and_given_back(
    ask: Callable[[str], Ask], told: list[str]
) -> None:
    with held([HERE, THERE, HERE], ask, FIRST, told.append):
        for region in (HERE, THERE):
            assert locked(ask, region) == {
                "run": FIRST.run,
                "who": FIRST.who,
                "since": AT.isoformat(),
            }
    assert (locked(ask), locked(ask, THERE), told) == (None, None, [])


def test_it_is_given_back_after_a_failure(ask: Callable[[str], Ask], told: list[str]) -> None:
    with pytest.raises(KeyError), held([HERE], ask, FIRST, told.append):
        raise KeyError
    assert locked(ask) is None


AGES = [
    (timedelta(minutes=12), "12 minutes"),
    (timedelta(seconds=70), "70 seconds"),
    (timedelta(hours=5, minutes=50), "5 hours"),
    (timedelta(days=3), "3 days"),
    (timedelta(seconds=-5), "0 seconds"),
]


@pytest.mark.parametrize(("age", "words"), AGES)
def test_a_second_run_is_refused_and_told_of_the_first(
    age: timedelta, words: str, ask: Callable[[str], Ask], told: list[str]
) -> None:
    with held([HERE], ask, FIRST, told.append):
        second = replace(SECOND, since=AT + age)
        with (
            pytest.raises(LockedError) as refused,
            held([HERE], ask, second, told.append),
        ):
            pytest.fail("two at once")
        assert locked(ask)["run"] == FIRST.run
    text = str(refused.value)
    for said in (FIRST.run, FIRST.who, HERE, f"for {words}.", "--resume", "--undo"):
        assert said in text


def test_what_was_taken_is_given_back_when_another_region_is_held(
    ask: Callable[[str], Ask], told: list[str]
) -> None:
    with (
        held([HERE], ask, FIRST, told.append),
        pytest.raises(LockedError, match=HERE),
        held([THERE, HERE], ask, SECOND, told.append),
    ):
        pytest.fail("two at once")
    assert locked(ask, THERE) is None


def test_the_run_that_holds_it_takes_it_over(ask: Callable[[str], Ask], told: list[str]) -> None:
    killed = held([HERE], ask, FIRST, told.append)
    killed.__enter__()
    with held([HERE], ask, replace(FIRST, since=AT + timedelta(hours=1)), told.append):
        assert locked(ask)["run"] == FIRST.run
    assert locked(ask) is None
    killed.__exit__(None, None, None)
    assert told == []


def test_the_lock_of_another_is_not_given_back(ask: Callable[[str], Ask], told: list[str]) -> None:
    with held([HERE], ask, FIRST, told.append):
        ask(HERE)("ssm", "DeleteParameter", {"Name": PARAMETER})
        theirs = held([HERE], ask, SECOND, told.append)
        theirs.__enter__()
    assert locked(ask)["run"] == SECOND.run
    theirs.__exit__(None, None, None)


def test_a_parameter_that_is_no_lock_is_left_alone(
    ask: Callable[[str], Ask], told: list[str]
) -> None:
    put = {"Name": PARAMETER, "Value": "closed", "Type": "String"}
    ask(HERE)("ssm", "PutParameter", put)
    with (
        pytest.raises(LockedError, match="not one that mlaudit wrote"),
        held([HERE], ask, FIRST, told.append),
    ):
        pytest.fail("it was not taken")
    ask(HERE)("ssm", "DeleteParameter", {"Name": PARAMETER})


def test_a_lock_that_may_not_be_taken_stops_everything(told: list[str]) -> None:
    with (
        refusing(denied=("ssm:PutParameter",)) as ask,
        pytest.raises(RefusedError, match="ssm:PutParameter"),
        held([HERE], ask, FIRST, told.append),
    ):
        pytest.fail("it was not taken")


def test_a_lock_that_cannot_be_given_back_is_told_and_hides_nothing(told: list[str]) -> None:
    with (
        refusing(denied=("ssm:DeleteParameter",)) as ask,
        pytest.raises(KeyError),
        held([HERE], ask, FIRST, told.append),
    ):
        raise KeyError
    (text,) = told
    assert "ssm:DeleteParameter" in text
    assert PARAMETER in text


def test_a_lock_given_back_while_it_is_looked_at_is_taken(told: list[str]) -> None:
    answers = [RefusedError("ssm", "PutParameter", "ParameterAlreadyExists", ""), None]
    asked: list[str] = []

    def ask(service: str, operation: str, params: Any) -> dict[str, Any]:
        asked.append(operation)
        if operation == "GetParameter":
            raise RefusedError(service, operation, "ParameterNotFound", params["Name"])
        if answer := answers.pop(0):
            raise answer
        return {}

    with held([HERE], lambda _: ask, FIRST, told.append):
        assert asked == ["PutParameter", "GetParameter", "PutParameter"]


def test_one_process_works_on_a_run(tmp_path: Path) -> None:
    run = begin(tmp_path).run
    with (
        reopened(tmp_path, run),
        pytest.raises(LockedError, match=f"works on the remediation {run}"),
        alone(tmp_path / run),
    ):
        pytest.fail("two at once")
    with alone(tmp_path / run):
        pass


def test_a_journal_is_read_once_it_is_ours(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    journal.write(Ended())
    with reopened(tmp_path, journal.run) as again:
        assert again.entries == (Ended(),)
    with pytest.raises(JournalError, match="no run"), reopened(tmp_path, "gone"):
        pass


def test_a_process_that_dies_lets_go(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, pathlib\n"
        "from mlaudit.remediate.locks import alone\n"
        "with alone(pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    folder = begin(tmp_path).folder
    ended = subprocess.run([sys.executable, "-c", program, str(folder)], check=False)
    assert ended.returncode == -9
    with alone(folder):
        pass
