"""What may be promoted, and whether the record of each version meets what is asked of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.candidates import NEWEST, candidates
from mlaudit.model import GapReason, Status
from mlaudit.resources import Model, ModelPackage, Resource
from mlaudit.testing import NOW, build, gap, serving, view_of
from mlaudit.versions import Candidate, Need

PASS, FAIL, UNSEEN = Status.PASS, Status.FAIL, Status.NOT_ASSESSED
GOOD: dict[str, Any] = {
    "status": "Completed",
    "approval": "Approved",
    "created_by": "author",
    "modified_by": "approver",
    "quality_uri": "s3://b/metrics.json",
    "baselines": {"ModelQuality": "s3://b/baseline.json"},
}


def package(version: int, **changes: Any) -> ModelPackage:
    made = NOW - timedelta(days=30 - version)
    usual = {**GOOD, "group_name": "fraud", "version": version, "created_at": made, **changes}
    return build(ModelPackage, f"fraud/{version}", **usual)


def served(found: ModelPackage) -> tuple[Resource, ...]:
    endpoint, config, model = serving("fraud")
    assert isinstance(model, Model)
    (container,) = model.containers
    return endpoint, config, replace(model, containers=(replace(container, package_arn=found.arn),))


def of(*resources: Resource, **options: Any) -> tuple[Candidate, ...]:
    return candidates(view_of(*resources, **options))


def statuses(candidate: Candidate) -> dict[Need, Status]:
    return {each.need: each.status for each in candidate.requirements}


def test_a_version_with_all_on_record_meets_every_need() -> None:
    (newest, first) = of(*served(package(2)), package(2), package(1))
    assert (newest.arn, newest.serves) == (package(2).arn, ("fraud",))
    assert statuses(newest) == dict.fromkeys(Need, PASS)
    assert first.serves == ()


@pytest.mark.parametrize(
    ("changes", "need", "status"),
    [
        ({"status": "Pending"}, Need.REGISTERED, FAIL),
        ({"approval": "PendingManualApproval"}, Need.APPROVED, FAIL),
        ({"approval": "Rejected"}, Need.APPROVED, FAIL),
        ({"approval": None}, Need.APPROVED, FAIL),
        ({"modified_by": "author"}, Need.APPROVED, FAIL),
        ({"modified_by": None}, Need.APPROVED, FAIL),
        ({"created_by": None}, Need.APPROVED, UNSEEN),
        ({"modified_by": None, "approval_note": True}, Need.APPROVED, UNSEEN),
        ({"quality_uri": None}, Need.EVALUATED, FAIL),
        ({"quality_uri": None, "metadata_keys": ("test_auc",)}, Need.EVALUATED, PASS),
        ({"baselines": {}}, Need.MONITORED, UNSEEN),
    ],
)
def test_what_the_record_lacks(changes: dict[str, Any], need: Need, status: Status) -> None:
    (found, _) = of(package(2, **changes), package(1))
    assert statuses(found) == dict.fromkeys(Need, PASS) | {need: status}


@pytest.mark.parametrize(
    ("others", "status"),
    [
        ((package(1),), PASS),
        ((package(1, approval="Rejected"),), FAIL),
        ((package(1, status="Failed"),), FAIL),
        ((package(3),), Status.NOT_APPLICABLE),
        ((), Status.NOT_APPLICABLE),
        ((package(1, group_name="other"),), Status.NOT_APPLICABLE),
    ],
)
def test_there_is_a_version_to_go_back_to(others: tuple[ModelPackage, ...], status: Status) -> None:
    found = {each.arn: each for each in of(package(2), *others)}
    assert statuses(found[package(2).arn])[Need.RECOVERABLE] is status


def test_older_versions_that_were_not_seen_are_not_missing() -> None:
    denied = gap("sagemaker:ListModelPackages")
    found = next(each for each in of(package(2), gaps=(denied,)) if each.arn == package(2).arn)
    (told,) = [each for each in found.requirements if each.need is Need.RECOVERABLE]
    assert (told.status, told.gaps) == (UNSEEN, (denied,))


def test_a_model_of_no_registry_is_a_candidate_of_which_nothing_is_known() -> None:
    (found,) = of(*serving("fraud"))
    assert (found.name, found.serves) == ("fraud", ("fraud",))
    assert statuses(found) == dict.fromkeys(Need, UNSEEN)


def test_a_model_whose_version_is_of_another_account_is_one_too() -> None:
    elsewhere = package(2, arn="arn:aws:sagemaker:eu-west-1:999999999999:model-package/fraud/2")
    (found,) = of(*served(elsewhere))
    assert statuses(found) == dict.fromkeys(Need, UNSEEN)
    assert {each.reason for one in found.requirements for each in one.gaps} == {
        GapReason.OTHER_ACCOUNT
    }


def test_only_the_newest_are_told_of_and_all_that_serve() -> None:
    old = package(1)
    newer = [package(number) for number in range(2, NEWEST + 4)]
    found = of(*served(old), old, *newer)
    assert len(found) == NEWEST + 1
    assert found[0].arn == newer[-1].arn
    assert found[-1].arn == old.arn


def test_an_endpoint_that_failed_serves_nothing() -> None:
    endpoint, *others = served(package(2))
    failed = build(type(endpoint), "broken", status="Failed", config_name="fraud")
    (found,) = of(endpoint, failed, *others, package(2))
    assert found.serves == ("fraud",)


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListTrainingJobs",
        "sagemaker:ListModels",
        "sagemaker:ListEndpoints",
        "sagemaker:ListModelPackages",
    ],
)
def test_what_serves_out_of_sight_is_a_candidate_that_no_other_version_stands_for(
    operation: str,
) -> None:
    resources = (*served(package(2)), package(2), package(1))
    serving_ = [each for each in of(*resources, gaps=(gap(operation),)) if each.serves]
    assert any(set(statuses(each).values()) == {UNSEEN} for each in serving_)
