"""Audits to render: one as a scan gives it, and the same with a name somebody chose badly."""

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mlaudit.audit import (
    SCHEMA_VERSION,
    AttestationNote,
    Audit,
    DeclarationKind,
    Effect,
    ExceptionNote,
    ExceptionReason,
    GateDecision,
    ItemResult,
    ItemText,
    Outcome,
    Platform,
    PlatformItem,
    Scope,
    Scores,
    SectionScore,
    SectionText,
    Share,
    Stale,
    StaleDeclaration,
    WorkloadAudit,
)
from mlaudit.beyond import ExtendedResult, ExtendedText, GroupText
from mlaudit.drawing import Edge, LineagePicture, Node
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Strength, Waste
from mlaudit.standing import BlindSpot, LadderText, LevelReached, LevelText
from mlaudit.thresholds import DEFAULT_RULES, told

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
GUIDE = "https://docs.aws.amazon.com/prescriptive-guidance/latest/mlops-checklist/"
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:"
NO_CHECK = Gap("check", "global", "NoCheck", GapReason.NO_CHECK)

SECTIONS = (
    SectionText(1, "Data-centric management"),
    SectionText(4, "Robust pipelines and promotion"),
    SectionText(6, "Continuous monitoring"),
    SectionText(7, "Continuous deployment"),
)
TITLES = {
    "1.1": "Data repository",
    "1.2": "Diverse data source integration",
    "1.3": "Data schema validation",
    "4.5": "Batch inference",
    "4.6": "Streaming promotion",
    "6.1": "Data quality detection",
    "6.errors": "Errors",
    "6.notification": "Notification",
    "7.4": "Canary deployment",
    "7.5": "Shadow deployment",
}

HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "style": "</style><style>*{display:none}</style>",
    "image": '"><img src=x onerror=alert(1)>',
    "quotes": "' onmouseover='alert(1)",
    "link": "javascript:alert(1)",
    "markdown": "[x](javascript:alert(1)) ![y](//evil.example/z) **b** `c` <b>d</b>",
    "pipes": r"a|b\|c||`|`",
    "fence": "x\n```\n# heading\n| a |\n|---|\n\n<h1>y</h1>",
    "rule": "---\n===\n1. one\n- two",
    "mention": "@everyone #1 https://evil.example www.evil.example a@evil.example",
    "template": "{{ 7 * 7 }}{% raw %}",
    "rich": "[bold red]x[/] [link=https://evil.example]y[/link]",
    "ansi": "\x1b[31mred\x1b]8;;https://evil.example\x07y\x9b2J",
    "bidi": "abc\u202edef\u2066ghi",
    "hidden": "a\x00b\u200bc\u2028d\ud800",
    "long": "x" * 10_000,
}


@pytest.fixture
def audit() -> Audit:
    return _audit("fraud-model")


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hostile(hostile_name: str) -> Audit:
    """Build an audit in which every text that an account decides is a badly chosen one."""
    return _audit(hostile_name)


@pytest.fixture
def several_hundred(audit: Audit) -> Audit:
    """Build an audit of a large account."""
    many = tuple(replace(audit.workloads[0], name=f"model-{n}") for n in range(300))
    orphans = tuple(f"{ARN}model/{n}" for n in range(300))
    gaps = tuple(replace(audit.gaps[0], operation=f"s3:Get{n}") for n in range(300))
    spots = tuple(replace(audit.blind_spots[0], operation=f"s3:Get{n}") for n in range(300))
    return replace(audit, workloads=many, orphans=orphans, gaps=gaps, blind_spots=spots)


Shown = Callable[[str], str]
_DATA = re.compile(r'<script type="(application/json|text/plain)"[^>]*>([^<]*)</script>')
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


@pytest.fixture
def shown() -> Shown:
    """Give all that the page of a report can show: its own text and that of its data."""
    return lambda html: "\n".join([_SCRIPT.sub("", _DATA.sub("", html)), *_texts(page_data(html))])


def page_data(html: str) -> list[Any]:
    """Expand the data of a page, in the order in which it stands there."""
    return [
        json.loads(text if kind != "text/plain" else gzip.decompress(base64.b64decode(text)))
        for kind, text in _DATA.findall(html)
    ]


@pytest.fixture
def expanded() -> Callable[[str], list[Any]]:
    """Give the function that expands the data of a page."""
    return page_data


