"""The audit: the whole result of a scan, and the only input of reports, gates and plans.

Its JSON form is a public contract, described by ``schemas/audit.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mlaudit.beyond import ExtendedResult, ExtendedText, GroupText
from mlaudit.drawing import LineagePicture
from mlaudit.model import Gap, Observation, Status, Strength
from mlaudit.standing import BlindSpot, LadderText, LevelReached, Trend
from mlaudit.thresholds import RulesText
from mlaudit.versions import Candidate

SCHEMA_VERSION = 1


class Outcome(StrEnum):
    """What a gate says. The values are public API."""

    OPEN = "open"
    CLOSED = "closed"
    CANNOT_DECIDE = "cannot_decide"


class Scope(StrEnum):
    """What an item is judged for: one workload, or a region of the account for all in it."""

    WORKLOAD = "workload"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Share:
    """A score as the fraction it is.

    Attributes:
        complete: Items that count as complete.
        applicable: Items in the denominator.
        percent: Their ratio in percent, cut (not rounded) to one decimal; 0 of 0 is 0.
    """

    complete: int
    applicable: int
    percent: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The three scores of one workload.

    Attributes:
        strict: Every item of the catalogue counts; what does not apply counts as incomplete.
        gate: What does not apply (up to the cap), what an any-of group covers and the streaming
            item itself leave the denominator.
        evidence_only: Like ``gate``, with attested items counted as incomplete.
    """

    strict: Share
    gate: Share
    evidence_only: Share


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Pass and attested items of one section, over its items that apply."""

    section: int
    share: Share


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Whether a workload may be promoted to one target, with the arithmetic.

    Attributes:
        outcome: Open, closed, or not decidable from what could be seen.
        reasons: Each a full sentence: the arithmetic first, then what keeps the gate shut.
        complete: Items that count as complete.
        unknown: Items that could not be assessed; they count as not complete.
        applicable: Items in the denominator.
        needed: The least number of complete items that opens the gate.
        floor_failed: Ids of floor items that fail.
        floor_unknown: Ids of floor items that could not be assessed.
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    complete: int
    unknown: int
    applicable: int
    needed: int
    floor_failed: tuple[str, ...]
    floor_unknown: tuple[str, ...]


class Effect(StrEnum):
    """What an attestation does to an item's result. The values are public API."""

    COUNTS = "counts"
    """Nothing could tell, so the person's word makes the item complete."""
    NOT_NEEDED = "not_needed"
    """The item passes by evidence, or does not apply."""
    CONTRADICTED = "contradicted"
    """What was seen says otherwise, and stays."""
    BLIND = "blind"
    """A read failed that could have contradicted it."""
    EXPIRED = "expired"
    """Its last day is before the scan."""
    NOT_YET = "not_yet"
    """Its first day is after the scan."""


class ExceptionReason(StrEnum):
    """Why a finding is left open for a while. The values are public API."""

    RISK_ACCEPTED = "risk_accepted"
    COMPENSATING_CONTROL = "compensating_control"
    FIX_SCHEDULED = "fix_scheduled"
    DEPENDS_ON_OTHERS = "depends_on_others"
    BEING_RETIRED = "being_retired"


class DeclarationKind(StrEnum):
    """What a person may declare about an item. The values are public API."""

    ATTESTATION = "attestation"
    NOT_APPLICABLE = "not_applicable"
    EXCEPTION = "exception"


class Stale(StrEnum):
    """Why a declaration does nothing. The values are public API."""

    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NO_WORKLOAD = "no_workload"


@dataclass(frozen=True, slots=True)
class AttestationNote:
    """A person's word for an item, and what it does to the result.

    Attributes:
        who: Who says so.
        when: The first day it holds.
        link: Where the evidence is.
        statement: What the person says.
        expires: The last day it holds.
        effect: What it does to the result.
    """

    who: str
    when: date
    link: str
    statement: str
    expires: date
    effect: Effect


@dataclass(frozen=True, slots=True)
class ExceptionNote:
    """A finding that is knowingly left open; it changes no status and completes nothing.

    Attributes:
        reason: Why, from a closed list.
        owner: Who answers for it.
        ticket: Where it is followed up.
        scope: What it is limited to.
        statement: More about it; may be empty.
        expires: The last day it holds.
        expired: Whether that day is before the scan.
    """

    reason: ExceptionReason
    owner: str
    ticket: str
    scope: str
    statement: str
    expires: date
    expired: bool


