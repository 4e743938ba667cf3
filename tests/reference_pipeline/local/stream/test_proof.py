"""The proof of streaming finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mlaudit_reference.container.streaming.ports import RefusedError
from mlaudit_reference.local.stream.proof import Traffic, prove

RECORDS = [{"id": f"r{n}", "income": n / 1000} for n in range(600)]
EXPECTED = {f"r{n}": n / 1000 for n in range(600)}


class Echo:
    """Says the income is the probability."""

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        assert trace_id
        records = [json.loads(each) for each in lines]
        if any("income" not in each for each in records):
            raise RefusedError("field 'income' is missing")
        return [{"record_id": each["id"], "probability": each["income"]} for each in records]


def silent(event: str, **fields: object) -> None:
    assert event
    assert "income" not in str(fields)


def traffic(seed: int = 0, expected: Mapping[str, float] = EXPECTED) -> Traffic:
    return Traffic(RECORDS, "id", "income", expected, seed)


@pytest.mark.parametrize("seed", range(5))
def test_it_holds_though_much_fails(seed: int) -> None:
    found = prove(traffic(seed), Echo(), silent)
    assert found.holds
    assert (found.lost, found.doubled, found.wrong) == (0, 0, 0)
    assert found.records == 600
    assert found.delivered == 600 + 12 + found.spoiled
    assert found.spoiled >= 2
    assert found.failures > 10
    assert found.crashes > 0


def test_answers_that_are_mistaken_for_another_are_found() -> None:
    class Swapping(Echo):
        def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
            return list(reversed(super().score(lines, trace_id)))

    found = prove(traffic(), Swapping(), silent)
    assert not found.holds
    assert found.wrong > 500


def test_another_probability_than_that_of_the_batch_is_found() -> None:
    found = prove(traffic(expected={**EXPECTED, "r7": 0.9}), Echo(), silent)
    assert (found.wrong, found.holds) == (1, False)


def test_a_model_that_refuses_what_is_good_loses_it() -> None:
    class Picky(Echo):
        def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
            if any(json.loads(each)["id"] == "r7" for each in lines):
                raise RefusedError("not this one")
            return super().score(lines, trace_id)

    found = prove(traffic(), Picky(), silent)
    assert found.lost == 1
    assert found.doubled == 1, "it is reported though nothing is wrong with it"
