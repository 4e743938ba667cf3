"""The arithmetic of scores. Pure; every number keeps its numerator and denominator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mlaudit.audit import ItemResult, Result, Scores, SectionScore, Share
from mlaudit.catalog import Catalogue
from mlaudit.model import Status, Strength
from mlaudit.thresholds import DEFAULT_CAP_PERCENT


@dataclass(frozen=True, slots=True)
class Count:
    """What the gate counts.

    Attributes:
        complete: Items that count as complete.
        unknown: Items in the denominator that could not be assessed.
        applicable: The denominator.
        excused: Items that left the denominator as not applicable.
        over_cap: Items that do not apply and stay in the denominator, past the cap.
        covered: Items that left the denominator because another of their group is complete.
    """

    complete: int
    unknown: int
    applicable: int
    excused: int
    over_cap: int
    covered: int


def is_complete(item: Result) -> bool:
    """Whether an item counts as complete: a pass, proven or attested."""
    return item.status is Status.PASS


def is_proven(item: ItemResult) -> bool:
    """Whether an item is complete by evidence, not by attestation."""
    return is_complete(item) and item.strength is not Strength.ATTESTED


def scores_of(
    items: Iterable[ItemResult], catalogue: Catalogue, cap_percent: int = DEFAULT_CAP_PERCENT
) -> Scores:
    """The three scores of one workload."""
    results = tuple(items)
    counted = count(results, catalogue, cap_percent)
    proven = count(results, catalogue, cap_percent, complete=is_proven)
    return Scores(
        strict=share(sum(map(is_complete, results)), len(results)),
        gate=share(counted.complete, counted.applicable),
        evidence_only=share(proven.complete, proven.applicable),
    )


def lowest(scores: Iterable[Scores]) -> Scores | None:
    """The lowest of each score over some workloads, never a mean; ``None`` without any."""
    each = tuple(scores)
    if not each:
        return None
    return Scores(
        strict=min((one.strict for one in each), key=_ratio),
        gate=min((one.gate for one in each), key=_ratio),
        evidence_only=min((one.evidence_only for one in each), key=_ratio),
    )


def _ratio(value: Share) -> Fraction:
    return Fraction(value.complete, value.applicable or 1)


def section_scores(items: Iterable[ItemResult], catalogue: Catalogue) -> tuple[SectionScore, ...]:
    """Complete over applicable items, section by section."""
    results = tuple(items)
    return tuple(
        SectionScore(
            number,
            share(
                sum(is_complete(each) for each in results if each.section == number),
                sum(
                    each.status is not Status.NOT_APPLICABLE
                    for each in results
                    if each.section == number
                ),
            ),
        )
        for number in sorted(catalogue.sections)
    )


def count(
    items: Iterable[ItemResult],
    catalogue: Catalogue,
    cap_percent: int = DEFAULT_CAP_PERCENT,
    complete: Callable[[ItemResult], bool] = is_complete,
) -> Count:
    """Count for a gate.

    The streaming item is left out. What an any-of group covers leaves the denominator, and so does
    what does not apply, up to the cap.
    """
    counted = {item.id: item for item in items if item.id != catalogue.streaming_item}
    covered = _covered(counted, catalogue, complete)
    left = [item for id_, item in counted.items() if id_ not in covered]
    excused = sum(item.status is Status.NOT_APPLICABLE for item in left)
    cap = len(catalogue.items) * cap_percent // 100
    return Count(
        complete=sum(map(complete, left)),
        unknown=sum(item.status is Status.NOT_ASSESSED for item in left),
        applicable=len(left) - min(excused, cap),
        excused=min(excused, cap),
        over_cap=max(0, excused - cap),
        covered=len(covered),
    )


def _covered(
    items: Mapping[str, ItemResult],
    catalogue: Catalogue,
    complete: Callable[[ItemResult], bool],
) -> frozenset[str]:
    covered: set[str] = set()
    for group in catalogue.any_of:
        done = {id_ for id_ in group if id_ in items and complete(items[id_])}
        covered |= (group & items.keys()) - done if done else set()
    return frozenset(covered)


def share(complete: int, applicable: int) -> Share:
    """A fraction with its percentage, cut to one decimal so that it never looks like more."""
    percent = complete * 1000 // applicable / 10 if applicable else 0.0
    return Share(complete, applicable, percent)
