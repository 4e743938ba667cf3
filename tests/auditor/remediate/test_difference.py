"""What differs between two snapshots, and a snapshot to which the same happens."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.remediate.difference import difference, identity_of, laid_over, with_tags
from mlaudit.resources import Alarm, Endpoint, LogGroup, Resource, ResourceTags, TrainingJob
from mlaudit.snapshot import Snapshot, dump_snapshot
from mlaudit.testing import NOW, build, gap, snapshot

WEST, EAST = "eu-west-1", "us-east-1"
DAYS = [None, 30, 180]

_names = st.sampled_from(["one", "two", "three"])
_regions = st.sampled_from([WEST, EAST])
_groups = st.builds(
    lambda name, region, days, tags: build(
        LogGroup, name, region=region, retention_days=days, tags=tags
    ),
    _names,
    _regions,
    st.sampled_from(DAYS),
    st.dictionaries(_names, _names, max_size=2),
)
_endpoints = st.builds(
    lambda name, region, status, config: build(
        Endpoint, name, region=region, status=status, config_name=config
    ),
    _names,
    _regions,
    st.sampled_from(["InService", "Failed"]),
    st.none() | _names,
)
_snapshots = st.lists(_groups | _endpoints, max_size=8).map(
    lambda found: snapshot(*found, regions=(WEST, EAST))
)


@given(_snapshots)
def test_nothing_differs_from_itself(one: Snapshot) -> None:
    found = difference(one, one)
    assert found.is_empty
    assert laid_over(one, found) == one


@given(_snapshots, _snapshots)
def test_laying_a_difference_over_what_it_begins_with_gives_what_it_ends_with(
    one: Snapshot, other: Snapshot
) -> None:
    assert laid_over(one, difference(one, other)).resources == other.resources


@given(_snapshots, _snapshots, _snapshots)
def test_laying_over_twice_is_laying_over_once(
    scanned: Snapshot, one: Snapshot, other: Snapshot
) -> None:
    found = difference(one, other)
    once = laid_over(scanned, found)
    assert laid_over(once, found) == once


@given(_snapshots, _snapshots, _snapshots)
def test_what_a_rehearsal_does_not_touch_stays_as_it_was_seen(
    scanned: Snapshot, one: Snapshot, other: Snapshot
) -> None:
    found = difference(one, other)
    touched = {
        *map(identity_of, found.added),
        *found.vanished,
        *(each.identity for each in found.altered),
    }
    after = laid_over(scanned, found).resources
    for each in scanned.resources:
        assert identity_of(each) in touched or each in after


LOGS = build(LogGroup, "logs", retention_days=None)
KEPT = replace(LOGS, retention_days=180)


def test_only_the_fields_that_differ_are_taken_over() -> None:
    seen = replace(LOGS, tags={"team": "fraud"})
    after = laid_over(snapshot(seen), difference(snapshot(LOGS), snapshot(KEPT)))
    assert after.resources == (replace(seen, retention_days=180),)


@pytest.mark.parametrize("field", [each.name for each in fields(Endpoint)])
def test_every_field_is_compared(field: str) -> None:
    one = build(Endpoint, "it")
    value: Any = NOW + timedelta(1) if field.endswith("_at") else "other"
    found = difference(snapshot(one), snapshot(replace(one, **{field: value})))
    assert not found.is_empty


def test_what_vanishes_in_the_rehearsal_goes() -> None:
    alarm = build(Alarm, "kept")
    after = laid_over(snapshot(LOGS, alarm), difference(snapshot(LOGS), snapshot()))
    assert after.resources == (alarm,)


def test_what_is_new_in_the_rehearsal_and_was_seen_before_stays_as_it_was_seen() -> None:
    """The rehearsal lacked what made the scan look at it; nothing made it anew."""
    after = laid_over(snapshot(KEPT), difference(snapshot(), snapshot(LOGS)))
    assert after.resources == (KEPT,)


@pytest.mark.parametrize("after", [(KEPT,), ()], ids=["altered", "vanished"])
def test_what_was_out_of_sight_stays_out_of_sight(after: tuple[Resource, ...]) -> None:
    blind = snapshot(gaps=[gap("logs:DescribeLogGroups")])
    assert laid_over(blind, difference(snapshot(LOGS), snapshot(*after))) == blind


def test_scope_and_gaps_are_those_of_the_scan() -> None:
    scanned = snapshot(LOGS, gaps=[gap("sns:ListSubscriptionsByTopic")], regions=(WEST, EAST))
    after = laid_over(scanned, difference(snapshot(LOGS, gaps=[gap("x:Y")]), snapshot(KEPT)))
    assert (after.scope, after.gaps) == (scanned.scope, scanned.gaps)


JOB = build(TrainingJob, "job", tags={"team": "old"})
LISTED = build(ResourceTags, arn=JOB.arn, tags={"team": "old"})
NEW = {"team": "new"}


@pytest.mark.parametrize("before", [(JOB,), (JOB, LISTED)])
def test_a_resource_has_other_tags_wherever_they_are_told(before: tuple[Resource, ...]) -> None:
    after = with_tags(snapshot(*before), WEST, JOB.arn, NEW)
    assert after == snapshot(replace(JOB, tags=NEW), replace(LISTED, tags=NEW))


@pytest.mark.parametrize("tags", [None, {}])
def test_a_resource_without_tags_is_not_listed(tags: dict[str, str] | None) -> None:
    after = with_tags(snapshot(JOB, LISTED), WEST, JOB.arn, tags)
    assert after == snapshot(replace(JOB, tags={}))


def test_a_tag_that_looks_like_a_secret_is_not_kept() -> None:
    after = with_tags(snapshot(JOB), WEST, JOB.arn, {"password": "hunter2"})
    assert {each.tags["password"] for each in after.of(TrainingJob, WEST)} == {"(not kept)"}
    assert "hunter2" not in dump_snapshot(after)


def test_of_log_groups_only_the_listing_tells_tags() -> None:
    after = with_tags(snapshot(LOGS), WEST, LOGS.arn, NEW)
    assert after == snapshot(LOGS, build(ResourceTags, arn=LOGS.arn, tags=NEW))


def test_tags_elsewhere_stay() -> None:
    twin = replace(JOB, region=EAST)
    assert twin in with_tags(snapshot(JOB, twin), WEST, JOB.arn, NEW).resources


@pytest.mark.parametrize(("region", "stays"), [(WEST, True), (EAST, False)])
def test_tags_that_were_out_of_sight_stay_so(region: str, *, stays: bool) -> None:
    blind = snapshot(JOB, gaps=[gap("resourcegroupstaggingapi:GetResources", region=region)])
    assert (with_tags(blind, WEST, JOB.arn, NEW) == blind) is stays
