"""What keeps a record of changes and of reasons, and what it lacks."""

from typing import Any

import pytest

from mlaudit.capabilities.documentation import call_records, documented_models, state_records
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    CallLog,
    ConfigRecorder,
    Container,
    ModelCard,
    ModelPackage,
    ModelPackageGroup,
    Resource,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

TRAIL = {"product": "trail", "logging": True, "changes": True, "written_at": RECENT}
STORE = {"product": "event data store", "logging": True, "changes": True}
CALLS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "a trail": (TRAIL, ()),
    "a trail that is off": ({**TRAIL, "logging": False}, ("logging",)),
    "a trail of reads": ({**TRAIL, "changes": False}, ("calls that change anything",)),
    "a trail that delivers no more": ({**TRAIL, "written_at": OLD}, ("a delivery in the window",)),
    "a trail that never did": ({**TRAIL, "written_at": None}, ("a delivery in the window",)),
    "a store": (STORE, ()),
    "a store that is off": ({**STORE, "logging": False}, ("logging",)),
}


@pytest.mark.parametrize("case", CALLS)
def test_what_records_calls(case: str) -> None:
    values, lacks = CALLS[case]
    found = call_records(view_of(others=[build(CallLog, "t", **values)]))
    assert [each.record.lacks for each in found.items] == [lacks]
    assert found.items[0].record.words == f"{values['product']} t"


@pytest.mark.parametrize(
    ("recording", "records_ml", "lacks"),
    [
        (True, True, ()),
        (False, True, ("recording",)),
        (True, False, ("resources of SageMaker",)),
    ],
)
def test_what_records_configurations(recording: Any, records_ml: Any, lacks: Any) -> None:
    recorder = build(ConfigRecorder, "r", recording=recording, records_ml=records_ml)
    found = state_records(view_of(others=[recorder]))
    assert [each.record.lacks for each in found.items] == [lacks]


@pytest.mark.parametrize(
    ("operation", "provide"),
    [
        ("cloudtrail:DescribeTrails", call_records),
        ("cloudtrail:GetTrailStatus", call_records),
        ("cloudtrail:GetEventDataStore", call_records),
        ("config:DescribeConfigurationRecorders", state_records),
        ("config:DescribeConfigurationRecorderStatus", state_records),
        ("sagemaker:ListModelCards", documented_models),
        ("sagemaker:ListModels", documented_models),
    ],
)
def test_what_is_not_seen_is_not_missing(operation: str, provide: Any) -> None:
    found = provide(view_of(*serving("e"), gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps


ARTEFACT = build(Container, model_data="s3://b/model.tar.gz")
SERVES = serving("e", ARTEFACT)
VERSION = arn_of(ModelPackage, "g/1")


def version(card_status: str | None = None) -> tuple[Resource, ...]:
    values = {"group_name": "g", "containers": (ARTEFACT,), "card_status": card_status}
    return build(ModelPackageGroup, "g"), build(ModelPackage, "g/1", **values)


def card(*about: str, status: str = "Approved") -> ModelCard:
    return build(ModelCard, f"c-{status}", about=about, status=status)


CARDS: dict[str, tuple[tuple[Resource, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "of another model": ((card("x"),), ()),
    "of the model by name": ((card("e"),), ("Approved",)),
    "of the model by ARN": ((card(SERVES[2].arn),), ("Approved",)),
    "of the version": ((*version(), card(VERSION)), ("Approved",)),
    "of the group": ((*version(), card("g")), ("Approved",)),
    "of another group": ((*version(), card("h")), ()),
    "with the version": (version("Approved"), ("Approved",)),
    "in draft": ((card("e", status="Draft"),), ("Draft",)),
    "one of each": ((card("e"), card("e", status="Draft")), ("Approved", "Draft")),
}


@pytest.mark.parametrize("case", CARDS)
def test_cards(case: str) -> None:
    resources, statuses = CARDS[case]
    found = documented_models(view_of(*SERVES, *resources))
    assert [each.statuses for each in found.items] == ([statuses] if statuses else [])
    assert [each.code for each in found.gaps] == ([] if statuses else ["DescribedElsewhere"])


@pytest.mark.parametrize(("status", "told"), [("Approved", 1), ("Draft", 0)])
def test_an_approved_card_is_enough(status: str, told: int) -> None:
    denied = gap("sagemaker:ListModelCards")
    found = documented_models(view_of(*SERVES, *version(status), gaps=[denied]))
    assert len(found.items) == told
    assert found.gaps == (() if told else (denied,))


def test_where_nothing_serves_nothing_needs_a_card() -> None:
    assert documented_models(view_of(card("e"))) == Evidence()
