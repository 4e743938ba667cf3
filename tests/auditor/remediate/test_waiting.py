"""Waiting grows more patient, ends at its limit, and takes no throttling for an answer."""

from collections.abc import Callable, Iterator

import pytest

from mlaudit.remediate.change import RefusedError
from mlaudit.remediate.waiting import Patience


class Time:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def patience(time: Time) -> Patience:
    return Patience(lambda: time.now, time.sleep, first=1, longest=3)


def answering(*answers: bool | RefusedError) -> Callable[[], bool]:
    left: Iterator[bool | RefusedError] = iter(answers)

    def answer() -> bool:
        given = next(left)
        if isinstance(given, RefusedError):
            raise given
        return given

    return answer


def test_what_is_done_is_not_waited_for(patience: Patience, time: Time) -> None:
    assert patience.until(answering(True), 0, lambda _: pytest.fail("it was done"))
    assert time.pauses == []


def test_pauses_grow_to_the_longest(patience: Patience, time: Time) -> None:
    told: list[float] = []
    assert patience.until(answering(*[False] * 5, True), 100, told.append)
    assert time.pauses == [1, 1.5, 2.25, 3, 3]
    assert told == [0, 1, 2.5, 4.75, 7.75]


def test_the_limit_is_kept_to_the_second(patience: Patience, time: Time) -> None:
    assert not patience.until(lambda: False, 5, lambda _: None)
    assert time.pauses == [1, 1.5, 2.25, 0.25]


def test_throttling_is_no_answer(patience: Patience) -> None:
    throttled = RefusedError("logs", "Get", "ThrottlingException", "Rate exceeded")
    assert patience.until(answering(throttled, throttled, True), 100, lambda _: None)


def test_any_other_refusal_is_one(patience: Patience) -> None:
    denied = RefusedError("logs", "Get", "AccessDeniedException", "no")
    with pytest.raises(RefusedError, match="AccessDenied"):
        patience.until(answering(denied), 100, lambda _: None)