def _texts(data: Any) -> Iterator[str]:
    match data:
        case str():
            yield data
        case dict():
            for each in data.values():
                yield from _texts(each)
        case list():
            for each in data:
                yield from _texts(each)
        case _:
            pass


def _audit(name: str) -> Audit:
    return Audit(
        schema_version=SCHEMA_VERSION,
        catalogue_version="2026.1",
        tool_version="0.1.0",
        account="123456789012",
        regions=("eu-west-1", "us-east-1"),
        started_at=NOW,
        window_days=90,
        calls={"made": 412, "failed": 3},
        workloads=(
            _workload(name, "eu-west-1", Outcome.CANNOT_DECIDE),
            _workload(name, "us-east-1", Outcome.OPEN),
        ),
        lowest=Scores(Share(1, 10, 10.0), Share(2, 9, 22.2), Share(1, 9, 11.1)),
        rules=told(DEFAULT_RULES, ("3.1", "6.1"), "4.6"),
        platform=Platform((PlatformItem("eu-west-1", _item(name, "4.5", Status.PASS)),)),
        orphans=(f"{ARN}endpoint/{name}", f"{ARN}model/forgotten"),
        gaps=_gaps(name),
        blind_spots=(
            BlindSpot(
                operation="s3:GetBucketVersioning",
                reason=GapReason.DENIED,
                codes=("AccessDenied", name),
                regions=("eu-west-1", name),
                count=2,
                items=("1.2", "6.1"),
                allow=("s3:GetBucketVersioning",),
            ),
            BlindSpot(name, GapReason.THROTTLED, (name,), (name,), 1, (), ()),
        ),
        sections=SECTIONS,
        catalogue=tuple(_item_text(each) for each in TITLES),
        ladders=(
            LadderText(
                "maturity",
                "Maturity level",
                "four phases",
                "Below Initial",
                (
                    LevelText("Initial", (("1.1",),)),
                    LevelText("Reliable", (("1.2",), ("7.4", "7.5"))),
                ),
            ),
        ),
        stale=tuple(
            StaleDeclaration(kind, "1.2", name, name, why, day)
            for kind, why, day in (
                (DeclarationKind.ATTESTATION, Stale.EXPIRED, date(2026, 1, 31)),
                (DeclarationKind.EXCEPTION, Stale.NO_WORKLOAD, None),
            )
        ),
        extended=_beyond(name),
        extended_catalogue=(
            ExtendedText("X.1", "Nothing idle", "Ask it.", "Exercised when asked.", "Delete it."),
            ExtendedText("X.2", "All scale", "Let it scale.", "", ""),
            ExtendedText("D.1", "Canaries", "Let few go first.", "Derived from 7.4.", "Do 7.4."),
        ),
        groups=(GroupText("deployment", "Deployment", "an article"),),
    )


def _beyond(name: str) -> tuple[ExtendedResult, ...]:
    seen = _item(name, "4.5", Status.FAIL)
    idle = ExtendedResult(
        id="X.1",
        title="Nothing idle",
        region="eu-west-1",
        workload=name,
        status=Status.FAIL,
        strength=Strength.NONE,
        summary=seen.summary,
        observations=seen.observations,
        gaps=(),
        waste=Waste(1083.95, 0),
    )
    return (
        replace(idle, status=Status.PASS, region="us-east-1", waste=None),
        replace(idle, status=Status.NOT_ASSESSED, workload=None, waste=None, gaps=_gaps(name)),
        replace(
            idle,
            id="X.2",
            title="All scale",
            status=Status.NOT_ASSESSED,
            gaps=(NO_CHECK,),
            waste=None,
        ),
        idle,
        replace(idle, status=Status.PARTIAL, waste=Waste(None, 1)),
        replace(idle, id="D.1", title="Canaries", waste=None, group="deployment"),
    )


def _workload(name: str, region: str, outcome: Outcome) -> WorkloadAudit:
    share = Share(5, 8, 62.5)
    return WorkloadAudit(
        name=name,
        region=region,
        found_by="tag",
        members=(f"{ARN}endpoint/{name}", f"{ARN}model/{name}"),
        items=_items(name),
        scores=Scores(strict=Share(5, 10, 50.0), gate=share, evidence_only=Share(4, 8, 50.0)),
        sections=tuple(SectionScore(section.number, Share(1, 2, 50.0)) for section in SECTIONS),
        gates={"streaming": _gate(name, outcome), "batch": _gate(name, Outcome.OPEN)},
        levels=(
            LevelReached(
                "maturity", "Initial", "Reliable", (("1.2",), ("7.4", "7.5")), (("1.2",),)
            ),
        ),
        lineage=_lineage(name),
    )


