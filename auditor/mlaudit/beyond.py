"""What is concluded beyond the checklist: never a part of a score, a gate or a denominator."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.model import Gap, Observation, Status, Strength, Waste


@dataclass(frozen=True, slots=True)
class ExtendedResult:
    """The conclusion about one thing that the checklist does not ask for.

    Attributes:
        id: Its id, such as ``X.1`` in the extended catalogue and ``D.1`` for a practice.
        title: Its title.
        region: Where it was judged.
        workload: The workload it was judged for; ``None`` for the region as a whole.
        status: The conclusion.
        strength: What the conclusion rests on.
        summary: The conclusion in one sentence.
        observations: The facts behind it.
        gaps: What could not be seen.
        waste: What is paid for nothing; ``None`` where it is not about money.
        group: The group of practices it belongs to; empty for an entry of the extended catalogue.
    """

    id: str
    title: str
    region: str
    workload: str | None
    status: Status
    strength: Strength
    summary: str
    observations: tuple[Observation, ...]
    gaps: tuple[Gap, ...]
    waste: Waste | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class ExtendedText:
    """What the extended catalogue says of an entry, for readers of a report.

    Attributes:
        id: Its id.
        title: Its title.
        asks: What it asks for.
        counts: What counts as exercised and what as configured, or the results it is derived
            from; empty without either.
        next_step: What to do when it is not complete; empty without a check.
    """

    id: str
    title: str
    asks: str
    counts: str
    next_step: str


@dataclass(frozen=True, slots=True)
class GroupText:
    """Practices of one document: told as facts, in place or not.

    Attributes:
        id: Its id.
        title: What the practices are about.
        source: Which document asks for them; the wording is ours.
    """

    id: str
    title: str
    source: str
