"""What practices that rest on other results amount to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlaudit.audit import Result
from mlaudit.evidence import decide, every_part
from mlaudit.model import Grade, Status, Strength, Verdict

_FACTS_TAKEN = 5
_PLACE = {grade: place for place, grade in enumerate(Grade)}
_BEST_FIRST = (Status.PASS, Status.PARTIAL, Status.FAIL, Status.NOT_APPLICABLE)


def derived(made_of: Iterable[tuple[str, ...]], results: Mapping[str, Result]) -> Verdict:
    """Join other results: every group is needed, and of a group the best result counts.

    What could not be assessed stays unknown, unless the rest decides. Each result brings its
    strongest facts; it has them all itself.

    Args:
        made_of: Groups of ids.
        results: What was concluded, by id.
    """
    groups = (decide(_best, *(_part(results[id_]) for id_ in group)) for group in made_of)
    return decide(every_part, *groups)


def strength_of(
    verdict: Verdict, made_of: Iterable[tuple[str, ...]], results: Mapping[str, Result]
) -> Strength:
    """What a derived conclusion rests on: on people, as soon as one group passes by them alone."""
    by_people = any(
        {results[id_].strength for id_ in group if results[id_].status is Status.PASS}
        == {Strength.ATTESTED}
        for group in made_of
    )
    attested = verdict.status is Status.PASS and by_people
    return Strength.ATTESTED if attested else verdict.strength


def _best(statuses: tuple[Status, ...]) -> Status:
    return min(statuses, key=_BEST_FIRST.index)


def _part(result: Result) -> Verdict:
    strongest = sorted(result.observations, key=lambda seen: _PLACE[seen.grade])
    return Verdict(
        result.status,
        tuple(strongest[:_FACTS_TAKEN]),
        result.gaps,
        f"{result.id}: {result.summary}",
    )
