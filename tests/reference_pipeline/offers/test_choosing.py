"""What is turned on for which items: the least that reaches them, and nothing that costs others."""

from __future__ import annotations

from functools import cache

import pytest

from mlaudit_reference.capabilities import capabilities
from mlaudit_reference.offers import Aim, Person, System, choose, derived, unreachable

IMAGE = f"1.dkr.ecr.us-east-1.amazonaws.com/x@sha256:{'5' * 64}"
PERSON = Person(notify=("ops@example.com",), images=(IMAGE, IMAGE))
DRAFT = derived("fraud", PERSON, production=False)
REACHABLE = sorted({item for each in capabilities() for item in each.items})


@cache
def offer(*wanted: str) -> System | None:
    return choose(DRAFT, Aim(frozenset(wanted)))


def stacks(system: System | None) -> list[str]:
    assert system is not None
    return [each.name for each in system.stacks]


@pytest.mark.parametrize("item", REACHABLE)
def test_every_item_that_the_table_turns_is_reached_when_it_is_wanted_alone(item: str) -> None:
    system = offer(item)
    assert system is not None
    assert item in system.turned


@pytest.mark.parametrize(
    ("wanted", "deployed"),
    [
        (("1.3",), ["foundation", "training", "serving-batch"]),
        (("4.7", "1.3"), ["foundation", "training", "serving-batch"]),
        (("3.1",), ["foundation", "training", "serving-serverless"]),
        (("3.1", "4.7"), ["foundation", "training", "serving-serverless", "serving-batch"]),
        (("6.1",), ["foundation", "training", "serving-async", "monitoring"]),
        (("7.3",), ["foundation", "training", "serving-components"]),
        (("7.5",), ["foundation", "training", "serving-realtime"]),
        (("8.1",), ["foundation", "training", "serving-realtime", "serving-api"]),
        (("8.2",), ["foundation", "training", "serving-batch", "retraining"]),
        (("8.5",), ["foundation", "training", "serving-batch", "monitoring", "retraining"]),
        (("7.2",), ["foundation", "training", "serving-serverless", "promotion"]),
        (("4.9",), ["foundation", "training", "serving-multi-model", "serving-chain"]),
        (
            ("4.9", "7.7", "4.7"),
            ["foundation", "training", "serving-realtime", "serving-chain"],
        ),
    ],
)
def test_for_some_items_the_fewest_and_cheapest_stacks_are_deployed(
    wanted: tuple[str, ...], deployed: list[str]
) -> None:
    assert stacks(offer(*wanted)) == deployed


def test_all_that_can_be_had_at_once_is_reached_at_once() -> None:
    system = offer(*REACHABLE)
    assert system is not None
    assert set(REACHABLE) - system.turned == {"7.5"}
    reason = unreachable(["7.5"], system)["7.5"]
    assert "Shadow variant" in reason
    assert "does not go with what else" in reason


def test_what_is_not_needed_in_the_end_is_not_deployed() -> None:
    system = offer(*REACHABLE)
    assert system is not None
    assert "batch" not in {each.id for each in system.on}
    assert "chain" in {each.id for each in system.on}


def test_nothing_is_offered_that_prevents_what_is_wanted_or_passes_now() -> None:
    both = offer("4.5", "6.1")
    assert both is not None
    assert {"4.5", "6.1"} <= both.turned
    alone, held = offer("3.1", "3.2"), choose(DRAFT, Aim(frozenset({"3.1", "3.2"}), SEEN))
    assert stacks(alone) == ["foundation", "training", "serving-serverless"]
    assert stacks(held) == ["foundation", "training", "serving-async", "monitoring"]
    assert held is not None
    assert {"6.1", "3.9"} <= held.turned


SEEN = frozenset({"6.1", "3.9"})
"""What a workload has whose requests are watched and shown."""


def test_what_would_take_as_much_as_it_brings_is_not_offered() -> None:
    wanted, held = frozenset({"3.1"}), frozenset({"5.8"})
    assert choose(DRAFT, Aim(wanted, held)) is None
    aim = Aim(frozenset({"3.1", "3.2"}), held)
    system = choose(DRAFT, aim)
    assert system is not None
    assert aim.lost(system) == held
    assert aim.shaken(system) == held


def test_what_does_not_serve_takes_nothing() -> None:
    aim = Aim(frozenset({"4.7"}), frozenset({"5.8", "6.1"}))
    system = choose(DRAFT, aim)
    assert system is not None
    assert (aim.lost(system), aim.shaken(system)) == (frozenset(), frozenset())


def test_data_that_nothing_catalogues_takes_what_is_judged_of_all_data() -> None:
    aim = Aim(frozenset({"4.7", "1.3"}), frozenset({"1.2"}))
    system = choose(DRAFT, aim)
    assert system is not None
    assert aim.lost(system) == {"1.2"}
    assert choose(DRAFT, Aim(frozenset({"4.7"}), frozenset({"1.2"}))) is None


def test_an_endpoint_that_is_there_has_taken_what_it_takes() -> None:
    wanted, held = frozenset({"3.1", "3.2"}), frozenset({"5.8"})
    system = choose(DRAFT, Aim(wanted, held, frozenset({"serving-serverless"})))
    assert system is not None
    assert "serverless" in system.chosen
    there = Aim(wanted, held, frozenset({"serving-serverless"}))
    assert there.lost(system) == frozenset()


def test_what_has_no_known_price_comes_last_and_only_where_it_is_wanted() -> None:
    system, unpriced = offer("8.2"), offer("8.2", "4.11")
    assert system is not None
    assert unpriced is not None
    assert "retraining" in stacks(system)
    assert "4.11" in unpriced.turned


@pytest.mark.parametrize("wanted", [(), ("9.1",), ("4.6",), ("9.1", "2.1")])
def test_nothing_is_deployed_for_what_it_does_not_turn(wanted: tuple[str, ...]) -> None:
    assert offer(*wanted) is None


def test_stacks_that_are_there_stay_and_count() -> None:
    system = choose(DRAFT, Aim(frozenset({"8.2", "6.6"}), kept=frozenset({"monitoring", "guard"})))
    assert {"monitoring", "guard"} <= set(stacks(system))


def test_delivery_is_left_to_a_person() -> None:
    for item in REACHABLE:
        assert not {"delivery", "delivery-pipeline"} & set(stacks(offer(item)))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("9.1", "Amazon Macie"),
        ("4.3", "two strategies"),
        ("1.2", "Nothing of the reference pipeline"),
        ("3.8", "only you can say: the images by their digest"),
    ],
)
def test_what_is_out_of_reach_is_told_with_its_reason(item: str, reason: str) -> None:
    assert reason in unreachable([item], None)[item]
    nameless = choose(derived("fraud", Person(), production=False), Aim(frozenset({"1.3", item})))
    assert reason in unreachable([item], nameless)[item]


def test_what_something_else_prevents_is_told_so() -> None:
    system = choose(DRAFT, Aim(frozenset({"4.5", "6.latency"})))
    assert system is not None
    assert "serverless" in system.chosen
    assert "Nobody keeps what it is asked" in unreachable(["6.1"], system)["6.1"]
