"""What people declare changes only what it may, and a scan that sees less never gains by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.audit import Effect, ExceptionReason, ItemResult, Outcome, Stale
from mlaudit.catalog import Catalogue, catalogue
from mlaudit.declarations import (
    AcceptedException,
    Attestation,
    Declarations,
    NotApplicable,
    declared,
    stale,
)
from mlaudit.gate import gate
from mlaudit.model import FOR_A_PERSON, Gap, GapReason, Grade, Status, Strength

Results = Callable[..., tuple[ItemResult, ...]]

NOW = datetime(2026, 3, 14, 23, 59, tzinfo=UTC)
TODAY = NOW.date()
A_DAY = timedelta(days=1)
PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
NOT_APPLICABLE, NOT_ASSESSED = Status.NOT_APPLICABLE, Status.NOT_ASSESSED
IDS = tuple(item.id for item in catalogue().items)


def gap(reason: GapReason) -> Gap:
    return Gap("mlaudit:check", "eu-west-1", "code", reason)


def word(
    item: str = "5.1",
    workload: str = "fraud",
    when: date = TODAY,
    expires: date = TODAY,
    who: str = "jo",
) -> Attestation:
    return Attestation(item, workload, who, when, "https://x.example/1", expires, "two review it")


def exempt(item: str = "5.1", workload: str = "fraud") -> NotApplicable:
    return NotApplicable(item, workload, "batch only", "sam")


def accepted(
    item: str = "5.1", workload: str = "fraud", expires: date = TODAY
) -> AcceptedException:
    reason = ExceptionReason.FIX_SCHEDULED
    return AcceptedException(item, workload, reason, "kim", "OPS-7", "one endpoint", expires, "")


EXPIRED = word(when=TODAY - 9 * A_DAY, expires=TODAY - A_DAY)


@pytest.fixture
def result(results: Results) -> Callable[..., ItemResult]:
    def of(status: Status, *reasons: GapReason) -> ItemResult:
        found = next(each for each in results({"5.1": status}) if each.id == "5.1")
        return replace(found, gaps=tuple(map(gap, reasons)))

    return of


NO_CHECK, UNREAD = GapReason.NO_CHECK, GapReason.CONTENT_NOT_READ
WORDS: dict[str, tuple[Attestation, Status, tuple[GapReason, ...], Status, Effect]] = {
    "nothing checks it": (word(), NOT_ASSESSED, (NO_CHECK,), PASS, Effect.COUNTS),
    "no API tells": (word(), NOT_ASSESSED, (UNREAD,), PASS, Effect.COUNTS),
    "no checkout was given": (
        word(),
        NOT_ASSESSED,
        (GapReason.NO_CHECKOUT,),
        PASS,
        Effect.COUNTS,
    ),
    "a snapshot without the read": (
        word(),
        NOT_ASSESSED,
        (GapReason.NO_CHECKOUT, GapReason.NOT_ASKED),
        NOT_ASSESSED,
        Effect.BLIND,
    ),
    "a read was denied": (word(), NOT_ASSESSED, (GapReason.DENIED,), NOT_ASSESSED, Effect.BLIND),
    "a read was denied too": (
        word(),
        NOT_ASSESSED,
        (UNREAD, GapReason.DENIED),
        NOT_ASSESSED,
        Effect.BLIND,
    ),
    "no gap is named": (word(), NOT_ASSESSED, (), NOT_ASSESSED, Effect.BLIND),
    "it fails": (word(), FAIL, (), FAIL, Effect.CONTRADICTED),
    "it is partial": (word(), PARTIAL, (UNREAD,), PARTIAL, Effect.CONTRADICTED),
    "it passes": (word(), PASS, (), PASS, Effect.NOT_NEEDED),
    "it does not apply": (word(), NOT_APPLICABLE, (), NOT_APPLICABLE, Effect.NOT_NEEDED),
    "it expired yesterday": (EXPIRED, NOT_ASSESSED, (NO_CHECK,), NOT_ASSESSED, Effect.EXPIRED),
    "it begins tomorrow": (
        word(when=TODAY + A_DAY, expires=TODAY + A_DAY),
        NOT_ASSESSED,
        (NO_CHECK,),
        NOT_ASSESSED,
        Effect.NOT_YET,
    ),
    "said of every workload": (
        word(workload="*"),
        NOT_ASSESSED,
        (NO_CHECK,),
        PASS,
        Effect.COUNTS,
    ),
}


@pytest.mark.parametrize(
    ("said", "evidence", "expected"),
    [(word, (status, *reasons), after) for word, status, reasons, *after in WORDS.values()],
    ids=WORDS,
)
def test_an_attestation_completes_only_what_could_not_be_told(
    said: Attestation,
    evidence: tuple[Any, ...],
    expected: list[Any],
    result: Callable[..., ItemResult],
) -> None:
    before = result(*evidence)
    found = declared(before, Declarations((said,)), "fraud", NOW)
    assert found.attestation
    assert [found.status, found.attestation.effect] == expected
    assert found.gaps == before.gaps
    if found.attestation.effect is not Effect.COUNTS:
        assert (found.strength, found.observations) == (before.strength, before.observations)


def test_an_attested_pass_names_the_person_and_is_not_proven(
    result: Callable[..., ItemResult],
) -> None:
    found = declared(result(NOT_ASSESSED, NO_CHECK), Declarations((word(),)), "fraud", NOW)
    (said,) = found.observations
    assert found.strength is Strength.ATTESTED
    assert (said.arn, said.grade) == ("fraud", Grade.DECLARED)
    assert said.at == datetime(2026, 3, 14, tzinfo=UTC)
    assert said.fact == ("attested by jo until 2026-03-14: two review it (https://x.example/1)")


@pytest.mark.parametrize(
    ("said", "status", "summary"),
    [
        (word(), FAIL, "attested by jo, contradicted: it is fail"),
        (word(), PASS, "it is pass"),
        (EXPIRED, FAIL, "it is fail; the attestation by jo expired on 2026-03-13"),
        (word(), NOT_ASSESSED, "attested by jo, which counts once every read succeeds: it is"),
    ],
)
def test_the_summary_shows_the_word_beside_the_fact(
    said: Attestation, status: Status, summary: str, result: Callable[..., ItemResult]
) -> None:
    found = declared(result(status, GapReason.DENIED), Declarations((said,)), "fraud", NOW)
    assert found.summary.startswith(summary)


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (NOT_ASSESSED, NOT_APPLICABLE),
        (FAIL, NOT_APPLICABLE),
        (PARTIAL, NOT_APPLICABLE),
        (NOT_APPLICABLE, NOT_APPLICABLE),
        (PASS, PASS),
    ],
)
def test_what_is_declared_not_to_apply_leaves_unless_it_passes(
    status: Status, after: Status, result: Callable[..., ItemResult]
) -> None:
    found = declared(result(status), Declarations(not_applicable=(exempt(),)), "fraud", NOW)
    assert found.status is after
    assert [each.fact for each in found.observations] == (
        ["does not apply, says sam: batch only"] if status not in {PASS, NOT_APPLICABLE} else []
    )


@pytest.mark.parametrize("status", Status)
def test_an_exception_is_shown_and_changes_nothing_else(
    status: Status, result: Callable[..., ItemResult]
) -> None:
    before = result(status)
    found = declared(before, Declarations(exceptions=(accepted(),)), "fraud", NOW)
    assert replace(found, exception=None) == before
    assert found.exception
    assert (found.exception.owner, found.exception.ticket) == ("kim", "OPS-7")
    assert not found.exception.expired


def test_an_expired_exception_says_so(result: Callable[..., ItemResult]) -> None:
    over = accepted(expires=TODAY - A_DAY)
    found = declared(result(FAIL), Declarations(exceptions=(over,)), "fraud", NOW)
    assert found.exception
    assert found.exception.expired


NEAREST = {
    "a word for the workload before an exemption of all": (
        Declarations((word(),), (exempt(workload="*"),)),
        PASS,
    ),
    "an exemption of the workload before a word for all": (
        Declarations((word(workload="*"),), (exempt(),)),
        NOT_APPLICABLE,
    ),
    "an exemption before a word that expired": (
        Declarations((EXPIRED,), (exempt(workload="*"),)),
        NOT_APPLICABLE,
    ),
    "a word for all when the closer one expired": (
        Declarations((EXPIRED, word(workload="*"))),
        PASS,
    ),
    "another workload": (Declarations((word(workload="other"),)), NOT_ASSESSED),
    "another item": (Declarations((word(item="5.2"),)), NOT_ASSESSED),
}


@pytest.mark.parametrize(("declarations", "status"), NEAREST.values(), ids=NEAREST)
def test_what_names_the_workload_goes_first(
    declarations: Declarations, status: Status, result: Callable[..., ItemResult]
) -> None:
    found = declared(result(NOT_ASSESSED, NO_CHECK), declarations, "fraud", NOW)
    assert found.status is status


def test_what_does_nothing_is_listed() -> None:
    later = word("5.3", when=TODAY + A_DAY, expires=TODAY + A_DAY)
    found = stale(
        Declarations(
            (EXPIRED, word("5.2", workload="fruad"), later, word("5.4")),
            (exempt("5.5", "*"), exempt("5.6", "gone")),
            (accepted("5.7", expires=TODAY - A_DAY), accepted("5.8"), accepted("5.9", "gone")),
        ),
        {"fraud"},
        NOW,
    )
    assert [(each.item, each.why, each.day) for each in found] == [
        ("5.1", Stale.EXPIRED, TODAY - A_DAY),
        ("5.2", Stale.NO_WORKLOAD, None),
        ("5.3", Stale.NOT_YET, TODAY + A_DAY),
        ("5.6", Stale.NO_WORKLOAD, None),
        ("5.7", Stale.EXPIRED, TODAY - A_DAY),
        ("5.9", Stale.NO_WORKLOAD, None),
    ]


DAYS = st.integers(-200, 200).map(lambda days: TODAY + days * A_DAY)
SOME_IDS = st.sampled_from([id_ for id_ in IDS if id_ != catalogue().streaming_item])
EXCUSABLE = SOME_IDS.filter(lambda id_: id_ not in catalogue().floor)
NAMES = st.sampled_from(["fraud", "*", "other"])
DECLARATIONS = st.builds(
    lambda words, exempts, accepteds: Declarations(tuple(words), tuple(exempts), tuple(accepteds)),
    st.lists(st.builds(word, item=SOME_IDS, workload=NAMES, when=DAYS, expires=DAYS), max_size=40),
    st.lists(st.builds(exempt, item=EXCUSABLE, workload=NAMES), max_size=20),
    st.lists(st.builds(accepted, item=SOME_IDS, workload=NAMES, expires=DAYS), max_size=5),
)
SEEN = st.sampled_from([PASS, PASS, PASS, PARTIAL, FAIL, NOT_APPLICABLE, NOT_ASSESSED])
STATUSES = st.dictionaries(st.sampled_from(IDS), SEEN)
LOST = st.sampled_from([reason for reason in GapReason if reason not in FOR_A_PERSON])
UNTOLD = st.sampled_from(sorted(FOR_A_PERSON))


def of(
    results: Results, statuses: dict[str, Status], reason: GapReason = NO_CHECK
) -> tuple[ItemResult, ...]:
    """The results by evidence; what was not assessed has a gap of a person's kind."""
    found = results(statuses)
    return tuple(
        replace(each, gaps=(gap(reason),)) if each.status is NOT_ASSESSED else each
        for each in found
    )