def _items(name: str) -> tuple[ItemResult, ...]:
    return (
        _item(name, "1.1", Status.PASS),
        _unchecked("1.2"),
        _item(name, "1.3", Status.PARTIAL),
        replace(
            _item(name, "4.5", Status.PASS, Strength.ATTESTED),
            attestation=_attestation(name, Effect.COUNTS),
        ),
        replace(
            _item(name, "4.6", Status.FAIL, critical=True),
            exception=_exception(name, expired=True),
        ),
        _item(name, "6.1", Status.NOT_ASSESSED),
        _unchecked("6.errors"),
        replace(
            _item(name, "6.notification", Status.FAIL),
            attestation=_attestation(name, Effect.CONTRADICTED),
            exception=_exception(name, expired=False),
        ),
        _item(name, "7.4", Status.PASS),
        _item(name, "7.5", Status.NOT_APPLICABLE),
    )


def _attestation(name: str, effect: Effect) -> AttestationNote:
    link = f"https://evidence.example/{name}"
    return AttestationNote(name, date(2026, 3, 1), link, name, date(2026, 6, 1), effect)


def _exception(name: str, *, expired: bool) -> ExceptionNote:
    reason = ExceptionReason.FIX_SCHEDULED
    day = date(2026, 2, 1) if expired else date(2026, 5, 1)
    return ExceptionNote(reason, name, name, name, name, day, expired)


def _item(
    name: str,
    number: str,
    status: Status,
    strength: Strength = Strength.NONE,
    *,
    critical: bool = False,
) -> ItemResult:
    arn = f"{ARN}endpoint/{name}"
    return ItemResult(
        id=number,
        title=TITLES[number],
        section=int(number[0]),
        scope=Scope.WORKLOAD,
        status=status,
        strength=strength,
        critical=critical,
        summary=f"{name} was looked at.",
        observations=(
            Observation(arn, Grade.EXERCISED, f"{name} shifts 10 %", NOW - timedelta(days=3)),
            Observation(arn, Grade.MISSED, "has no alarm", None),
        ),
        gaps=_gaps(name)[:1] if status is Status.NOT_ASSESSED else (),
    )


def _unchecked(number: str) -> ItemResult:
    return ItemResult(
        id=number,
        title=TITLES[number],
        section=int(number[0]),
        scope=Scope.WORKLOAD,
        status=Status.NOT_ASSESSED,
        strength=Strength.NONE,
        critical=False,
        summary="there is no check for this item yet.",
        observations=(),
        gaps=(NO_CHECK,),
    )


def _gaps(name: str) -> tuple[Gap, ...]:
    operation = "sagemaker:ListMonitoringSchedules"
    denied = "AccessDeniedException"
    return (
        Gap(operation, "eu-west-1", denied, GapReason.DENIED, "a1b2", f"{ARN}endpoint/{name}"),
        Gap(operation, "us-east-1", denied, GapReason.DENIED),
        Gap("s3:GetBucketVersioning", "global", name, GapReason.THROTTLED, None, name),
    )


def _gate(name: str, outcome: Outcome) -> GateDecision:
    return GateDecision(
        outcome=outcome,
        reasons=(
            "5 of 8 applicable items are complete, and 8 are needed.",
            f"{name} may have no data quality monitor.",
        ),
        complete=5,
        unknown=2,
        applicable=8,
        needed=8,
        floor_failed=("6.notification",),
        floor_unknown=("6.1", "6.errors"),
    )


def _lineage(name: str) -> LineagePicture:
    nodes = ("data", "training-job", "model-package", "endpoint", "monitor")
    edges = (
        Edge("data", "training-job", "trains"),
        Edge("training-job", "model-package", "registers"),
        Edge("model-package", "endpoint", "is served by"),
        Edge("data", "endpoint", "baseline of"),
        Edge("endpoint", "data", "captures to"),
    )
    return LineagePicture(tuple(Node(n, n, f"{n} {name}", name) for n in nodes), edges)


def _item_text(number: str) -> ItemText:
    return ItemText(
        id=number,
        title=TITLES[number],
        section=int(number[0]),
        asks="Releases reach a small share of the traffic first.",
        counts="Exercised: a shift finished in the window. Configured: a shift is set up.",
        next_step="Set a canary in the deployment config of the endpoint.",
        guidance=f"{GUIDE}continuous-deployment.html",
    )
