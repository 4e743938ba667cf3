"""Environments that are tied to version control and used, and what hides them."""

from typing import Any

import pytest

from mlaudit.capabilities.workbenches import workbenches
from mlaudit.evidence import Evidence
from mlaudit.resources import WorkEnvironment
from mlaudit.sight import Region, View
from mlaudit.testing import OLD, REGION, arn_of, build, gap, snapshot

SPACE: dict[str, Any] = {"product": "Studio space"}
DOMAIN: dict[str, Any] = {"product": "Studio domain"}


def platform(*resources: WorkEnvironment, **values: Any) -> View:
    return View(Region(snapshot(*resources, **values), REGION), None)


@pytest.mark.parametrize(
    ("values", "tied", "used"),
    [
        ({**SPACE, "repository": True}, ("a repository attached",), True),
        ({**SPACE, "remote": True}, ("remote access",), True),
        (
            {**SPACE, "repository": True, "remote": True},
            ("a repository attached", "remote access"),
            True,
        ),
        ({**SPACE}, (), True),
        ({**SPACE, "modified_at": OLD}, (), False),
        ({**SPACE, "modified_at": OLD, "running": True}, (), True),
        ({**DOMAIN, "repository": True}, ("a repository attached",), False),
    ],
)
def test_an_environment_is_tied_and_used(
    values: dict[str, Any],
    tied: tuple[str, ...],
    used: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    found = workbenches(platform(build(WorkEnvironment, "ana", **values)))
    assert [(each.tied, each.used) for each in found.items] == [(tied, used)]
    assert found.items[0].words == f"{values['product']} ana"
    assert found.gaps == ()


def test_an_editor_of_ones_own_cannot_be_seen() -> None:
    found = workbenches(platform())
    assert found.items == ()
    assert [each.words for each in found.gaps] == ["whether people work with editors of their own"]


@pytest.mark.parametrize(
    "operation", ["sagemaker:ListDomains", "sagemaker:DescribeSpace", "sagemaker:ListApps"]
)
def test_what_hides_environments_is_a_gap(operation: str) -> None:
    missing = gap(operation, arn_of(WorkEnvironment, "ana"))
    found: Evidence[Any] = workbenches(platform(build(WorkEnvironment, "ben"), gaps=[missing]))
    assert found.gaps == (missing,)