def said(items: tuple[ItemResult, ...], declarations: Declarations) -> tuple[ItemResult, ...]:
    return tuple(declared(each, declarations, "fraud", NOW) for each in items)


@given(statuses=STATUSES, declarations=DECLARATIONS, reason=UNTOLD)
def test_only_the_named_changes_happen(
    results: Results,
    statuses: dict[str, Status],
    declarations: Declarations,
    reason: GapReason,
) -> None:
    before = of(results, statuses, reason)
    allowed = {
        (NOT_ASSESSED, PASS, Strength.ATTESTED),
        (NOT_ASSESSED, NOT_APPLICABLE, Strength.NONE),
        (FAIL, NOT_APPLICABLE, Strength.NONE),
        (PARTIAL, NOT_APPLICABLE, Strength.NONE),
    }
    for old, new in zip(before, said(before, declarations), strict=True):
        same = (old.status, old.strength) == (new.status, new.strength)
        assert same or (old.status, new.status, new.strength) in allowed
        assert (new.gaps, new.critical) == (old.gaps, old.critical)
        assert new.observations[: len(old.observations)] == old.observations


@given(statuses=STATUSES, declarations=DECLARATIONS)
def test_what_expired_changes_no_status_and_no_gate(
    results: Results,
    catalogue: Catalogue,
    statuses: dict[str, Status],
    declarations: Declarations,
) -> None:
    over = Declarations(
        attestations=tuple(
            replace(each, when=TODAY - 9 * A_DAY, expires=TODAY - A_DAY)
            for each in declarations.attestations
        ),
        exceptions=tuple(replace(each, expires=TODAY - A_DAY) for each in declarations.exceptions),
    )
    before = of(results, statuses)
    after = said(before, over)
    assert [(each.status, each.strength) for each in after] == [
        (each.status, each.strength) for each in before
    ]
    assert gate(after, catalogue) == gate(before, catalogue)


