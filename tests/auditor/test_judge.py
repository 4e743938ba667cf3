"""From a snapshot to an audit: pure, complete, and moved by one fact at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlaudit.audit import Audit, Outcome, Scope
from mlaudit.catalog import Catalogue
from mlaudit.judge import Settings, judge
from mlaudit.model import GapReason, Status
from mlaudit.resources import (
    Endpoint,
    EventSourceMapping,
    Function,
    KinesisStream,
    LogGroup,
    LogStream,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    Traffic,
    TrainingJob,
)
from mlaudit.score import lowest
from mlaudit.snapshot import Snapshot, read_snapshot, write_snapshot
from mlaudit.testing import REGION, arn_of, build, gap, serving, snapshot
from mlaudit.thresholds import DEFAULT_PERCENT, DEFAULT_RULES, Target
from mlaudit_reports.as_json import render

ON_E = "endpoint/e/variant/main"
E = arn_of(Endpoint, "e")
TAGGED = {"tags": {"mlaudit:workload": "fraud"}}
OTHER = {"tags": {"mlaudit:workload": "other"}}

SCALED: tuple[Resource, ...] = (
    *serving("e", endpoint=TAGGED),
    build(ScalableTarget, resource_id=ON_E, minimum=1, maximum=4),
    build(ScalingPolicy, resource_id=ON_E, metric="Invocations"),
    build(Traffic, arn=f"{E}#main", endpoint_arn=E, variant_name="main", requests=9.0),
)


def status(audit: Audit, item: str, workload: str = "fraud") -> Status:
    (found,) = [each for each in audit.workloads if each.name == workload]
    return next(each.status for each in found.items if each.id == item)


@pytest.fixture
def seen() -> Snapshot:
    return snapshot(*SCALED, *serving("o", endpoint=OTHER), build(TrainingJob, "orphan"))


def test_the_same_snapshot_gives_the_same_bytes(seen: Snapshot, catalogue: Catalogue) -> None:
    shuffled = snapshot(*reversed(seen.resources))
    assert render(judge(seen, catalogue)) == render(judge(shuffled, catalogue))


def test_a_replayed_snapshot_gives_the_same_bytes(
    seen: Snapshot, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("replay") / "seen.json.gz"
    write_snapshot(seen, path)
    assert render(judge(read_snapshot(path), catalogue)) == render(judge(seen, catalogue))


def test_every_workload_has_every_item_in_order(seen: Snapshot, catalogue: Catalogue) -> None:
    audit = judge(seen, catalogue)
    assert [each.name for each in audit.workloads] == ["fraud", "other"]
    for workload in audit.workloads:
        assert [each.id for each in workload.items] == [each.id for each in catalogue.items]
    assert [each.id for each in audit.catalogue] == [each.id for each in catalogue.items]


def test_platform_items_are_inherited(seen: Snapshot, catalogue: Catalogue) -> None:
    audit = judge(seen, catalogue)
    platform = {each.item.id: each.item for each in audit.platform.items}
    assert set(platform) == {each.id for each in catalogue.items if each.scope is Scope.PLATFORM}
    for workload in audit.workloads:
        inherited = {each.id: each for each in workload.items if each.id in platform}
        assert inherited == platform


def test_what_belongs_to_nobody_is_listed(seen: Snapshot, catalogue: Catalogue) -> None:
    assert judge(seen, catalogue).orphans == (arn_of(TrainingJob, "orphan"),)


def test_nothing_seen_is_an_audit_of_nothing(catalogue: Catalogue) -> None:
    audit = judge(snapshot(), catalogue)
    assert (audit.workloads, audit.orphans, audit.gaps) == ((), (), ())
    assert audit.calls == {"made": 1, "failed": 0}


def test_all_gaps_are_told(catalogue: Catalogue) -> None:
    gaps = (gap("a:B"), gap("c:D", region="us-east-1"))
    assert judge(snapshot(gaps=gaps), catalogue).gaps == gaps


def test_the_settings_decide_how_workloads_are_found(catalogue: Catalogue) -> None:
    seen = snapshot(build(TrainingJob, "j1"), build(Endpoint, "e", tags={"team": "x"}))
    audit = judge(seen, catalogue, Settings(("team",), {"mine": ["j*"]}))
    assert [(each.name, each.found_by) for each in audit.workloads] == [
        ("mine", "mapping"),
        ("x", "tag"),
    ]


FLIPS: dict[str, tuple[tuple[Resource, ...], Status]] = {
    "scaled and used": (SCALED, Status.PASS),
    "no policy": (
        tuple(each for each in SCALED if not isinstance(each, ScalingPolicy)),
        Status.PARTIAL,
    ),
    "no endpoint in service": (
        (*serving("e", endpoint={**TAGGED, "status": "Failed"}), *SCALED[3:]),
        Status.NOT_APPLICABLE,
    ),
}


@pytest.mark.parametrize(("resources", "expected"), FLIPS.values(), ids=FLIPS)
def test_one_fact_changes_the_verdict(
    resources: tuple[Resource, ...], expected: Status, catalogue: Catalogue
) -> None:
    assert status(judge(snapshot(*resources), catalogue), "4.5") is expected


@pytest.mark.parametrize(
    ("operation", "subject", "expected"),
    [
        ("cloudwatch:GetMetricData", None, Status.NOT_ASSESSED),
        ("cloudwatch:GetMetricData", E, Status.NOT_ASSESSED),
        ("cloudwatch:GetMetricData", arn_of(Endpoint, "o"), Status.PASS),
        ("sagemaker:DescribeEndpointConfig", arn_of(Endpoint, "o"), Status.PASS),
        ("sagemaker:DescribeEndpointConfig", "arn:unknown", Status.NOT_ASSESSED),
        ("application-autoscaling:DescribeScalableTargets", None, Status.NOT_ASSESSED),
        ("glue:GetTables", None, Status.PASS),
    ],
)
def test_a_gap_changes_the_verdict_where_it_matters(
    operation: str, subject: str | None, expected: Status, catalogue: Catalogue
) -> None:
    missing = gap(operation, subject)
    others = (
        *serving("o", endpoint=OTHER),
        build(
            Traffic,
            arn=f"{arn_of(Endpoint, 'o')}#main",
            endpoint_arn=arn_of(Endpoint, "o"),
            variant_name="main",
        ),
    )
    audit = judge(snapshot(*SCALED, *others, gaps=[missing]), catalogue)
    assert status(audit, "4.5") is expected


def test_a_gap_about_what_several_share_matters_to_each(catalogue: Catalogue) -> None:
    group = "/aws/sagemaker/TrainingJobs"
    shared = build(LogGroup, group, tags={"mlaudit:workload": "other"}, retention_days=30)
    resources = (
        *serving("o", endpoint=OTHER),
        build(TrainingJob, "j", tags={"mlaudit:workload": "fraud"}),
        shared,
    )
    blind = snapshot(*resources, gaps=[gap("logs:DescribeLogStreams", shared.arn)])
    assert status(judge(snapshot(*resources), catalogue), "4.11") is Status.FAIL
    assert status(judge(blind, catalogue), "4.11") is Status.NOT_ASSESSED


def test_logs_of_one_workload_are_not_those_of_another(catalogue: Catalogue) -> None:
    group = "/aws/sagemaker/TrainingJobs"
    resources = (
        build(TrainingJob, "logs", tags={"mlaudit:workload": "fraud"}),
        build(TrainingJob, "silent", tags={"mlaudit:workload": "other"}),
        build(LogGroup, group, retention_days=30),
        build(LogStream, "logs/algo-1", group_name=group),
    )
    audit = judge(snapshot(*resources), catalogue)
    assert status(audit, "4.11") is Status.PASS
    assert status(audit, "4.11", "other") is Status.FAIL


STREAM: tuple[Resource, ...] = (
    build(KinesisStream, "s"),
    build(
        EventSourceMapping,
        source_arn=arn_of(KinesisStream, "s"),
        function_arn=arn_of(Function, "f"),
    ),
    build(Function, "f", endpoint_names=("e",)),
)


def test_a_live_stream_before_an_undecided_gate_is_no_pass(catalogue: Catalogue) -> None:
    audit = judge(snapshot(*SCALED, *STREAM), catalogue)
    (workload,) = audit.workloads
    assert workload.gates["streaming"].outcome is not Outcome.OPEN
    assert status(audit, "4.6") in {Status.FAIL, Status.NOT_ASSESSED}


def test_a_lower_threshold_opens_its_gate_and_the_item_of_the_guide_asks_what_it_asked(
    catalogue: Catalogue,
) -> None:
    lax = replace(DEFAULT_RULES, percent={**DEFAULT_PERCENT, Target.STREAMING: 1}, floor=False)
    seen = snapshot(*SCALED, *STREAM)
    audit, usual = judge(seen, catalogue, Settings(rules=lax)), judge(seen, catalogue)
    assert audit.workloads[0].gates["streaming"].outcome is Outcome.OPEN
    assert status(audit, "4.6") is status(usual, "4.6")
    assert status(audit, "4.6") is not Status.PASS
    assert audit.rules.floor == ()
    assert [(each.target, each.percent, each.default) for each in audit.rules.targets][:2] == [
        (Target.STREAMING, 1, 90),
        (Target.REALTIME, 80, 80),
    ]
    assert set(usual.rules.floor) == catalogue.floor


def test_the_cap_of_the_rules_is_that_of_the_scores(seen: Snapshot, catalogue: Catalogue) -> None:
    none_left_out = Settings(rules=replace(DEFAULT_RULES, cap_percent=0))
    capped, usual = judge(seen, catalogue, none_left_out), judge(seen, catalogue)
    for one, other in zip(capped.workloads, usual.workloads, strict=True):
        assert one.scores.gate.applicable == one.gates["streaming"].applicable
        assert one.scores.gate.applicable > other.scores.gate.applicable
    assert capped.rules.cap_percent == 0


def test_every_target_has_its_gate_and_the_account_its_lowest_scores(
    seen: Snapshot, catalogue: Catalogue
) -> None:
    audit = judge(seen, catalogue)
    fraud, other = audit.workloads
    assert set(fraud.gates) == set(Target)
    assert audit.lowest == lowest([fraud.scores, other.scores])
    assert audit.lowest == other.scores != fraud.scores


def test_two_regions_are_judged_apart(catalogue: Catalogue) -> None:
    other = "us-east-1"
    resources = [*SCALED, *(replace(each, region=other) for each in SCALED)]
    missing = gap("cloudwatch:GetMetricData", region=other)
    audit = judge(snapshot(*resources, gaps=[missing], regions=(other, REGION)), catalogue)
    found = [
        (each.region, item.status)
        for each in audit.workloads
        for item in each.items
        if item.id == "4.5"
    ]
    assert found == [(REGION, Status.PASS), (other, Status.NOT_ASSESSED)]


def test_a_collector_that_did_not_run_is_a_gap(catalogue: Catalogue) -> None:
    audit = judge(snapshot(*SCALED, without=["traffic"]), catalogue)
    assert status(audit, "4.5") is Status.NOT_ASSESSED
    (workload,) = audit.workloads
    gaps = next(each.gaps for each in workload.items if each.id == "4.5")
    assert [each.reason for each in gaps] == [GapReason.NOT_ASKED]
