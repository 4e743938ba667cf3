"""The arithmetic of scores, by the numbers of the whole checklist: 70 items, 69 without 4.6."""

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.audit import ItemResult, Scores, Share
from mlaudit.catalog import Catalogue, catalogue
from mlaudit.model import Status
from mlaudit.score import Count, count, lowest, scores_of, section_scores, share

Results = Callable[..., tuple[ItemResult, ...]]

IDS = tuple(item.id for item in catalogue().items)
ELSEWHERE = tuple(id_ for id_ in IDS if id_ not in {"4.6", "7.4", "7.5", "7.6", "7.7"})
"""The 65 items with no rule of their own."""

NOT_APPLICABLE, NOT_ASSESSED, FAIL = Status.NOT_APPLICABLE, Status.NOT_ASSESSED, Status.FAIL


Fraction = tuple[int, int]


def fraction(found: Share) -> Fraction:
    return found.complete, found.applicable


def each(status: Status, ids: Collection[str]) -> dict[str, Status]:
    return dict.fromkeys(ids, status)


@pytest.mark.parametrize(
    ("statuses", "strict", "gate"),
    [
        ({}, (70, 70), (69, 69)),
        (each(FAIL, IDS), (0, 70), (0, 69)),
        (each(NOT_ASSESSED, IDS), (0, 70), (0, 69)),
        (each(Status.PARTIAL, ELSEWHERE[:7]), (63, 70), (62, 69)),
        # item 4.6 counts in the strict score alone
        (each(FAIL, ["4.6"]), (69, 70), (69, 69)),
        (each(NOT_APPLICABLE, ["4.6"]), (69, 70), (69, 69)),
        # ten items may leave, the eleventh stays
        (each(NOT_APPLICABLE, ELSEWHERE[:1]), (69, 70), (68, 68)),
        (each(NOT_APPLICABLE, ELSEWHERE[:10]), (60, 70), (59, 59)),
        (each(NOT_APPLICABLE, ELSEWHERE[:11]), (59, 70), (58, 59)),
        (each(NOT_APPLICABLE, (*ELSEWHERE[:10], "4.6")), (59, 70), (59, 59)),
        (each(NOT_APPLICABLE, IDS), (0, 70), (0, 59)),
        # one complete item of the group covers those that are not
        (each(FAIL, ["7.5"]), (69, 70), (68, 68)),
        (each(FAIL, ["7.5", "7.6", "7.7"]), (67, 70), (66, 66)),
        (each(NOT_ASSESSED, ["7.4", "7.6", "7.7"]), (67, 70), (66, 66)),
        (each(FAIL, ["7.4", "7.5", "7.6", "7.7"]), (66, 70), (65, 69)),
        # what is covered does not use up what may be left out
        (each(NOT_APPLICABLE, (*ELSEWHERE[:10], "7.5", "7.6")), (58, 70), (57, 57)),
        (each(NOT_APPLICABLE, ["7.4", "7.5", "7.6", "7.7"]), (66, 70), (65, 65)),
    ],
)
def test_scores_keep_numerator_and_denominator(
    catalogue: Catalogue,
    results: Results,
    statuses: dict[str, Status],
    strict: Fraction,
    gate: Fraction,
) -> None:
    found = scores_of(results(statuses), catalogue)
    assert (fraction(found.strict), fraction(found.gate)) == (strict, gate)
    assert found.evidence_only == found.gate


@pytest.mark.parametrize(
    ("attested", "failing", "fractions"),
    [
        # gate, then evidence only
        (("5.1", "5.10", "9.5"), (), ((69, 69), (66, 69))),
        (("4.6",), (), ((69, 69), (69, 69))),
        # an attested item covers its group in the gate, and evidence does not lean on it
        (("7.4",), ("7.5", "7.6", "7.7"), ((66, 66), (65, 69))),
        (("7.4",), ("7.6", "7.7"), ((67, 67), (66, 66))),
    ],
)
def test_evidence_counts_what_is_attested_as_incomplete(
    catalogue: Catalogue,
    results: Results,
    attested: tuple[str, ...],
    failing: tuple[str, ...],
    fractions: tuple[Fraction, Fraction],
) -> None:
    found = scores_of(results(each(FAIL, failing), attested), catalogue)
    assert (fraction(found.gate), fraction(found.evidence_only)) == fractions
    assert found.strict.complete == 70 - len(failing)


