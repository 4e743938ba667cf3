"""The streaming gate: 90 % of what applies, no failure on the floor, and closed when in doubt."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.audit import GateDecision, ItemResult, Outcome
from mlaudit.catalog import Catalogue, catalogue
from mlaudit.gate import gate, gate_verdict, needed
from mlaudit.model import GapReason, Status
from mlaudit.thresholds import (
    DEFAULT_PERCENT,
    DEFAULT_RULES,
    GUIDE_PERCENT,
    Rules,
    Target,
)

Results = Callable[..., tuple[ItemResult, ...]]

IDS = tuple(item.id for item in catalogue().items)
FLOOR = tuple(sorted(catalogue().floor))
GROUP = ("7.4", "7.5", "7.6", "7.7")
PLAIN = tuple(id_ for id_ in IDS if id_ not in {"4.6", *GROUP, *FLOOR})

OPEN, CLOSED, CANNOT_DECIDE = Outcome.OPEN, Outcome.CLOSED, Outcome.CANNOT_DECIDE
FAIL, PARTIAL = Status.FAIL, Status.PARTIAL
NOT_APPLICABLE, NOT_ASSESSED = Status.NOT_APPLICABLE, Status.NOT_ASSESSED


def each(status: Status, ids: Collection[str]) -> dict[str, Status]:
    return dict.fromkeys(ids, status)


@pytest.mark.parametrize(
    ("statuses", "outcome", "arithmetic"),
    [
        # outcome, then complete, unknown, applicable, needed
        ({}, OPEN, (69, 0, 69, 63)),
        (each(PARTIAL, PLAIN[:6]), OPEN, (63, 0, 69, 63)),
        (each(PARTIAL, PLAIN[:7]), CLOSED, (62, 0, 69, 63)),
        (each(FAIL, PLAIN[:6]), OPEN, (63, 0, 69, 63)),
        (each(FAIL, PLAIN[:7]), CLOSED, (62, 0, 69, 63)),
        # what was not seen counts as not complete, and never opens
        (each(NOT_ASSESSED, PLAIN[:6]), OPEN, (63, 6, 69, 63)),
        (each(NOT_ASSESSED, PLAIN[:7]), CANNOT_DECIDE, (62, 7, 69, 63)),
        (each(NOT_ASSESSED, PLAIN[:1]) | each(FAIL, PLAIN[1:7]), CANNOT_DECIDE, (62, 1, 69, 63)),
        (each(NOT_ASSESSED, PLAIN[:1]) | each(FAIL, PLAIN[1:8]), CLOSED, (61, 1, 69, 63)),
        (each(NOT_ASSESSED, IDS), CANNOT_DECIDE, (0, 69, 69, 63)),
        (each(FAIL, IDS), CLOSED, (0, 0, 69, 63)),
        (each(NOT_APPLICABLE, IDS), CLOSED, (0, 0, 59, 54)),
        # the item about the gate has no say in it
        (each(FAIL, ["4.6"]), OPEN, (69, 0, 69, 63)),
        (each(NOT_ASSESSED, ["4.6"]), OPEN, (69, 0, 69, 63)),
        # ten items may be left out, the eleventh counts as not complete
        (each(NOT_APPLICABLE, PLAIN[:10]), OPEN, (59, 0, 59, 54)),
        (each(NOT_APPLICABLE, PLAIN[:15]), OPEN, (54, 0, 59, 54)),
        (each(NOT_APPLICABLE, PLAIN[:16]), CLOSED, (53, 0, 59, 54)),
        # one of a group covers the others, seen or not
        (each(FAIL, GROUP[1:]) | each(FAIL, PLAIN[:6]), OPEN, (60, 0, 66, 60)),
        (each(FAIL, GROUP[1:]) | each(FAIL, PLAIN[:7]), CLOSED, (59, 0, 66, 60)),
        (each(NOT_ASSESSED, GROUP[1:]) | each(FAIL, PLAIN[:6]), OPEN, (60, 0, 66, 60)),
        (each(FAIL, GROUP) | each(FAIL, PLAIN[:3]), CLOSED, (62, 0, 69, 63)),
        # the floor
        (each(FAIL, FLOOR[:1]), CLOSED, (68, 0, 69, 63)),
        (each(PARTIAL, FLOOR[:1]), OPEN, (68, 0, 69, 63)),
        (each(NOT_APPLICABLE, FLOOR[:1]), OPEN, (68, 0, 68, 62)),
        (each(NOT_ASSESSED, FLOOR[:1]), CANNOT_DECIDE, (68, 1, 69, 63)),
        (each(NOT_ASSESSED, FLOOR[:1]) | each(FAIL, FLOOR[1:2]), CLOSED, (67, 1, 69, 63)),
    ],
)
def test_outcome(
    catalogue: Catalogue,
    results: Results,
    statuses: Mapping[str, Status],
    outcome: Outcome,
    arithmetic: tuple[int, int, int, int],
) -> None:
    found = gate(results(statuses), catalogue)
    assert found.outcome is outcome
    assert (found.complete, found.unknown, found.applicable, found.needed) == arithmetic


@pytest.mark.parametrize("id_", FLOOR)
def test_each_item_of_the_floor_closes_the_gate_alone(
    catalogue: Catalogue, results: Results, id_: str
) -> None:
    failed = gate(results({id_: FAIL}), catalogue)
    unseen = gate(results({id_: NOT_ASSESSED}), catalogue)
    assert (failed.outcome, failed.floor_failed) == (CLOSED, (id_,))
    assert (unseen.outcome, unseen.floor_unknown) == (CANNOT_DECIDE, (id_,))


def test_what_is_attested_counts_for_the_gate(catalogue: Catalogue, results: Results) -> None:
    found = gate(results(each(FAIL, PLAIN[:6]), PLAIN[6:12]), catalogue)
    assert (found.outcome, found.complete) == (OPEN, 63)
    assert found.reasons[-1] == "6 of the complete items rest on a person's word alone."


def test_nothing_at_all_does_not_open_the_gate(catalogue: Catalogue) -> None:
    assert gate((), catalogue).outcome is CLOSED


@pytest.mark.parametrize(
    ("applicable", "least"),
    [(69, 63), (70, 63), (66, 60), (60, 54), (59, 54), (10, 9), (9, 9), (1, 1), (0, 0)],
)
def test_the_least_number_is_never_below_ninety_percent(applicable: int, least: int) -> None:
    assert needed(applicable) == least


def test_reasons_begin_with_the_arithmetic_and_name_what_keeps_the_gate_shut(
    catalogue: Catalogue, results: Results
) -> None:
    statuses = each(NOT_APPLICABLE, PLAIN[:11]) | each(NOT_ASSESSED, PLAIN[11:13])
    statuses |= {FLOOR[0]: FAIL, FLOOR[1]: NOT_ASSESSED, "7.5": FAIL}
    assert gate(results(statuses), catalogue).reasons == (
        "53 of 58 applicable items are complete; 90 % needs 53.",
        "3 items could not be assessed and count as not complete; at best 56 of 58 would be.",
        "Items that must not fail do fail: 3.1.",
        "Items that must not fail could not be assessed: 3.3.",
        (
            "1 items that do not apply count as not complete: at most 15 % of the checklist may "
            "be left out."
        ),
        "1 items are left out, covered by another item of their group.",
    )


def test_an_open_gate_gives_the_arithmetic_as_its_only_reason(
    catalogue: Catalogue, results: Results
) -> None:
    assert gate(results({}), catalogue).reasons == (
        "69 of 69 applicable items are complete; 90 % needs 63.",
    )


@pytest.mark.parametrize(
    ("statuses", "status", "words"),
    [
        ({}, Status.PASS, "the streaming gate is open: 69 of 69 applicable"),
        (each(FAIL, IDS), FAIL, "the streaming gate is closed: 0 of 69 applicable"),
        (
            each(NOT_ASSESSED, IDS),
            NOT_ASSESSED,
            "could not be seen: whether the streaming gate is open",
        ),
    ],
)
def test_a_decision_is_a_conclusion_that_a_check_can_use(
    catalogue: Catalogue,
    results: Results,
    statuses: Mapping[str, Status],
    status: Status,
    words: str,
) -> None:
    found = gate_verdict(gate(results(statuses), catalogue), "fraud", "eu-west-1")
    assert found.status is status
    assert found.summary.startswith(words)
    assert [gap.reason for gap in found.gaps] == (
        [GapReason.CONTENT_NOT_READ] if status is NOT_ASSESSED else []
    )


def ruled(**changes: Any) -> Rules:
    return replace(DEFAULT_RULES, **changes)


def asking(percent: int, target: Target = Target.STREAMING) -> Rules:
    return ruled(percent={**DEFAULT_PERCENT, target: percent})


@pytest.mark.parametrize("target", Target)
def test_every_target_opens_at_its_own_threshold(
    target: Target, catalogue: Catalogue, results: Results
) -> None:
    least = needed(69, DEFAULT_PERCENT[target])
    at = gate(results(each(FAIL, PLAIN[: 69 - least])), catalogue, DEFAULT_RULES, target)
    below = gate(results(each(FAIL, PLAIN[: 70 - least])), catalogue, DEFAULT_RULES, target)
    assert (at.outcome, at.complete, at.needed) == (OPEN, least, least)
    assert (below.outcome, below.complete) == (CLOSED, least - 1)
    assert at.reasons == (
        f"{least} of 69 applicable items are complete; {DEFAULT_PERCENT[target]} % needs {least}.",
    )


def test_no_target_asks_for_more_than_streaming_by_default() -> None:
    assert DEFAULT_PERCENT[Target.STREAMING] == GUIDE_PERCENT == max(DEFAULT_PERCENT.values())
    assert set(DEFAULT_PERCENT) == set(Target)


@pytest.mark.parametrize(("percent", "outcome"), [(80, OPEN), (90, CLOSED), (95, CLOSED)])
def test_a_configured_threshold_decides_and_says_what_the_guide_asks(
    percent: int, outcome: Outcome, catalogue: Catalogue, results: Results
) -> None:
    found = gate(results(each(FAIL, PLAIN[:10])), catalogue, asking(percent))
    assert found.outcome is outcome
    says = f"The guide asks 90 %; this configuration asks {percent} %."
    assert (says in found.reasons) is (percent != GUIDE_PERCENT)


def test_the_threshold_of_another_target_differs_from_a_default() -> None:
    found = gate((), catalogue(), asking(60, Target.BATCH), Target.BATCH)
    assert found.reasons[1] == "The default is 70 %; this configuration asks 60 %."


def test_without_the_floor_its_items_count_like_others_and_the_gate_says_so(
    catalogue: Catalogue, results: Results
) -> None:
    found = gate(results(each(FAIL, FLOOR[:1])), catalogue, ruled(floor=False))
    assert (found.outcome, found.floor_failed, found.complete) == (OPEN, (), 68)
    assert found.reasons[1:] == (
        "This configuration switches off the floor set: items that must not fail may.",
    )


def test_a_higher_cap_names_who_allows_it(catalogue: Catalogue, results: Results) -> None:
    statuses = results(each(NOT_APPLICABLE, PLAIN[:12]))
    usual = gate(statuses, catalogue)
    found = gate(statuses, catalogue, ruled(cap_percent=20, approved_by="Jo"))
    assert (usual.applicable, found.applicable) == (59, 57)
    assert found.reasons[1] == (
        "This configuration lets 20 % of the checklist be left out as not applicable, as Jo "
        "allows; the default is 15 %."
    )


def test_what_the_guide_asks_is_never_less_than_its_own_threshold() -> None:
    percents = [asking(each).of_the_guide.percent[Target.STREAMING] for each in (50, 90, 95)]
    assert percents == [90, 90, 95]


RARELY_COMPLETE = st.dictionaries(st.sampled_from(IDS), st.sampled_from(Status))
NEAR_THE_THRESHOLD = st.builds(
    lambda some, status, more: each(status, PLAIN[:some]) | more,
    st.integers(0, 18),
    st.sampled_from([FAIL, NOT_ASSESSED, NOT_APPLICABLE]),
    st.dictionaries(st.sampled_from(IDS), st.sampled_from(Status), max_size=6),
)
STATUSES = RARELY_COMPLETE | NEAR_THE_THRESHOLD


@pytest.fixture(scope="session")
def decided(catalogue: Catalogue, results: Results) -> Callable[[Mapping[str, Status]], Outcome]:
    def decide(statuses: Mapping[str, Status]) -> Outcome:
        decision: GateDecision = gate(results(statuses), catalogue)
        return decision.outcome

    return decide


Decided = Callable[[Mapping[str, Status]], Outcome]


@given(statuses=STATUSES, id_=st.sampled_from(IDS), to=st.sampled_from(Status))
def test_taking_a_complete_item_away_never_opens_the_gate(
    decided: Decided, statuses: dict[str, Status], id_: str, to: Status
) -> None:
    before = decided(statuses | {id_: Status.PASS})
    after = decided(statuses | {id_: to})
    assert after is not OPEN or before is OPEN


@given(statuses=STATUSES, lost=st.sets(st.sampled_from(IDS), min_size=1))
def test_losing_sight_never_opens_the_gate(
    decided: Decided, statuses: dict[str, Status], lost: set[str]
) -> None:
    before = decided(statuses)
    after = decided(statuses | each(NOT_ASSESSED, lost))
    assert after is not OPEN or before is OPEN


@given(statuses=STATUSES, data=st.data())
def test_a_decision_holds_whatever_the_unseen_items_turn_out_to_be(
    decided: Decided, statuses: dict[str, Status], data: st.DataObject
) -> None:
    before = decided(statuses)
    known = st.sampled_from([status for status in Status if status is not NOT_ASSESSED])
    seen = {
        id_: data.draw(known) if status is NOT_ASSESSED else status
        for id_, status in statuses.items()
    }
    assert before in {CANNOT_DECIDE, decided(seen)}
