"""One item, one workload: a check gets what it asks for, and its mistakes stay its own."""

import logging
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.serving import RealTimeVariant, real_time_variants
from mlaudit.capabilities.streaming import StreamingGate
from mlaudit.catalog import check
from mlaudit.engine import assess
from mlaudit.evidence import Evidence, for_all, verdict
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Verdict
from mlaudit.resources import Endpoint
from mlaudit.sight import Region, View
from mlaudit.snapshot import SnapshotScope, snapshot_of

NOW = datetime(2026, 3, 14, tzinfo=UTC)
REGION = "eu-west-1"


def endpoint(name: str) -> Endpoint:
    arn = f"arn:aws:sagemaker:{REGION}:123456789012:endpoint/{name}"
    return Endpoint(arn, REGION, name, {}, "InService", None, (), NOW, NOW)


OURS, THEIRS = endpoint("ours"), endpoint("theirs")


@pytest.fixture
def view() -> View:
    """A workload of one endpoint, in a region where nothing else was asked for."""
    scope = SnapshotScope(
        account="123456789012",
        caller="arn:aws:iam::123456789012:role/auditor",
        regions=(REGION,),
        started_at=NOW,
        window_days=90,
        tag_keys=(),
        tool_version="0",
        collected=(),
        calls=(),
    )
    return View(Region(snapshot_of(scope, (OURS, THEIRS), ()), REGION), frozenset({OURS.arn}))


def test_an_item_without_a_check_is_not_assessed(view: View) -> None:
    found = assess(None, view)
    assert (found.status, found.summary) == (Status.NOT_ASSESSED, "no check yet")
    assert [(gap.region, gap.reason) for gap in found.gaps] == [(REGION, GapReason.NO_CHECK)]


@check("4.5")
def crashing(endpoints: Evidence[Endpoint]) -> Verdict:
    return for_all(endpoints, lambda each: Observation(each.tags["owner"], Grade.MISSED, ""))


def test_a_check_that_crashes_is_not_assessed_and_logged(
    view: View, caplog: pytest.LogCaptureFixture
) -> None:
    found = assess(crashing, view)
    assert found.status is Status.NOT_ASSESSED
    assert found.gaps == (Gap("mlaudit:check", REGION, "KeyError", GapReason.CRASHED),)
    assert found.summary == "could not be seen: mlaudit:check (crashed)"
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "the check of item 4.5 failed"
    assert record.exc_info
    assert record.exc_info[0] is KeyError


@check("4.5")
def interrupted(_endpoints: Evidence[Endpoint]) -> Verdict:
    raise KeyboardInterrupt


def test_whoever_ends_the_scan_is_not_mistaken_for_a_crash(view: View) -> None:
    with pytest.raises(KeyboardInterrupt):
        assess(interrupted, view)


@check("4.5")
def listing(endpoints: Evidence[Endpoint], variants: Evidence[RealTimeVariant]) -> Verdict:
    seen = tuple(Observation(each.arn, Grade.EXERCISED, each.name) for each in endpoints.items)
    return verdict(Status.PARTIAL, seen, endpoints.gaps + variants.gaps)


def test_a_check_gets_what_can_be_seen_of_its_workload_and_what_cannot(view: View) -> None:
    found = assess(listing, view)
    assert [each.arn for each in found.observations] == [OURS.arn]
    assert found.gaps == view.gaps(Endpoint) + real_time_variants(view).gaps
    assert {gap.reason for gap in found.gaps} == {GapReason.NOT_ASKED}


@check("4.6")
def gated(gate: StreamingGate) -> Verdict:
    return gate.verdict


def test_a_check_gets_what_is_known_beside_the_evidence(view: View) -> None:
    decision = verdict(Status.PASS, (Observation("fraud", Grade.EXERCISED, "it is open"),))
    assert assess(gated, view, {StreamingGate: StreamingGate(decision)}) is decision


@check("4.5")
def missing(endpoints: Evidence[Endpoint]) -> Verdict:
    return for_all(endpoints, lambda each: Observation(each.arn, Grade.MISSED, "does nothing"))


def test_a_failure_that_more_sight_could_soften_is_not_assessed(view: View) -> None:
    assert missing.function(view.of(Endpoint)).status is Status.FAIL
    found = assess(missing, view)
    assert found.status is Status.NOT_ASSESSED
    assert [each.fact for each in found.observations] == ["does nothing"]
    assert found.gaps == view.of(Endpoint).gaps
