"""Batches, halving, and when an endpoint is given up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from mlaudit_reference.container.streaming.events import Delivery
from mlaudit_reference.container.streaming.patience import Patience
from mlaudit_reference.container.streaming.ports import RefusedError, UnavailableError
from mlaudit_reference.container.streaming.records import Record
from mlaudit_reference.container.streaming.scoring import Batching, Scorer, batches

TWICE = Patience(2, 100.0, lambda: 0.0, lambda _: None)


def record(number: int, size: int = 1) -> Record:
    place = Delivery("s", f"s:{number}", str(number), b"", "", 0.0)
    return Record(f"r{number}", "t", b"%d" % number + b" " * (size - 1), place)


class Endpoint:
    """Refuses what is in ``bad``; does not answer the first ``down`` calls."""

    def __init__(self, bad: Sequence[int] = (), down: int = 0) -> None:
        self.bad = bad
        self.down = down
        self.calls: list[list[int]] = []

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        assert trace_id == "trace"
        numbers = [int(each) for each in lines]
        self.calls.append(numbers)
        if len(self.calls) <= self.down:
            raise UnavailableError("down")
        if set(numbers) & set(self.bad):
            raise RefusedError("bad")
        return [each * 10 for each in numbers]


@pytest.mark.parametrize(
    ("sizes", "most", "most_bytes", "expected"),
    [
        ([], 2, 10, []),
        ([1, 1, 1, 1, 1], 2, 10, [2, 2, 1]),
        ([6, 4, 1], 9, 10, [2, 1]),
        ([50, 1], 9, 10, [1, 1]),
    ],
)
def test_how_records_are_cut_into_requests(
    sizes: list[int], most: int, most_bytes: int, expected: list[int]
) -> None:
    records = [record(number, size) for number, size in enumerate(sizes)]
    cut = list(batches(records, Batching(most, most_bytes)))
    assert [len(each) for each in cut] == expected
    assert [each for batch in cut for each in batch] == records


def test_the_one_that_spoils_a_batch_is_found() -> None:
    endpoint = Endpoint(bad=[5])
    scores = Scorer(endpoint, Batching(8), TWICE).score([record(n) for n in range(8)], "trace")
    assert scores.refused == {"r5": "bad"}
    assert scores.scored == {f"r{n}": n * 10 for n in range(8) if n != 5}
    assert scores.missed == {}
    assert len(endpoint.calls) == 7


def test_an_endpoint_that_recovers_is_asked_again() -> None:
    scores = Scorer(Endpoint(down=1), Batching(2), TWICE).score([record(1)], "trace")
    assert json.dumps(scores.scored) == '{"r1": 10}'


def test_an_endpoint_that_stays_away_is_not_asked_for_the_rest() -> None:
    endpoint = Endpoint(down=99)
    scores = Scorer(endpoint, Batching(1), TWICE).score([record(1), record(2)], "trace")
    assert scores.missed == {"r1": "down", "r2": "down"}
    assert endpoint.calls == [[1], [1]]


def test_what_was_settled_before_the_endpoint_went_away_is_kept() -> None:
    class Dying(Endpoint):
        def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
            if len(self.calls) >= 3:
                raise UnavailableError("gone")
            return super().score(lines, trace_id)

    scores = Scorer(Dying(bad=[1]), Batching(4), TWICE).score(
        [record(n) for n in range(4)], "trace"
    )
    assert scores.scored == {"r0": 0}
    assert scores.refused == {}
    assert scores.missed == {"r1": "gone", "r2": "gone", "r3": "gone"}
