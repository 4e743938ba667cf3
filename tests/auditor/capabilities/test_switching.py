"""Where versions were switched, in production and beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.switching import production_switches, staging_switches
from mlaudit.resources import (
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    Deployment,
    Endpoint,
    InferenceComponent,
    Model,
    Resource,
)
from mlaudit.testing import NOW, OLD, RECENT, arn_of, build, gap, serving, view_of


def served(name: str, model: Any = RECENT, **endpoint: Any) -> tuple[Resource, ...]:
    """An endpoint of long ago with a newer configuration and a model of some age."""
    deployment = build(
        Deployment,
        arn=f"{arn_of(Endpoint, name)}#deployment",
        subject_arn=arn_of(Endpoint, name),
        modified_at=RECENT,
    )
    found = serving(
        name,
        endpoint={"created_at": OLD, "modified_at": RECENT, **endpoint},
        config={"created_at": RECENT},
        model={"created_at": model},
    )
    return (*found, deployment)


def test_a_newer_model_by_an_update_is_a_switch() -> None:
    view = view_of(*served("fraud"), *served("fraud-staging"))
    (production,), (staging,) = production_switches(view).items, staging_switches(view).items
    assert (production.switch.words, production.switch.switched_at) == ("endpoint fraud", RECENT)
    assert (staging.switch.words, staging.switch.switched_at) == ("endpoint fraud-staging", RECENT)
    assert production_switches(view).gaps == staging_switches(view).gaps == ()


def test_an_update_with_the_model_of_before_tells_nothing() -> None:
    found = production_switches(view_of(*served("fraud", OLD - timedelta(days=1))))
    assert found.items == ()
    assert [(each.code, each.subject) for each in found.gaps] == [
        ("SwitchNotTold", arn_of(Endpoint, "fraud"))
    ]


def test_a_tag_goes_before_a_name() -> None:
    view = view_of(*served("fraud-test", tags={"Environment": "production"}))
    assert len(production_switches(view).items) == 1
    view = view_of(*served("fraud", tags={"env": "staging"}))
    assert production_switches(view).items == ()
    assert [each.code for each in production_switches(view).gaps] == ["OtherEnvironmentNotSeen"]


def test_without_an_update_there_may_be_a_choice() -> None:
    deployment = build(
        Deployment, arn=f"{arn_of(Endpoint, 'e')}#deployment", subject_arn=arn_of(Endpoint, "e")
    )
    alone = production_switches(view_of(*serving("e"), deployment)).items[0].switch
    assert (alone.switched_at, alone.choice) == (None, None)
    split = build(
        Deployment,
        arn=deployment.arn,
        subject_arn=deployment.subject_arn,
        weights={"a": 0.5, "b": 0.5},
    )
    shared = production_switches(view_of(*serving("e"), split)).items[0].switch
    assert shared.choice == "variants a, b"


def test_components_switch_on_their_own() -> None:
    endpoint, config, _ = serving("e", model_name=None, endpoint={"created_at": OLD})
    component = build(
        InferenceComponent, "c", endpoint_arn=endpoint.arn, model_name="m", created_at=OLD
    )
    deployment = build(Deployment, arn=f"{component.arn}#deployment", subject_arn=component.arn)
    model = build(Model, "m", created_at=OLD)
    (found,) = production_switches(view_of(endpoint, config, component, deployment, model)).items
    assert (found.switch.arn, found.switch.switched_at) == (component.arn, None)


def delivered(ended: Any) -> tuple[Resource, ...]:
    arn = arn_of(DeliveryPipeline, "d")
    actions = tuple(
        build(DeliveryAction, "out", stage=stage, category="deploy")
        for stage in ("Staging", "Prod")
    )
    return (
        build(DeliveryPipeline, "d", arn=arn, actions=actions),
        build(
            DeliveryRun,
            arn=f"{arn}#1",
            pipeline_arn=arn,
            status="Succeeded",
            started_at=RECENT - timedelta(hours=1),
            ended_at=ended,
        ),
    )


def test_a_delivery_that_brought_what_serves_passed_its_staging() -> None:
    (found,) = staging_switches(view_of(*served("fraud"), *delivered(NOW))).items
    assert (found.switch.words, found.switch.switched_at) == (
        "Staging/out of delivery pipeline d", NOW,
    )  # fmt: skip
    before = RECENT - timedelta(minutes=1)
    missing = staging_switches(view_of(*served("fraud"), *delivered(before)))
    assert missing.items == ()
    assert [each.code for each in missing.gaps] == ["OtherEnvironmentNotSeen"]


@pytest.mark.parametrize(
    "operation",
    ["sagemaker:ListEndpoints", "sagemaker:ListModels", "sagemaker:ListModelPackages"],
)
def test_what_is_not_seen_is_a_gap_of_both(operation: str) -> None:
    unseen = gap(operation)
    view = view_of(gaps=[unseen])
    assert unseen in production_switches(view).gaps
    assert unseen in staging_switches(view).gaps


def test_unseen_deliveries_are_a_gap_of_staging() -> None:
    unseen = gap("codepipeline:ListPipelines")
    assert unseen in staging_switches(view_of(*served("fraud"), gaps=[unseen])).gaps
    assert production_switches(view_of(*served("fraud"), gaps=[unseen])).gaps == ()