@dataclass(frozen=True, slots=True)
class StaleDeclaration:
    """A declaration of the configuration that does nothing any more, or not yet.

    Attributes:
        kind: What it declares.
        item: The item's id.
        workload: The workload it names, or ``*``.
        who: Who made it or owns it.
        why: Why it does nothing.
        day: The day its validity ended or begins; ``None`` where days do not matter.
    """

    kind: DeclarationKind
    item: str
    workload: str
    who: str
    why: Stale
    day: date | None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The conclusion about one checklist item.

    Attributes:
        id: The item's id in the catalogue, such as ``4.5``.
        title: Its title.
        section: Number of its section.
        scope: Whether it was judged for the workload or inherited from the platform.
        status: The conclusion.
        strength: What the conclusion rests on.
        critical: Whether it needs attention before anything else.
        summary: The conclusion in one sentence.
        observations: The facts behind it.
        gaps: What could not be seen.
        attestation: What a person says about it.
        exception: Why it is knowingly left open.
    """

    id: str
    title: str
    section: int
    scope: Scope
    status: Status
    strength: Strength
    critical: bool
    summary: str
    observations: tuple[Observation, ...]
    gaps: tuple[Gap, ...]
    attestation: AttestationNote | None = None
    exception: ExceptionNote | None = None


Result = ItemResult | ExtendedResult


@dataclass(frozen=True, slots=True)
class WorkloadAudit:
    """All that is concluded about one workload.

    Attributes:
        name: Its name; unique within a region.
        region: Where it lives.
        found_by: ``tag``, ``project``, ``lineage`` or ``mapping``.
        members: The ARNs that belong to it, sorted.
        items: One result for every item of the catalogue, in catalogue order.
        scores: Its three scores.
        sections: Its score by section.
        gates: One decision for each promotion target.
        levels: Where it stands on each ladder of maturity levels.
        lineage: How its parts hang together.
        candidates: What of it may be promoted, by its own record.
        trend: What changed since an earlier audit, where one was given.
    """

    name: str
    region: str
    found_by: str
    members: tuple[str, ...]
    items: tuple[ItemResult, ...]
    scores: Scores
    sections: tuple[SectionScore, ...]
    gates: Mapping[str, GateDecision]
    levels: tuple[LevelReached, ...]
    lineage: LineagePicture
    candidates: tuple[Candidate, ...] = ()
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class PlatformItem:
    """A platform item's result in one region."""

    region: str
    item: ItemResult


@dataclass(frozen=True, slots=True)
class Platform:
    """What is judged once for a region and inherited by its workloads."""

    items: tuple[PlatformItem, ...]


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section of the checklist."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ItemText:
    """What the catalogue says of an item, for readers of a report.

    Attributes:
        id: The item's id.
        title: Its title.
        section: Number of its section.
        asks: What it asks for, in our words.
        counts: What counts as exercised and what as configured; empty without a check.
        next_step: What to do when it is not complete; empty without a check.
        guidance: The page of the guide it comes from.
    """

    id: str
    title: str
    section: int
    asks: str
    counts: str
    next_step: str
    guidance: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole result of a scan.

    Attributes:
        schema_version: Version of this shape.
        catalogue_version: Version of the checklist it was judged by.
        tool_version: The mlaudit that judged.
        account: The AWS account, twelve digits.
        regions: The regions scanned.
        started_at: When reading began (UTC).
        window_days: Length of the evidence window.
        calls: API calls made, and how many of them failed.
        workloads: Every workload found, by name and region.
        lowest: The lowest of each score over the workloads; ``None`` without any.
        rules: What scores and gates are counted by.
        platform: What is judged once for a region.
        orphans: ARNs of ML resources that belong to no workload.
        gaps: Everything that could not be seen.
        blind_spots: The same, joined by read and reason, with what it leaves open.
        sections: The sections of the checklist.
        catalogue: The texts of its items.
        ladders: The maturity levels and what each asks for.
        stale: Declarations that do nothing: they expired, or nothing has their name.
        extended: What is concluded beyond the checklist; a part of no score and no gate.
        extended_catalogue: The texts of what is judged beyond the checklist.
        groups: What documents beside the checklist ask for, as groups of such texts.
    """

    schema_version: int
    catalogue_version: str
    tool_version: str
    account: str
    regions: tuple[str, ...]
    started_at: datetime
    window_days: int
    calls: Mapping[str, int]
    workloads: tuple[WorkloadAudit, ...]
    lowest: Scores | None
    rules: RulesText
    platform: Platform
    orphans: tuple[str, ...]
    gaps: tuple[Gap, ...]
    blind_spots: tuple[BlindSpot, ...]
    sections: tuple[SectionText, ...]
    catalogue: tuple[ItemText, ...]
    ladders: tuple[LadderText, ...]
    stale: tuple[StaleDeclaration, ...] = ()
    extended: tuple[ExtendedResult, ...] = ()
    extended_catalogue: tuple[ExtendedText, ...] = ()
    groups: tuple[GroupText, ...] = ()
