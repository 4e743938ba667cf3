"""What people declare about items, and what that does to the results. Pure.

Evidence comes first: a person's word completes an item only where nothing that AWS can tell was
missed, it lifts no failure, and it never makes up for a read that failed. So a scan that sees less
can never turn into a better result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Protocol, TypeVar

from mlaudit.audit import (
    AttestationNote,
    DeclarationKind,
    Effect,
    ExceptionNote,
    ExceptionReason,
    ItemResult,
    Stale,
    StaleDeclaration,
)
from mlaudit.model import FOR_A_PERSON, Grade, Observation, Status, Strength

EVERY_WORKLOAD = "*"
LONGEST_DAYS = 180
"""How long a person's word, or an exception, may hold."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's word that an item is done; holds from ``when`` to ``expires``, both included."""

    item: str
    workload: str
    who: str
    when: date
    link: str
    expires: date
    statement: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A person's word that an item does not apply."""

    item: str
    workload: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class AcceptedException:
    """A finding that its owner leaves open for a while; holds to ``expires``, included."""

    item: str
    workload: str
    reason: ExceptionReason
    owner: str
    ticket: str
    scope: str
    expires: date
    statement: str


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything that people declare."""

    attestations: tuple[Attestation, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    exceptions: tuple[AcceptedException, ...] = ()


class _About(Protocol):
    @property
    def item(self) -> str: ...
    @property
    def workload(self) -> str: ...


D = TypeVar("D", bound=_About)


def declared(
    item: ItemResult, declarations: Declarations, workload: str, started_at: datetime
) -> ItemResult:
    """An item's result with what people declare about it.

    What names the workload goes before what is said of every workload.

    Args:
        item: The result by evidence.
        declarations: What people declare.
        workload: The workload's name, or ``*`` for what is judged for the platform.
        started_at: When the scan began: what had expired by then does nothing.
    """
    day = _day(started_at)
    word = _word(_about(declarations.attestations, item.id, workload), day)
    exempt = next(iter(_about(declarations.not_applicable, item.id, workload)), None)
    accepted = next(iter(_about(declarations.exceptions, item.id, workload)), None)
    if exempt and not (word and _in_force(word, day) and _closer(word, exempt)):
        result = _exempted(item, exempt, workload)
    else:
        result = _attested(item, word, workload, day) if word else item
    return replace(result, exception=_exception(accepted, day)) if accepted else result


def stale(
    declarations: Declarations, workloads: Collection[str], started_at: datetime
) -> tuple[StaleDeclaration, ...]:
    """Everything declared that does nothing at a scan, in order of items.

    Args:
        declarations: What people declare.
        workloads: The names of the workloads there are.
        started_at: When the scan began.
    """
    day, names = _day(started_at), {EVERY_WORKLOAD, *workloads}
    found: list[StaleDeclaration] = []
    for kind, each, who, holds in _listed(declarations):
        if holds and holds[1] < day:
            why, on = Stale.EXPIRED, holds[1]
        elif holds and day < holds[0]:
            why, on = Stale.NOT_YET, holds[0]
        elif each.workload not in names:
            why, on = Stale.NO_WORKLOAD, None
        else:
            continue
        found.append(StaleDeclaration(kind, each.item, each.workload, who, why, on))
    return tuple(sorted(found, key=lambda each: (each.item, each.workload, each.kind)))


def _listed(
    declarations: Declarations,
) -> Iterator[tuple[DeclarationKind, _About, str, tuple[date, date] | None]]:
    """Every declaration with whose it is, and the first and last day it holds."""
    for word in declarations.attestations:
        yield DeclarationKind.ATTESTATION, word, word.who, (word.when, word.expires)
    for exempt in declarations.not_applicable:
        yield DeclarationKind.NOT_APPLICABLE, exempt, exempt.who, None
    for each in declarations.exceptions:
        yield DeclarationKind.EXCEPTION, each, each.owner, (date.min, each.expires)


def _about(declared: tuple[D, ...], item: str, workload: str) -> list[D]:
    """What is declared about an item of a workload, the closest first."""
    mine = [d for d in declared if d.item == item and d.workload in {workload, EVERY_WORKLOAD}]
    return sorted(mine, key=lambda each: each.workload == EVERY_WORKLOAD)


def _word(words: list[Attestation], day: date) -> Attestation | None:
    """The word that counts: the closest that holds, or else the closest."""
    return next((each for each in words if _in_force(each, day)), words[0] if words else None)


def _closer(word: Attestation, exempt: NotApplicable) -> bool:
    return word.workload != EVERY_WORKLOAD and exempt.workload == EVERY_WORKLOAD


def _in_force(word: Attestation, day: date) -> bool:
    return word.when <= day <= word.expires


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _exempted(item: ItemResult, exempt: NotApplicable, workload: str) -> ItemResult:
    if item.status in {Status.PASS, Status.NOT_APPLICABLE}:
        return item
    fact = f"does not apply, says {exempt.who}: {exempt.reason}"
    return replace(
        item,
        status=Status.NOT_APPLICABLE,
        strength=Strength.NONE,
        summary=f"{fact}; by evidence: {item.summary}",
        observations=(*item.observations, Observation(workload, Grade.DECLARED, fact)),
    )


def _attested(item: ItemResult, word: Attestation, workload: str, day: date) -> ItemResult:
    effect = _effect(item, word, day)
    note = AttestationNote(word.who, word.when, word.link, word.statement, word.expires, effect)
    noted = replace(item, attestation=note, summary=_summary(item.summary, word, effect))
    if effect is not Effect.COUNTS:
        return noted
    fact = f"attested by {word.who} until {word.expires}: {word.statement} ({word.link})"
    said = Observation(
        workload, Grade.DECLARED, fact, datetime.combine(word.when, time(), tzinfo=UTC)
    )
    return replace(
        noted,
        status=Status.PASS,
        strength=Strength.ATTESTED,
        observations=(*item.observations, said),
    )


def _effect(item: ItemResult, word: Attestation, day: date) -> Effect:
    if word.expires < day:
        return Effect.EXPIRED
    if day < word.when:
        return Effect.NOT_YET
    match item.status:
        case Status.PASS | Status.NOT_APPLICABLE:
            return Effect.NOT_NEEDED
        case Status.FAIL | Status.PARTIAL:
            return Effect.CONTRADICTED
        case Status.NOT_ASSESSED:
            open_to_words = bool(item.gaps) and {gap.reason for gap in item.gaps} <= FOR_A_PERSON
            return Effect.COUNTS if open_to_words else Effect.BLIND


def _summary(evidence: str, word: Attestation, effect: Effect) -> str:
    match effect:
        case Effect.COUNTS:
            return f"attested by {word.who} until {word.expires}: {word.statement}"
        case Effect.CONTRADICTED:
            return f"attested by {word.who}, contradicted: {evidence}"
        case Effect.BLIND:
            return f"attested by {word.who}, which counts once every read succeeds: {evidence}"
        case Effect.EXPIRED:
            return f"{evidence}; the attestation by {word.who} expired on {word.expires}"
        case Effect.NOT_YET:
            return f"{evidence}; the attestation by {word.who} holds from {word.when} on"
        case Effect.NOT_NEEDED:
            return evidence


def _exception(accepted: AcceptedException, day: date) -> ExceptionNote:
    return ExceptionNote(
        reason=accepted.reason,
        owner=accepted.owner,
        ticket=accepted.ticket,
        scope=accepted.scope,
        statement=accepted.statement,
        expires=accepted.expires,
        expired=accepted.expires < day,
    )
