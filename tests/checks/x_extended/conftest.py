"""What several checks beyond the checklist are shown."""

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.capacity import PaidVariant
from mlaudit.capabilities.registry import ServedVersion
from mlaudit.capabilities.serving import Placement
from mlaudit.resources import Container, Model, ModelPackage
from mlaudit.testing import NOW, OLD, RECENT, arn_of, build, serving, snapshot


@pytest.fixture
def placement() -> Placement:
    endpoint, config, _ = serving("fraud")
    return Placement(endpoint, config, config.variants[0])


@pytest.fixture
def paid(placement: Placement) -> Callable[..., PaidVariant]:
    """Makes a variant on one machine that is asked; what a test does not say is usual."""

    def make(**values: Any) -> PaidVariant:
        usual = {
            "placement": placement,
            "least": 1,
            "cents_a_month": 8395,
            "requests": 9.0,
            "last_at": RECENT,
            "since": OLD,
            "counted_from": snapshot().scope.window.start,
            "counted_to": NOW,
        }
        return PaidVariant(**{**usual, **values})

    return make


@pytest.fixture
def version() -> Callable[..., ServedVersion]:
    """Makes a model that is created from an approved version."""
    package = build(
        ModelPackage,
        arn=arn_of(ModelPackage, "fraud/2"),
        group_name="fraud",
        version=2,
        approval="Approved",
    )

    def make(**values: Any) -> ServedVersion:
        usual = {
            "arn": arn_of(Model, "fraud"),
            "words": "model fraud on endpoint fraud",
            "containers": (build(Container, package_arn=package.arn),),
            "package": package,
            "jobs": (),
            "approved": (package,),
        }
        return ServedVersion(**{**usual, **values})

    return make
