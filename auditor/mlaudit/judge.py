"""From a snapshot to an audit: slice, assess, score, decide. Pure: same input, same output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from mlaudit import __version__
from mlaudit.audit import (
    SCHEMA_VERSION,
    Audit,
    ItemResult,
    ItemText,
    Platform,
    PlatformItem,
    Result,
    Scope,
    SectionText,
    WorkloadAudit,
)
from mlaudit.beyond import ExtendedResult, ExtendedText
from mlaudit.blindness import blind_spots
from mlaudit.candidates import candidates
from mlaudit.capabilities.streaming import StreamingGate
from mlaudit.catalog import Catalogue, Item, Ladder
from mlaudit.declarations import EVERY_WORKLOAD, Declarations, declared, stale
from mlaudit.derived import derived, strength_of
from mlaudit.engine import assess
from mlaudit.gate import gate, gate_verdict
from mlaudit.levels import level_on
from mlaudit.model import Grade, Verdict
from mlaudit.score import lowest, scores_of, section_scores
from mlaudit.sight import Region, View
from mlaudit.snapshot import Snapshot
from mlaudit.standing import LadderText, LevelText
from mlaudit.thresholds import DEFAULT_RULES, Rules, Target, told
from mlaudit.workloads import TAG_KEYS, Workload, views_of


@dataclass(frozen=True)
class Settings:
    """What a user decides about judging.

    Attributes:
        tag_keys: The tag keys that name a workload, the strongest first.
        mapping: Patterns of names or ARNs for each workload's name.
        declarations: What people declare about items.
        rules: What scores and gates are counted by.
    """

    tag_keys: tuple[str, ...] = TAG_KEYS
    mapping: Mapping[str, Sequence[str]] = field(default_factory=dict)
    declarations: Declarations = field(default_factory=Declarations)
    rules: Rules = DEFAULT_RULES


def judge(snapshot: Snapshot, catalogue: Catalogue, settings: Settings | None = None) -> Audit:
    """Judge everything a snapshot shows."""
    settings = settings or Settings()
    workloads: list[WorkloadAudit] = []
    platform: list[PlatformItem] = []
    orphans: list[str] = []
    extended: list[ExtendedResult] = []
    declare = partial(_declare, settings.declarations, snapshot.scope.started_at)
    for name in snapshot.scope.regions:
        region = Region(snapshot, name)
        shared = _platform_items(region, catalogue)
        platform += [PlatformItem(name, declare(EVERY_WORKLOAD, item)) for item in shared.values()]
        inherited = {id_: _in_short(item) for id_, item in shared.items()}
        found, views = views_of(region, settings.tag_keys, settings.mapping)
        orphans += found.orphans
        region_wide = _beyond(View(region, None), catalogue, ())
        extended += region_wide
        for each, view in zip(found.workloads, views, strict=True):
            deciding = _Deciding(catalogue, settings.rules, partial(declare, each.name))
            audited = _audited(each, view, deciding, inherited)
            beyond = _beyond(view, catalogue, (*region_wide, *audited.items))
            workloads.append(_on_ladders(audited, catalogue, beyond))
            extended += beyond
    return Audit(
        schema_version=SCHEMA_VERSION,
        catalogue_version=catalogue.version,
        tool_version=__version__,
        account=snapshot.scope.account,
        regions=snapshot.scope.regions,
        started_at=snapshot.scope.started_at,
        window_days=snapshot.scope.window_days,
        calls={
            "made": sum(each.made for each in snapshot.scope.calls),
            "failed": sum(each.failed for each in snapshot.scope.calls),
        },
        workloads=tuple(sorted(workloads, key=lambda each: (each.name, each.region))),
        lowest=lowest(each.scores for each in workloads),
        rules=told(settings.rules, _floor(catalogue), catalogue.streaming_item, catalogue.any_of),
        platform=Platform(tuple(platform)),
        orphans=tuple(sorted(orphans)),
        gaps=snapshot.gaps,
        blind_spots=blind_spots(snapshot.gaps, _in_catalogue_order(catalogue, workloads, platform)),
        sections=tuple(SectionText(*each) for each in sorted(catalogue.sections.items())),
        catalogue=tuple(_text(item, catalogue) for item in catalogue.items),
        ladders=tuple(_ladder_text(ladder) for ladder in catalogue.ladders),
        stale=stale(
            settings.declarations, {each.name for each in workloads}, snapshot.scope.started_at
        ),
        extended=tuple(extended),
        extended_catalogue=tuple(_extended_text(item, catalogue) for item in catalogue.extended),
        groups=catalogue.groups,
    )


def _in_catalogue_order(
    catalogue: Catalogue, workloads: Iterable[WorkloadAudit], platform: Iterable[PlatformItem]
) -> list[ItemResult]:
    place = {item.id: number for number, item in enumerate(catalogue.items)}
    found = [item for each in workloads for item in each.items]
    return sorted([*found, *(each.item for each in platform)], key=lambda item: place[item.id])


def _floor(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(item.id for item in catalogue.items if item.id in catalogue.floor)


def _platform_items(region: Region, catalogue: Catalogue) -> dict[str, ItemResult]:
    view = View(region, None)
    return {
        item.id: _result(item, assess(catalogue.checks.get(item.id), view))
        for item in catalogue.items
        if item.scope is Scope.PLATFORM
    }


def _in_short(item: ItemResult) -> ItemResult:
    """A platform item as its workloads show it: the strongest facts; the platform has them all."""
    strongest = sorted(item.observations, key=lambda seen: _STRENGTH[seen.grade])
    return replace(item, observations=tuple(strongest[:_FACTS_INHERITED]))


_STRENGTH = {grade: place for place, grade in enumerate(Grade)}
_FACTS_INHERITED = 5


def _declare(
    declarations: Declarations, started_at: datetime, workload: str, item: ItemResult
) -> ItemResult:
    return declared(item, declarations, workload, started_at)


@dataclass(frozen=True)
class _Deciding:
    """What decides about one workload beside its evidence."""

    catalogue: Catalogue
    rules: Rules
    declare: Callable[[ItemResult], ItemResult]


def _audited(
    workload: Workload, view: View, deciding: _Deciding, shared: Mapping[str, ItemResult]
) -> WorkloadAudit:
    catalogue, rules, declare = deciding.catalogue, deciding.rules, deciding.declare
    streaming = catalogue.streaming_item
    results = {
        item.id: declare(
            shared.get(item.id) or _result(item, assess(catalogue.checks.get(item.id), view))
        )
        for item in catalogue.items
        if item.id != streaming
    }
    counting = tuple(results.values())
    by_guide = gate(counting, catalogue, rules.of_the_guide)
    whose = "" if rules == rules.of_the_guide else " by the threshold of the guide"
    concluded = gate_verdict(by_guide, workload.name, workload.region, whose)
    given: dict[type, Any] = {StreamingGate: StreamingGate(concluded)}
    items = tuple(
        results.get(item.id)
        or declare(_result(item, assess(catalogue.checks.get(item.id), view, given)))
        for item in catalogue.items
    )
    return WorkloadAudit(
        name=workload.name,
        region=workload.region,
        found_by=workload.found_by,
        members=tuple(sorted(workload.members)),
        items=items,
        scores=scores_of(items, catalogue, rules.cap_percent),
        sections=section_scores(items, catalogue),
        gates={each.value: gate(counting, catalogue, rules, each) for each in Target},
        levels=(),
        lineage=view.lineage.picture(workload.members),
        candidates=candidates(view),
    )


def _on_ladders(
    audited: WorkloadAudit, catalogue: Catalogue, beyond: tuple[ExtendedResult, ...]
) -> WorkloadAudit:
    results: tuple[Result, ...] = (*audited.items, *beyond)
    return replace(audited, levels=tuple(level_on(each, results) for each in catalogue.ladders))


def _beyond(
    view: View, catalogue: Catalogue, known: Iterable[Result]
) -> tuple[ExtendedResult, ...]:
    """What is judged beyond the checklist; the view of no workload is for the platform."""
    scope = Scope.PLATFORM if view.workload is None else Scope.WORKLOAD
    entries = [item for item in catalogue.extended if item.scope is scope]
    results = {each.id: each for each in known}
    found: list[ExtendedResult] = []
    for item in entries:
        found.append(_extended(item, view, catalogue, results))
        results[item.id] = found[-1]
    return tuple(found)


def _extended(
    item: Item, view: View, catalogue: Catalogue, results: Mapping[str, Result]
) -> ExtendedResult:
    if item.made_of:
        verdict = derived(item.made_of, results)
    else:
        verdict = assess(catalogue.extended_checks.get(item.id), view)
    return ExtendedResult(
        id=item.id,
        title=item.title,
        region=view.region.name,
        workload=view.workload,
        status=verdict.status,
        strength=strength_of(verdict, item.made_of, results),
        summary=verdict.summary,
        observations=verdict.observations,
        gaps=verdict.gaps,
        waste=verdict.waste,
        group=item.group,
    )


def _result(item: Item, verdict: Verdict) -> ItemResult:
    return ItemResult(
        id=item.id,
        title=item.title,
        section=item.section,
        scope=item.scope,
        status=verdict.status,
        strength=verdict.strength,
        critical=verdict.critical,
        summary=verdict.summary,
        observations=verdict.observations,
        gaps=verdict.gaps,
    )


def _text(item: Item, catalogue: Catalogue) -> ItemText:
    check = catalogue.checks.get(item.id)
    return ItemText(
        id=item.id,
        title=item.title,
        section=item.section,
        asks=item.asks,
        counts=check.rationale if check else "",
        next_step=item.next_step,
        guidance=item.guidance,
    )


def _ladder_text(ladder: Ladder) -> LadderText:
    levels = tuple(LevelText(each.name, each.requires) for each in ladder.levels)
    return LadderText(ladder.id, ladder.title, ladder.source, ladder.start, levels)


def _extended_text(item: Item, catalogue: Catalogue) -> ExtendedText:
    check = catalogue.extended_checks.get(item.id)
    resting = f"Derived from {item.rests_on}." if item.made_of else ""
    counts = check.rationale if check else resting
    step = item.next_step or f"Complete {item.rests_on}." * bool(item.made_of)
    return ExtendedText(item.id, item.title, item.asks, counts, step)
