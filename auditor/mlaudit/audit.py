"""The audit: the whole result of a scan, and the only input of reports, gates and plans.

Its JSON form is a public contract, described by ``schemas/audit.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mlaudit.model import Gap, Observation, Status, Strength

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


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the lineage picture; ``kind`` is a resource type, ``data`` or ``image``."""

    id: str
    kind: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation in the lineage picture, read as *source relation target*."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class LineagePicture:
    """How the parts of a workload hang together."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


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
        lineage: How its parts hang together.
    """

    name: str
    region: str
    found_by: str
    members: tuple[str, ...]
    items: tuple[ItemResult, ...]
    scores: Scores
    sections: tuple[SectionScore, ...]
    gates: Mapping[str, GateDecision]
    lineage: LineagePicture


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
        platform: What is judged once for a region.
        orphans: ARNs of ML resources that belong to no workload.
        gaps: Everything that could not be seen.
        sections: The sections of the checklist.
        catalogue: The texts of its items.
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
    platform: Platform
    orphans: tuple[str, ...]
    gaps: tuple[Gap, ...]
    sections: tuple[SectionText, ...]
    catalogue: tuple[ItemText, ...]
