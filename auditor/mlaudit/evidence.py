"""Evidence with its gaps, and the only ways to conclude from it.

A list that could not be read looks just like an empty one. So evidence here has no truth value and
cannot be looped over: a check concludes with :func:`for_all` or :func:`exists`, which know what a
gap means, and joins conclusions with :func:`decide`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from mlaudit.model import Gap, Grade, Observation, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

_KNOWN = (Status.PASS, Status.PARTIAL, Status.FAIL, Status.NOT_APPLICABLE)
_NAMED_IN_SUMMARY = 2
_DECISIVE_GRADES = {
    Status.PASS: {Grade.EXERCISED},
    Status.PARTIAL: {Grade.CONFIGURED, Grade.MISSED},
    Status.FAIL: {Grade.MISSED},
    Status.NOT_APPLICABLE: set[Grade](),
}
_DECISIVE_PARTS = {
    Status.PASS: {Status.PASS},
    Status.PARTIAL: {Status.PARTIAL, Status.FAIL},
    Status.FAIL: {Status.FAIL},
    Status.NOT_APPLICABLE: {Status.NOT_APPLICABLE},
    Status.NOT_ASSESSED: {Status.NOT_ASSESSED},
}
NOTHING = "nothing here that the item speaks about"


@dataclass(frozen=True)
class Evidence(Generic[T]):
    """Things of one type, together with what could not be seen of them."""

    items: tuple[T, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __bool__(self) -> NoReturn:
        """Refuse: empty and unseen are different answers."""
        raise TypeError("evidence has no truth value: use for_all() or exists()")


def for_all(
    evidence: Evidence[T],
    judge: Callable[[T], Observation],
    *,
    one_miss_fails: bool = False,
    nothing: str = NOTHING,
) -> Verdict:
    """Conclude about every item: a counter-example is final, a pass needs complete evidence.

    With nothing there, the item does not apply. A failure next to gaps means "not a pass, whatever
    the rest shows".

    Args:
        evidence: What was seen, and what was not.
        judge: Grades one item.
        one_miss_fails: Fail as soon as one item misses, instead of only when all do. Anything less
            then needs complete evidence, as the one that was not seen may miss.
        nothing: What to say when there is nothing.
    """
    seen = tuple(judge(item) for item in evidence.items)
    grades = {observation.grade for observation in seen}
    failed = Grade.MISSED in grades if one_miss_fails else grades == {Grade.MISSED}
    short = bool(grades - {Grade.EXERCISED})
    if failed:
        status = Status.FAIL
    elif evidence.gaps and (one_miss_fails or not short):
        status = Status.NOT_ASSESSED
    elif short:
        status = Status.PARTIAL
    else:
        status = Status.PASS if seen else Status.NOT_APPLICABLE
    settled = not (status is Status.FAIL and evidence.gaps and not one_miss_fails)
    return replace(_concluded(status, seen, evidence.gaps, nothing), settled=settled)


def exists(
    evidence: Evidence[T],
    judge: Callable[[T], Observation],
    *,
    when_none: Status = Status.FAIL,
    nothing: str = NOTHING,
) -> Verdict:
    """Look for one witness: a witness is final, anything less needs complete evidence.

    Args:
        evidence: What was seen, and what was not.
        judge: Grades one item.
        when_none: The conclusion when evidence is complete and there is nothing: ``FAIL``, or
            ``NOT_APPLICABLE`` where nothing is demanded of a workload that has no such thing.
        nothing: What to say when there is nothing, as in "no training job in the window".
    """
    seen = tuple(judge(item) for item in evidence.items)
    grades = {observation.grade for observation in seen}
    if Grade.EXERCISED in grades:
        status = Status.PASS
    elif evidence.gaps:
        status = Status.NOT_ASSESSED
    elif Grade.CONFIGURED in grades:
        status = Status.PARTIAL
    else:
        status = Status.FAIL if seen else when_none
    return _concluded(status, seen, evidence.gaps, nothing)


def decide(rule: Callable[[tuple[Status, ...]], Status], *parts: Verdict) -> Verdict:
    """Join conclusions by a rule, trying every status an unseen part could have.

    The result is known only if it is the same in each of these possible worlds.

    Args:
        rule: From one known status for each part to the joint status.
        parts: The conclusions to join, in the order the rule expects.
    """
    outcomes = {rule(world) for world in product(*(_possible(part) for part in parts))}
    status = outcomes.pop() if len(outcomes) == 1 else Status.NOT_ASSESSED
    decisive = [part for part in parts if part.status in _DECISIVE_PARTS[status]] or parts
    return Verdict(
        status,
        tuple(_unique(seen for part in parts for seen in part.observations)),
        tuple(_unique(gap for part in parts for gap in part.gaps)),
        _unseen(gap for part in decisive for gap in part.gaps)
        if status is Status.NOT_ASSESSED
        else _listed(part.summary for part in decisive),
    )


def _possible(part: Verdict) -> tuple[Status, ...]:
    if part.status is Status.NOT_ASSESSED:
        return _KNOWN
    return (part.status,) if part.settled else (part.status, Status.PARTIAL)


def every_part(statuses: tuple[Status, ...]) -> Status:
    """Rule: all parts must hold; parts that do not apply are left out."""
    applicable = {status for status in statuses if status is not Status.NOT_APPLICABLE}
    if not applicable:
        return Status.NOT_APPLICABLE
    return applicable.pop() if len(applicable) == 1 else Status.PARTIAL


def verdict(
    status: Status, observations: tuple[Observation, ...] = (), gaps: tuple[Gap, ...] = ()
) -> Verdict:
    """Make a verdict whose summary names the facts, or the gaps, that decided it."""
    return _concluded(status, observations, gaps, NOTHING)


def _concluded(
    status: Status, observations: tuple[Observation, ...], gaps: tuple[Gap, ...], nothing: str
) -> Verdict:
    if status is Status.NOT_ASSESSED:
        summary = _unseen(gaps)
    else:
        grades = _DECISIVE_GRADES[status]
        decisive = [seen.fact for seen in observations if seen.grade in grades]
        summary = _listed(decisive or [seen.fact for seen in observations] or [nothing])
    return Verdict(status, observations, gaps, summary)


def _unseen(gaps: Iterable[Gap]) -> str:
    return f"could not be seen: {_listed(gap.words for gap in gaps)}"


def _listed(texts: Iterable[str]) -> str:
    distinct = _unique(texts)
    more = len(distinct) - _NAMED_IN_SUMMARY
    head = "; ".join(distinct[:_NAMED_IN_SUMMARY])
    return f"{head}; and {more} more" if more > 0 else head


def _unique(things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))