AT_STAKE = tuple(
    id_ for id_ in IDS if id_ not in {"4.6", "7.4", "7.5", "7.6", "7.7", *catalogue().floor}
)[:9]
ANYWHERE = st.tuples(STATUSES, DECLARATIONS, st.sets(st.sampled_from(IDS), min_size=1))
NEAR_THE_THRESHOLD = st.builds(
    lambda failed, words, exempts, lost: (
        dict.fromkeys(failed, FAIL),
        Declarations(tuple(map(word, words)), tuple(map(exempt, exempts))),
        lost,
    ),
    st.sets(st.sampled_from(AT_STAKE), min_size=6),
    st.lists(st.sampled_from(AT_STAKE), min_size=3),
    st.lists(st.sampled_from(AT_STAKE), max_size=2),
    st.sets(st.sampled_from(AT_STAKE), min_size=2),
)


@given(case=NEAR_THE_THRESHOLD | ANYWHERE, reason=LOST)
def test_losing_sight_never_opens_a_gate_whatever_is_declared(
    results: Results,
    catalogue: Catalogue,
    case: tuple[dict[str, Status], Declarations, set[str]],
    reason: GapReason,
) -> None:
    statuses, declarations, lost = case
    seen = of(results, statuses)
    blind = tuple(
        replace(each, status=NOT_ASSESSED, strength=Strength.NONE, gaps=(*each.gaps, gap(reason)))
        if each.id in lost
        else each
        for each in seen
    )
    before = gate(said(seen, declarations), catalogue).outcome
    after = gate(said(blind, declarations), catalogue).outcome
    assert after is not Outcome.OPEN or before is Outcome.OPEN


@given(statuses=STATUSES, declarations=DECLARATIONS)
def test_an_exception_never_changes_the_gate(
    results: Results,
    catalogue: Catalogue,
    statuses: dict[str, Status],
    declarations: Declarations,
) -> None:
    without = replace(declarations, exceptions=())
    items = of(results, statuses)
    assert gate(said(items, declarations), catalogue) == gate(said(items, without), catalogue)