def test_every_item_that_leaves_the_gate_score_is_accounted_for(
    catalogue: Catalogue, results: Results
) -> None:
    statuses = each(NOT_APPLICABLE, ELSEWHERE[:12]) | each(NOT_ASSESSED, ELSEWHERE[12:15])
    statuses |= each(FAIL, ["7.6", "7.7"]) | each(NOT_ASSESSED, ["4.6", "7.5"])
    assert count(results(statuses), catalogue) == Count(
        complete=51, unknown=3, applicable=56, excused=10, over_cap=2, covered=3
    )


def test_the_cap_follows_the_size_of_the_catalogue(catalogue: Catalogue, results: Results) -> None:
    small = replace(catalogue, items=catalogue.items[:20])
    found = count(results(each(NOT_APPLICABLE, IDS[:5]))[:20], small)
    assert (found.applicable, found.excused, found.over_cap) == (17, 3, 2)


def test_the_lowest_of_each_score_is_no_mean() -> None:
    high, low = Share(9, 10, 90.0), Share(6, 69, 8.6)
    nothing = Share(0, 0, 0.0)
    assert lowest([Scores(high, low, high), Scores(low, high, nothing)]) == Scores(
        low, low, nothing
    )
    nearly = Share(2, 3, 66.6), Share(666, 1000, 66.6)
    assert lowest([Scores(each, each, each) for each in nearly]) == Scores(*[nearly[1]] * 3)
    assert lowest([]) is None


@pytest.mark.parametrize(
    ("complete", "applicable", "percent"),
    [
        (62, 69, 89.8),  # 89.855: never shown as the 89.9 it is not
        (63, 69, 91.3),
        (2, 3, 66.6),
        (999, 1000, 99.9),
        (9999, 10000, 99.9),
        (69, 69, 100.0),
        (0, 69, 0.0),
        (0, 0, 0.0),
    ],
)
def test_a_percentage_is_cut_and_not_rounded(
    complete: int, applicable: int, percent: float
) -> None:
    assert share(complete, applicable) == Share(complete, applicable, percent)


def test_a_section_counts_what_applies_without_a_cap(
    catalogue: Catalogue, results: Results
) -> None:
    statuses = each(NOT_APPLICABLE, [id_ for id_ in IDS if id_.startswith("1.")])
    statuses |= each(NOT_APPLICABLE, ["4.6", "4.7"]) | each(FAIL, ["4.1"])
    statuses |= each(NOT_ASSESSED, ["4.2"])
    found = {each_.section: each_.share for each_ in section_scores(results(statuses), catalogue)}
    assert list(found) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found[1] == Share(0, 0, 0.0)
    assert found[4] == Share(7, 9, 77.7)
    assert found[6] == Share(12, 12, 100.0)


@given(
    statuses=st.dictionaries(st.sampled_from(IDS), st.sampled_from(Status)),
    attested=st.sets(st.sampled_from(IDS)),
    change=st.tuples(st.sampled_from(IDS), st.sampled_from(Status)),
)
def test_completing_an_item_never_lowers_a_score_and_no_score_leaves_its_bounds(
    catalogue: Catalogue,
    results: Results,
    statuses: dict[str, Status],
    attested: set[str],
    change: tuple[str, Status],
) -> None:
    changed, to = change
    attested = {id_ for id_ in attested - {changed} if id_ not in statuses}
    before = scores_of(results(statuses | {changed: to}, attested), catalogue)
    after = scores_of(results(statuses | {changed: Status.PASS}, attested), catalogue)
    for low, high in zip(
        (before.strict, before.gate, before.evidence_only),
        (after.strict, after.gate, after.evidence_only),
        strict=True,
    ):
        assert 0 <= low.complete <= low.applicable
        assert low.complete * high.applicable <= high.complete * low.applicable
    assert before.evidence_only.percent <= before.gate.percent
