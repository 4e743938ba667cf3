"""Model cards of the versions that serve."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.cards import carded_versions
from mlaudit.resources import Container, ModelCard, ModelPackage
from mlaudit.testing import arn_of, build, gap, serving, view_of

VERSION = arn_of(ModelPackage, "fraud/2")
SERVES = serving("e", build(Container, package_arn=VERSION))


def package(approval: str = "Approved") -> ModelPackage:
    return build(ModelPackage, arn=VERSION, group_name="fraud", version=2, approval=approval)


def card(*about: str) -> ModelCard:
    return build(ModelCard, "c", status="Draft", about=about)


@pytest.mark.parametrize(
    ("about", "found"),
    [(VERSION, 1), ("fraud", 1), ("e", 1), (arn_of(ModelPackage, "fraud/1"), 0), ("other", 0)],
)
def test_a_card_is_about_a_version_its_group_or_its_model(about: str, found: int) -> None:
    seen = carded_versions(view_of(*SERVES, package(), card(about)))
    assert [(each.words, each.status) for each in seen.items] == [
        ("card c of version fraud/2", "Draft")
    ] * found
    assert seen.gaps == ()


def test_of_what_is_not_approved_no_card_is_asked() -> None:
    assert carded_versions(view_of(*SERVES, package("Rejected"), card(VERSION))).items == ()


@pytest.mark.parametrize("operation", ["sagemaker:ListModelCards", "sagemaker:ListModelPackages"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    assert gap(operation) in carded_versions(view_of(*SERVES, gaps=[gap(operation)])).gaps
