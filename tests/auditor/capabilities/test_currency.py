"""What serves beside the newest approved version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.currency import served_currencies
from mlaudit.resources import Container, ModelPackage, Resource
from mlaudit.testing import NOW, arn_of, build, gap, serving, view_of


def package(number: int, days_ago: int, **values: Any) -> ModelPackage:
    usual = {
        "arn": arn_of(ModelPackage, f"fraud/{number}"),
        "group_name": "fraud",
        "version": number,
        "approval": "Approved",
        "created_at": NOW - timedelta(days=days_ago),
    }
    return build(ModelPackage, **{**usual, **values})


OLDER, SERVED, NEWER = package(1, 60), package(2, 40), package(3, 20)
FIRST = serving("e", build(Container, package_arn=SERVED.arn))
SECOND = serving("f", build(Container, package_arn=NEWER.arn))
NONE = timedelta()

SEEN: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, str | None, timedelta]]]] = {
    "newest": ((*FIRST, SERVED, OLDER), [(False, None, NONE)]),
    "behind": ((*FIRST, SERVED, NEWER), [(False, "fraud/3", timedelta(days=20))]),
    "newer is not approved": (
        (*FIRST, SERVED, package(3, 20, approval="PendingManualApproval")),
        [(False, None, NONE)],
    ),
    "newer serves too": (
        (*FIRST, *SECOND, SERVED, NEWER),
        [(False, None, NONE), (False, None, NONE)],
    ),
    "rejected": ((*FIRST, package(2, 40, approval="Rejected")), [(True, None, NONE)]),
    "outside": (serving("e", build(Container, model_data="s3://b/x")), []),
}


@pytest.mark.parametrize(("resources", "expected"), SEEN.values(), ids=SEEN)
def test_how_far_what_serves_is_behind(
    resources: tuple[Resource, ...], expected: list[tuple[bool, str | None, timedelta]]
) -> None:
    found = served_currencies(view_of(*resources))
    assert [(each.rejected, each.newer, each.waits) for each in found.items] == expected
    assert found.gaps == ()


@pytest.mark.parametrize("operation", ["sagemaker:ListModelPackages", "sagemaker:ListModels"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    found = served_currencies(view_of(*FIRST, SERVED, gaps=[gap(operation)]))
    assert gap(operation) in found.gaps
