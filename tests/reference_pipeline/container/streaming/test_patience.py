"""How often something is tried again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from mlaudit_reference.container.streaming.patience import Patience, persist


class Hours:
    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def patience(hours: Hours, attempts: int = 4, deadline: float = 1e9, first: float = 1) -> Patience:
    return Patience(attempts, deadline, hours.read, hours.wait, first)


def test_pauses_are_between_the_tries_and_stay_below_their_bound() -> None:
    hours = Hours()
    moments = [hours.now for _ in patience(hours).tries()]
    assert len(moments) == 4
    assert moments[0] == 0
    pauses = [late - early for early, late in pairwise(moments)]
    assert all(0 <= pause <= most for pause, most in zip(pauses, [1, 2, 4], strict=True))


def test_the_first_try_always_happens_and_no_other_after_the_deadline() -> None:
    assert list(patience(Hours(), deadline=-1).tries()) == [1]


@pytest.mark.parametrize(
    ("answers", "left", "asked"),
    [
        ([{}], {}, ["abc"]),
        ([{"b": "slow"}, {}], {}, ["abc", "b"]),
        ([{"a": "1", "c": "1"}, {"c": "2"}, {}], {}, ["abc", "ac", "c"]),
        ([{"a": "1"}, {"a": "2"}, {"a": "3"}, {"a": "4"}], {"a": "4"}, ["abc", "a", "a", "a"]),
    ],
)
def test_only_what_failed_is_stored_again(
    answers: list[Mapping[str, str]], left: Mapping[str, str], asked: list[str]
) -> None:
    seen: list[str] = []
    to_come = iter(answers)

    def store(items: Sequence[str]) -> Mapping[str, str]:
        seen.append("".join(items))
        return next(to_come)

    assert persist("abc", str, store, patience(Hours())) == left
    assert seen == asked


def test_nothing_to_store_is_no_call() -> None:
    def store(items: Sequence[str]) -> Mapping[str, str]:
        raise AssertionError(items)

    assert persist([], str, store, patience(Hours())) == {}
