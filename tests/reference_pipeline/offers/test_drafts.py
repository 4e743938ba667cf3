"""What a system may become, and what it is called."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from mlaudit_reference.capabilities import Capability, capabilities
from mlaudit_reference.manifest import Manifest, document_of, example, read_manifest
from mlaudit_reference.offers import (
    Draft,
    Person,
    derived,
    grown_from,
    is_name,
    name_for,
    taken,
)

ROWS = {each.id: each for each in capabilities()}
PERSON = Person(notify=("ops@example.com", "data@example.com"), log_days=180)
IMAGES = tuple(f"{number}.dkr.ecr.us-east-1.amazonaws.com/x@sha256:{'5' * 64}" for number in "12")


def rows(*ids: str) -> list[Capability]:
    return [ROWS[each] for each in ids]


def manifest(draft: Draft, *ids: str) -> Manifest:
    found = draft.manifest(rows(*ids))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("workload", "name"),
    [
        ("fraud", "fraud-ref"),
        ("credit-risk-2", "credit-risk-2-ref"),
        ("a" * 28, "a" * 28 + "-ref"),
    ],
)
def test_a_name_that_fits_is_kept(workload: str, name: str) -> None:
    assert name_for(workload) == name


HARD = ["Fraud", "fraud ", "fraud_", "a" * 29, "a" * 28 + "b", "2024", "", "-", "Ü:/", "x--y"]


@pytest.mark.parametrize("workload", HARD)
def test_every_workload_has_a_name_that_a_system_can_have(workload: str) -> None:
    assert is_name(name_for(workload))
    assert name_for(workload) == name_for(workload)


def test_no_two_workloads_share_a_name() -> None:
    workloads = [*HARD, "fraud", "x-y", "w-2024", "w"]
    assert len({name_for(each) for each in workloads}) == len(workloads)


@pytest.mark.parametrize("name", ["fraud--ref", "Fraud", "1st", "a" * 33, "", "a-"])
def test_what_cannot_be_a_name_is_told(name: str) -> None:
    assert not is_name(name)


def test_a_derived_system_belongs_to_the_workload_and_to_who_hears_of_it() -> None:
    found = manifest(derived("Old fraud", PERSON, production=False), "async")
    assert found.belongs_to == "Old fraud"
    assert found.owner == "ops@example.com"
    assert found.approvals.notify == PERSON.notify
    assert found.monitoring.log_days == 180
    assert found.tags == {"mlaudit:managed-by": "remediate"}
    assert found.targets == {"async"}


@pytest.mark.parametrize("production", [False, True])
def test_nothing_is_on_in_a_derived_system_that_nobody_wants(production: bool) -> None:  # noqa: FBT001 - a case
    found = manifest(derived("fraud", PERSON, production=production), "async")
    on = {each.id for each in capabilities() if each.without is not None and each.is_in(found)}
    assert on == {"own-key", "tuning", "spot-training", "feature-store"}
    assert not found.delivery.enabled
    assert found.budget.ttl_days is None
    assert found.data.retain is production


def test_what_is_turned_on_is_on_and_ways_to_answer_add_up() -> None:
    found = manifest(derived("fraud", PERSON, production=False), "async", "api", "automl")
    assert found.targets == {"async", "realtime"}
    assert found.realtime.api
    assert found.automl.enabled


@pytest.mark.parametrize(
    "ids",
    [
        ("shadow", "ab-test"),
        ("distributed-training", "batch-platform", "async"),
        ("images-by-digest", "async"),
        (),
    ],
)
def test_what_excludes_each_other_cannot_be(ids: tuple[str, ...]) -> None:
    assert derived("fraud", PERSON, production=False).manifest(rows(*ids)) is None


def test_images_are_those_that_a_person_names() -> None:
    person = Person(images=(IMAGES[0], IMAGES[1]))
    found = manifest(derived("fraud", person, production=False), "async", "images-by-digest")
    assert (found.training.image, found.training.serving_image) == IMAGES


@pytest.mark.parametrize(("days", "kept"), [(1, 30), (180, 180), (181, 365), (9999, 1827)])
def test_logs_are_kept_no_shorter_than_was_said(days: int, kept: int) -> None:
    draft = derived("fraud", Person(log_days=days), production=False)
    assert manifest(draft, "async").monitoring.log_days == kept


def test_what_was_deployed_stays_on_and_more_may_come() -> None:
    first = manifest(derived("fraud", PERSON, production=False), "async", "automl")
    again = grown_from(read_manifest(document_of(first)), Person())
    assert manifest(again) == first
    more = manifest(again, "retrain-on-drift", "dashboard")
    assert more.triggers.drift
    assert more.monitoring.dashboard
    assert more.automl.enabled


OWN: dict[str, Any] = yaml.safe_load(example()) | {"name": "mine", "framework": "xgboost"}


def test_what_a_manifest_says_stays_and_what_it_leaves_open_is_turned_on() -> None:
    draft = taken(OWN, "fraud", PERSON)
    found = manifest(draft, "shadow", "automl")
    assert (found.name, found.belongs_to, found.owner) == ("mine", "fraud", OWN["owner"])
    assert found.targets == {"serverless", "async", "batch", "realtime"}
    assert draft.manifest(rows("distributed-training")) is None


def test_what_was_turned_on_beside_a_manifest_stays_on() -> None:
    first = manifest(taken(OWN, "fraud", PERSON), "shadow", "automl")
    again = taken(OWN, "fraud", PERSON, first)
    assert manifest(again) == first
    said = taken({**OWN, "automl": {"enabled": False}}, "fraud", PERSON, first)
    assert (manifest(said).automl.enabled, manifest(said).realtime.shadow_percent) == (False, 50)


def test_a_manifest_of_the_workload_itself_names_no_other() -> None:
    assert manifest(taken(OWN, "mine", PERSON)).workload is None


def test_what_may_be_spent_is_said_beside_a_manifest() -> None:
    found = manifest(taken(OWN, "fraud", Person(monthly_usd=70, ttl_days=3)))
    assert (found.budget.monthly_usd, found.budget.ttl_days) == (70, 3)
