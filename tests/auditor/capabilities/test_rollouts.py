"""How what serves was updated, and what brings back the version before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.rollouts import rollouts, ways_back
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    Alarm,
    ApiCall,
    CompositeAlarm,
    Container,
    Deployment,
    Endpoint,
    InferenceComponent,
    Model,
    ModelPackage,
    Resource,
)
from mlaudit.testing import NOW, OLD, RECENT, arn_of, build, gap, serving, view_of

ENDPOINT = arn_of(Endpoint, "e")
LONG_AGO = {"created_at": OLD, "modified_at": RECENT}
IMAGE = build(Container, image="x/sagemaker-xgboost:1.7-1")


def deployed(arn: str = ENDPOINT, **values: Any) -> Deployment:
    usual = {"modified_at": RECENT, "strategy": "CANARY", "alarm_names": ("a",)}
    return build(Deployment, **{**usual, "arn": f"{arn}#deployment", "subject_arn": arn, **values})


def called(**values: Any) -> ApiCall:
    usual = {"name": "UpdateEndpoint", "subject": "e", "at": RECENT, "arn": "event:1"}
    return build(ApiCall, **{**usual, **values})


ALARM = build(Alarm, "a")
NEWER = serving("e", endpoint=LONG_AGO, config={"created_at": RECENT})
SAME_AGE = serving("e", endpoint=LONG_AGO, config={"created_at": OLD})
BEFORE = RECENT - timedelta(days=2)

UPDATES: dict[str, tuple[tuple[Resource, ...], bool]] = {
    "to a newer configuration": ((*NEWER, deployed()), True),
    "by a call": ((*SAME_AGE, deployed(), called()), True),
    "by a call for another": ((*SAME_AGE, deployed(), called(subject="f")), False),
    "by a call before it was made again": (
        (*serving("e", endpoint={"created_at": RECENT}), deployed(), called(at=BEFORE)),
        False,
    ),
    "to a configuration of long ago": (
        (*serving("e", endpoint=LONG_AGO, config={"created_at": OLD + timedelta(days=1)}),
         deployed(modified_at=OLD + timedelta(days=2))),
        False,
    ),
    "never": ((*serving("e"), deployed(strategy=None)), False),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "updated"), UPDATES.values(), ids=UPDATES)
def test_it_was_updated_in_the_window_or_was_not(
    resources: tuple[Resource, ...], *, updated: bool
) -> None:
    evidence = rollouts(view_of(*resources, ALARM))
    assert [each.updated_at is not None for each in evidence.items] == [updated]
    assert evidence.gaps == ()


def test_what_is_told_of_an_update() -> None:
    deployment = deployed(bake_seconds=60, weights={"b": 0.1, "a": 0.9, "c": 0.0})
    (found,) = rollouts(view_of(*NEWER, deployment, ALARM)).items
    assert (found.arn, found.words) == (ENDPOINT, "endpoint e")
    assert (found.strategy, found.bake_seconds, found.alarms) == ("CANARY", 60, ("a",))
    assert (found.weighted, found.updated_at) == (("a", "b"), RECENT)


def test_an_alarm_that_is_gone_watches_nothing() -> None:
    (found,) = rollouts(view_of(*NEWER, deployed())).items
    assert found.alarms == ()


def test_an_alarm_on_alarms_watches_too() -> None:
    (found,) = rollouts(view_of(*NEWER, deployed(), build(CompositeAlarm, "a"))).items
    assert found.alarms == ("a",)


def test_what_does_not_serve_is_not_judged() -> None:
    out = serving("e", endpoint={"status": "Failed"})
    assert rollouts(view_of(*out)).items == ()


def test_components_are_updated_one_by_one() -> None:
    component = build(
        InferenceComponent, "c", endpoint_arn=ENDPOINT, model_name="e", created_at=OLD
    )
    call = called(name="UpdateInferenceComponent", subject="c")
    mine = deployed(component.arn, strategy="ROLLING")
    evidence = rollouts(view_of(*NEWER, component, mine, call, ALARM))
    (found,) = evidence.items
    assert (found.arn, found.strategy, found.updated_at) == (component.arn, "ROLLING", RECENT)
    assert found.words == "component c on endpoint e"


UNSEEN = {
    "the deployment": (NEWER, gap("sagemaker:DescribeEndpoint", ENDPOINT)),
    "the calls": ((*SAME_AGE, deployed(), ALARM), gap("cloudtrail:LookupEvents")),
    "the alarms": ((*NEWER, deployed()), gap("cloudwatch:DescribeAlarms")),
    "the configuration": (NEWER[:1], gap("sagemaker:DescribeEndpointConfig", ENDPOINT)),
}


@pytest.mark.parametrize(("resources", "missing"), UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen_is_a_gap(resources: tuple[Resource, ...], missing: Gap) -> None:
    evidence = rollouts(view_of(*resources, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


def test_calls_are_not_needed_where_the_endpoint_never_changed() -> None:
    seen = view_of(*serving("e"), deployed(), ALARM, gaps=[gap("cloudtrail:LookupEvents")])
    assert len(rollouts(seen).items) == 1
    assert rollouts(seen).gaps == ()


def test_an_endpoint_that_went_meanwhile_is_a_gap() -> None:
    (missing,) = rollouts(view_of(*NEWER)).gaps
    assert (missing.reason, missing.subject) == (GapReason.GONE, ENDPOINT)


def version(number: int, **values: Any) -> ModelPackage:
    usual = {"group_name": "g", "version": number, "approval": "Approved"}
    return build(ModelPackage, f"g/{number}", **{**usual, **values})


REGISTERED = serving(
    "e", build(Container, package_arn=arn_of(ModelPackage, "g/2")), endpoint=LONG_AGO
)
OWN = serving("e", IMAGE, endpoint=LONG_AGO)


def model(name: str, **values: Any) -> Model:
    return build(Model, name, **{"containers": (IMAGE,), "created_at": OLD, **values})


EARLIER: dict[str, tuple[tuple[Resource, ...], str | None]] = {
    "an approved version": ((*REGISTERED, version(1), version(2)), "version 1 of g"),
    "a later version": ((*REGISTERED, version(3), version(2)), None),
    "a rejected version": ((*REGISTERED, version(1, approval="Rejected"), version(2)), None),
    "a broken version": ((*REGISTERED, version(1, status="Failed"), version(2)), None),
    "a version of another group": ((*REGISTERED, version(1, group_name="h"), version(2)), None),
    "an older model": ((*OWN, model("old")), "model old"),
    "a newer model": ((*OWN, model("new", created_at=NOW)), None),
    "an older model of other images": ((*OWN, model("old", containers=())), None),
    "nothing": (OWN, None),
}


@pytest.mark.parametrize(("resources", "earlier"), EARLIER.values(), ids=EARLIER)
def test_an_earlier_version_is_kept_or_is_not(
    resources: tuple[Resource, ...], earlier: str | None
) -> None:
    evidence = ways_back(view_of(*resources, deployed(), called(), ALARM))
    assert [each.earlier for each in evidence.items] == [earlier]
    assert evidence.gaps == ()


def test_an_older_model_that_serves_is_no_earlier_version() -> None:
    other = serving("old", IMAGE, model={"created_at": OLD}, endpoint={"created_at": RECENT})
    theirs = deployed(arn_of(Endpoint, "old"), strategy=None, alarm_names=())
    evidence = ways_back(view_of(*OWN, deployed(), called(), ALARM, *other, theirs))
    assert {each.earlier for each in evidence.items} == {None}


def test_a_version_out_of_sight_is_a_gap() -> None:
    evidence = ways_back(view_of(*REGISTERED, deployed(), called(), ALARM))
    assert evidence.items == ()
    assert [each.code for each in evidence.gaps] == ["VersionNotKnown"]


def test_an_unseen_registry_is_a_gap() -> None:
    missing = gap("sagemaker:ListModelPackages")
    evidence = ways_back(view_of(*OWN, deployed(), called(), ALARM, gaps=[missing]))
    assert missing in evidence.gaps
