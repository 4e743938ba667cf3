"""What follows from what was seen and from what was not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.evidence import Evidence, decide, every_part, exists, for_all, verdict
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Strength, Verdict

PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
NOT_APPLICABLE, NOT_ASSESSED = Status.NOT_APPLICABLE, Status.NOT_ASSESSED
EXERCISED, CONFIGURED, MISSED = Grade.EXERCISED, Grade.CONFIGURED, Grade.MISSED
KNOWN = (PASS, PARTIAL, FAIL, NOT_APPLICABLE)

Rule = Callable[[tuple[Status, ...]], Status]

DENIED = Gap("sagemaker:ListEndpoints", "eu-west-1", "AccessDenied", GapReason.DENIED)
THROTTLED = Gap("lambda:ListFunctions", "eu-west-1", "Throttling", GapReason.THROTTLED)
OFF = Gap("kinesis:ListStreams", "eu-west-1", "OptInRequired", GapReason.REGION_OFF)

WHOLE: tuple[Gap, ...] = ()
BLIND = (DENIED,)

ROWS: tuple[tuple[tuple[Grade, ...], tuple[Gap, ...], Status, Status], ...] = (
    # seen, gaps, for_all, exists
    ((), WHOLE, NOT_APPLICABLE, FAIL),
    ((), BLIND, NOT_ASSESSED, NOT_ASSESSED),
    ((EXERCISED, EXERCISED), WHOLE, PASS, PASS),
    ((EXERCISED, EXERCISED), BLIND, NOT_ASSESSED, PASS),
    ((EXERCISED, MISSED), WHOLE, PARTIAL, PASS),
    ((EXERCISED, MISSED), BLIND, PARTIAL, PASS),
    ((CONFIGURED, CONFIGURED), WHOLE, PARTIAL, PARTIAL),
    ((CONFIGURED, CONFIGURED), BLIND, PARTIAL, NOT_ASSESSED),
    ((MISSED, MISSED), WHOLE, FAIL, FAIL),
    ((MISSED, MISSED), BLIND, FAIL, NOT_ASSESSED),
    ((CONFIGURED, MISSED), WHOLE, PARTIAL, PARTIAL),
    ((CONFIGURED, MISSED), BLIND, PARTIAL, NOT_ASSESSED),
    ((EXERCISED, CONFIGURED), WHOLE, PARTIAL, PASS),
    ((EXERCISED, CONFIGURED), BLIND, PARTIAL, PASS),
)


def as_is(grade: Grade) -> Observation:
    return Observation(f"arn:{grade}", grade, f"a thing is {grade}")


@pytest.mark.parametrize(("seen", "gaps", "status", "_"), ROWS)
def test_for_all_takes_a_counter_example_as_final(
    seen: tuple[Grade, ...], gaps: tuple[Gap, ...], status: Status, _: Status
) -> None:
    assert for_all(Evidence(seen, gaps), as_is).status is status


@pytest.mark.parametrize(("seen", "gaps", "_", "status"), ROWS)
def test_exists_takes_a_witness_as_final(
    seen: tuple[Grade, ...], gaps: tuple[Gap, ...], _: Status, status: Status
) -> None:
    assert exists(Evidence(seen, gaps), as_is).status is status


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((), WHOLE, NOT_APPLICABLE),
        ((), BLIND, NOT_ASSESSED),
        ((EXERCISED,), WHOLE, PASS),
        ((EXERCISED,), BLIND, NOT_ASSESSED),
        ((EXERCISED, MISSED), WHOLE, FAIL),
        ((EXERCISED, MISSED), BLIND, FAIL),
        ((CONFIGURED, MISSED), WHOLE, FAIL),
        ((CONFIGURED,), WHOLE, PARTIAL),
        # the one that was not seen may miss, and then it fails
        ((CONFIGURED,), BLIND, NOT_ASSESSED),
        ((EXERCISED, CONFIGURED), BLIND, NOT_ASSESSED),
    ],
)
def test_one_miss_fails_where_a_check_says_so(
    seen: tuple[Grade, ...], gaps: tuple[Gap, ...], status: Status
) -> None:
    found = for_all(Evidence(seen, gaps), as_is, one_miss_fails=True)
    assert (found.status, found.settled) == (status, True)


@pytest.mark.parametrize("when_none", [FAIL, NOT_APPLICABLE])
@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [((), WHOLE, None), ((), BLIND, NOT_ASSESSED), ((MISSED,), WHOLE, FAIL)],
)
def test_when_none_speaks_for_complete_and_empty_evidence_alone(
    seen: tuple[Grade, ...], gaps: tuple[Gap, ...], status: Status | None, when_none: Status
) -> None:
    found = exists(Evidence(seen, gaps), as_is, when_none=when_none)
    assert found.status is (status or when_none)


@pytest.mark.parametrize("evidence", [Evidence(), Evidence((EXERCISED,)), Evidence((), (DENIED,))])
def test_evidence_has_no_truth_value_and_no_items_to_loop_over(evidence: Evidence[Grade]) -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(evidence)
    with pytest.raises(TypeError, match="not iterable"):
        list(evidence)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="len"):
        len(evidence)  # type: ignore[arg-type]


@pytest.mark.parametrize("conclude", [for_all, exists])
def test_every_observation_and_every_gap_stays_with_the_verdict(
    conclude: Callable[[Evidence[Grade], Callable[[Grade], Observation]], Verdict],
) -> None:
    found = conclude(Evidence((EXERCISED, MISSED), (DENIED, OFF)), as_is)
    assert found.observations == (as_is(EXERCISED), as_is(MISSED))
    assert found.gaps == (DENIED, OFF)


GRADES = st.lists(st.sampled_from(Grade), max_size=4).map(tuple)


@pytest.mark.parametrize("one_miss_fails", [False, True])
@given(seen=GRADES, hidden=GRADES)
def test_for_all_never_says_what_full_sight_would_deny(
    seen: tuple[Grade, ...], hidden: tuple[Grade, ...], *, one_miss_fails: bool
) -> None:
    blind = for_all(Evidence(seen, (DENIED,)), as_is, one_miss_fails=one_miss_fails)
    full = for_all(Evidence(seen + hidden), as_is, one_miss_fails=one_miss_fails).status
    expected = {NOT_ASSESSED, full} if blind.settled else {FAIL}
    assert blind.status in expected
    assert blind.settled or full in {FAIL, PARTIAL}


@given(seen=GRADES, hidden=GRADES, when_none=st.sampled_from([FAIL, NOT_APPLICABLE]))
def test_exists_never_says_what_full_sight_would_deny(
    seen: tuple[Grade, ...], hidden: tuple[Grade, ...], when_none: Status
) -> None:
    blind = exists(Evidence(seen, (DENIED,)), as_is, when_none=when_none)
    full = exists(Evidence(seen + hidden), as_is, when_none=when_none)
    assert blind.status in {NOT_ASSESSED, full.status}


def part(status: Status, words: str = "", *, settled: bool = True) -> Verdict:
    gaps = (DENIED,) if status is NOT_ASSESSED or not settled else ()
    return Verdict(status, (), gaps, words or f"it is {status}", settled=settled)


def is_worst(statuses: tuple[Status, ...]) -> Status:
    return FAIL if FAIL in statuses else statuses[0]


def is_constant(_: tuple[Status, ...]) -> Status:
    return NOT_APPLICABLE


@pytest.mark.parametrize(
    ("rule", "parts", "status"),
    [
        (every_part, (PASS, PASS), PASS),
        (every_part, (PASS, FAIL), PARTIAL),
        (every_part, (PASS, PARTIAL), PARTIAL),
        (every_part, (FAIL, FAIL), FAIL),
        (every_part, (PASS, NOT_APPLICABLE), PASS),
        (every_part, (FAIL, NOT_APPLICABLE), FAIL),
        (every_part, (NOT_APPLICABLE, NOT_APPLICABLE), NOT_APPLICABLE),
        (every_part, (PASS, NOT_ASSESSED), NOT_ASSESSED),
        (every_part, (FAIL, NOT_ASSESSED), NOT_ASSESSED),
        (every_part, (NOT_APPLICABLE, NOT_ASSESSED), NOT_ASSESSED),
        (every_part, (NOT_ASSESSED, NOT_ASSESSED), NOT_ASSESSED),
        (every_part, (PARTIAL, NOT_ASSESSED), PARTIAL),
        (every_part, (PASS, FAIL, NOT_ASSESSED), PARTIAL),
        (is_worst, (FAIL, NOT_ASSESSED), FAIL),
        (is_worst, (PASS, NOT_ASSESSED), NOT_ASSESSED),
        (is_worst, (NOT_ASSESSED, FAIL), FAIL),
        (is_constant, (NOT_ASSESSED, NOT_ASSESSED), NOT_APPLICABLE),
    ],
)
def test_a_joint_status_is_known_if_it_is_the_same_whatever_was_not_seen(
    rule: Rule, parts: tuple[Status, ...], status: Status
) -> None:
    assert decide(rule, *map(part, parts)).status is status


@pytest.mark.parametrize(
    ("rule", "other", "status"),
    [
        (every_part, FAIL, NOT_ASSESSED),
        (every_part, NOT_APPLICABLE, NOT_ASSESSED),
        (every_part, PASS, PARTIAL),
        (every_part, PARTIAL, PARTIAL),
        (is_worst, FAIL, FAIL),
        (is_worst, PASS, NOT_ASSESSED),
    ],
)
def test_a_failure_next_to_gaps_may_turn_out_to_be_a_partial(
    rule: Rule, other: Status, status: Status
) -> None:
    unsettled = for_all(Evidence((MISSED,), (DENIED,)), as_is)
    assert (unsettled.status, unsettled.settled) == (FAIL, False)
    assert decide(rule, unsettled, part(other)).status is status


@given(
    parts=st.lists(st.tuples(st.sampled_from(KNOWN), st.booleans()), min_size=1, max_size=4),
    rule=st.functions(
        like=is_constant,
        returns=st.sampled_from(KNOWN),
        pure=True,
    ),
)
def test_losing_sight_of_a_part_never_gives_another_known_status(
    parts: list[tuple[Status, bool]], rule: Rule
) -> None:
    full = decide(rule, *(part(status) for status, _ in parts)).status
    blind = decide(rule, *(part(NOT_ASSESSED if lost else status) for status, lost in parts)).status
    assert full is rule(tuple(status for status, _ in parts))
    assert blind in {NOT_ASSESSED, full}


@given(
    others=st.lists(st.sampled_from(Status), max_size=3),
    rule=st.sampled_from([every_part, is_worst]),
    seen=st.sampled_from([FAIL, PARTIAL]),
)
def test_an_unsettled_failure_never_gives_what_more_sight_would_deny(
    others: list[Status], rule: Rule, seen: Status
) -> None:
    rest = [part(status) for status in others]
    before = decide(rule, part(FAIL, settled=False), *rest).status
    assert before in {NOT_ASSESSED, decide(rule, part(seen), *rest).status}


def test_a_joint_verdict_keeps_everything_its_parts_rest_on_once() -> None:
    seen = for_all(Evidence((EXERCISED, MISSED), (DENIED,)), as_is)
    again = exists(Evidence((EXERCISED, CONFIGURED), (DENIED, OFF)), as_is)
    joint = decide(every_part, seen, again)
    assert joint.observations == (as_is(EXERCISED), as_is(MISSED), as_is(CONFIGURED))
    assert joint.gaps == (DENIED, OFF)


def named(*facts: tuple[Grade, str]) -> Evidence[tuple[Grade, str]]:
    return Evidence(facts)


def in_words(fact: tuple[Grade, str]) -> Observation:
    return Observation("arn", *fact)


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        (for_all(named((EXERCISED, "a"), (MISSED, "b"), (CONFIGURED, "c")), in_words), "b; c"),
        (for_all(named((MISSED, "a"), (MISSED, "b"), (MISSED, "c")), in_words), "a; b; and 1 more"),
        (for_all(named((MISSED, "a"), (MISSED, "a")), in_words), "a"),
        (for_all(named((EXERCISED, "a"), (EXERCISED, "b")), in_words), "a; b"),
        (for_all(named(), in_words, nothing="nothing serves"), "nothing serves"),
        (exists(named((EXERCISED, "a"), (MISSED, "b")), in_words), "a"),
        (exists(named((MISSED, "b"), (CONFIGURED, "a")), in_words), "b; a"),
        (exists(named(), in_words, nothing="no job"), "no job"),
        (exists(named(), in_words), "nothing here that the item speaks about"),
        (
            for_all(Evidence((), (DENIED,)), in_words, nothing="nothing serves"),
            "could not be seen: sagemaker:ListEndpoints (denied)",
        ),
        (
            verdict(NOT_ASSESSED, (), (OFF, DENIED, THROTTLED)),
            (
                "could not be seen: kinesis:ListStreams (region off); "
                "sagemaker:ListEndpoints (denied); and 1 more"
            ),
        ),
    ],
)
def test_a_summary_names_at_most_two_of_the_facts_that_decided(
    found: Verdict, summary: str
) -> None:
    assert found.summary == summary


@pytest.mark.parametrize(
    ("parts", "summary"),
    [
        ((part(PASS, "a"), part(PASS, "b")), "a; b"),
        ((part(PASS, "a"), part(FAIL, "b")), "b"),
        (
            (part(PASS, "a"), part(PARTIAL, "b"), part(FAIL, "c"), part(FAIL, "d")),
            "b; c; and 1 more",
        ),
        ((part(NOT_APPLICABLE, "a"), part(NOT_APPLICABLE, "a")), "a"),
    ],
)
def test_a_joint_summary_names_the_parts_that_decided(
    parts: tuple[Verdict, ...], summary: str
) -> None:
    assert decide(every_part, *parts).summary == summary


@pytest.mark.parametrize(
    "blind",
    [
        (part(PASS, "a"), verdict(NOT_ASSESSED, (), (DENIED,))),
        (for_all(Evidence((MISSED,), (DENIED,)), as_is), part(FAIL, "a")),
    ],
    ids=["not assessed", "unsettled"],
)
def test_a_joint_summary_names_what_was_not_seen_where_that_decided(
    blind: tuple[Verdict, ...],
) -> None:
    found = decide(every_part, *blind)
    assert found.status is NOT_ASSESSED
    assert found.summary == "could not be seen: sagemaker:ListEndpoints (denied)"


ARN = "arn:aws:lambda:eu-west-1:123456789012:function:score"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (DENIED, "sagemaker:ListEndpoints (denied)"),
        (OFF, "kinesis:ListStreams (region off)"),
        (replace(DENIED, subject=ARN), "sagemaker:ListEndpoints of score (denied)"),
        (
            Gap.unread("lambda:ListFunctions", "eu-west-1", "CodeNotRead", ARN),
            "the code inside score",
        ),
    ],
)
def test_a_gap_is_named_in_words(gap: Gap, words: str) -> None:
    assert gap.words == words


@pytest.mark.parametrize(
    ("status", "strength"),
    [
        (PASS, Strength.EXERCISED),
        (PARTIAL, Strength.CONFIGURED),
        (FAIL, Strength.NONE),
        (NOT_APPLICABLE, Strength.NONE),
        (NOT_ASSESSED, Strength.NONE),
    ],
)
def test_a_pass_is_exercised_and_a_partial_configured(status: Status, strength: Strength) -> None:
    assert part(status).strength is strength
