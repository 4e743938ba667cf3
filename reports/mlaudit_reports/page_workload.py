"""All of one workload as the HTML page carries it, expanded when somebody opens it."""

from collections.abc import Iterator, Sequence
from typing import Any

from mlaudit.audit import Audit, GateDecision, Share, WorkloadAudit
from mlaudit.beyond import ExtendedResult
from mlaudit.versions import Candidate
from mlaudit_reports import beyond, grouping, lineage_data, to_streaming, words
from mlaudit_reports.inert import visible
from mlaudit_reports.page_rows import moment, rows

_SCORES = (
    ("Strict", "every item counts"),
    ("Gate score", "what does not apply is left out"),
    ("Evidence only", "without attested items"),
)

Parts = dict[str, Any]


def detail(
    workload: WorkloadAudit, audit: Audit, anchor: str, more: Sequence[ExtendedResult]
) -> Parts:
    """All that is told of one workload."""
    ladders = {ladder.id: ladder.title for ladder in audit.ladders}
    titles = {section.number: section.title for section in audit.sections}
    return {
        "at": anchor,
        "name": visible(workload.name),
        "sub": visible(_sub(workload)),
        "warnings": [visible(fact) for fact in beyond.retiring(more)],
        "scores": [
            [name, *share(score), says]
            for (name, says), score in zip(_SCORES, scores(workload), strict=True)
        ],
        "gates": [_gate(target, gate) for target, gate in grouping.gates(workload)],
        "sections": [
            [each.section, visible(titles.get(each.section, "")), *share(each.share)]
            for each in workload.sections
        ],
        "levels": [
            [visible(ladders.get(each.ladder, each.ladder)), visible(words.level(each))]
            for each in workload.levels
        ],
        "steps": [
            [visible(each.item), each.effort, each.required, visible(each.do, 1000)]
            for each in to_streaming.steps(workload, audit)
        ],
        "candidates": [_candidate(each) for each in workload.candidates],
        "lineage": _lineage(workload),
        "members": [visible(arn) for arn in workload.members],
        "items": rows(workload.items, anchor),
        "more": rows(more, anchor),
    }


def _sub(workload: WorkloadAudit) -> str:
    counts = (words.counted(workload.items, s) for s in grouping.status_counts(workload.items))
    members = words.number(len(workload.members), "member")
    said = (f"in {workload.region}", f"found by {workload.found_by}", members, *counts)
    return ". ".join((", ".join(said), *_changed(workload)))


def _changed(workload: WorkloadAudit) -> Iterator[str]:
    """What became worse and better since an earlier audit, where one was given."""
    if workload.trend:
        yield words.trend(workload.trend).capitalize()
        for name, ids in (("Worse", workload.trend.worse), ("Better", workload.trend.better)):
            if ids:
                yield f"{name}: {', '.join(ids)}"


def _gate(target: str, gate: GateDecision) -> Parts:
    return {
        "target": visible(target),
        "outcome": gate.outcome.value,
        "counts": [gate.complete, gate.needed, gate.applicable, gate.unknown],
        "reasons": [visible(reason) for reason in gate.reasons],
        "failed": [visible(each) for each in gate.floor_failed],
        "unknown": [visible(each) for each in gate.floor_unknown],
    }


def _candidate(candidate: Candidate) -> Parts:
    return {
        "name": visible(candidate.name),
        "arn": visible(candidate.arn),
        "created": moment(candidate.created_at),
        "serves": [visible(each) for each in candidate.serves],
        "asked": [
            [visible(each.need.value), visible(each.item), each.status.value, visible(each.summary)]
            for each in candidate.requirements
        ],
    }


def _lineage(workload: WorkloadAudit) -> Parts:
    picture = workload.lineage
    there = [(node, "") for node in picture.nodes]
    wanted = lineage_data.ghosts(workload)
    nodes = there + [(each.node, each.state) for each in wanted]
    edges = [(each, "") for each in lineage_data.joined(picture)]
    edges += [(edge, each.state) for each in wanted for edge in each.edges]
    places = {node.id: place for place, (node, _) in enumerate(nodes)}
    return {
        "nodes": [
            [
                visible(node.kind),
                visible(node.label),
                visible(node.detail),
                lineage_data.tone(node.kind),
                state,
                "" if state else visible(node.id),
            ]
            for node, state in nodes
        ],
        "edges": [
            [places[edge.source], places[edge.target], visible(edge.relation), state]
            for edge, state in edges
        ],
        "told": [[visible(part) for part in each] for each in lineage_data.told(picture)],
        "alone": [
            [visible(each.kind), visible(each.label)] for each in lineage_data.alone(picture)
        ],
    }


def share(value: Share) -> list[float]:
    """A score as the fraction it is, and in percent."""
    return [value.complete, value.applicable, value.percent]


def scores(workload: WorkloadAudit) -> tuple[Share, Share, Share]:
    """The three scores, in the order in which they are shown."""
    return (workload.scores.strict, workload.scores.gate, workload.scores.evidence_only)
