"""What waits for what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.definitions.steps import steps_of
from mlaudit_reference.engines.order import links
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]


@pytest.mark.parametrize(
    ("settings", "step", "waits"),
    [
        ({}, "ValidateData", ()),
        ({}, "CheckData", ("ValidateData",)),
        ({}, "Preprocess", ("CheckData",)),
        ({}, "Tune", ("Preprocess", "Train")),
        ({}, "EvaluateAndExplain", ("Preprocess", "Tune")),
        ({"tuning": {"enabled": False}}, "EvaluateAndExplain", ("Preprocess", "Train")),
        ({"automl": {"enabled": True}}, "AutoML", ("Preprocess",)),
        ({}, "CheckModel", ("EvaluateAndExplain",)),
        ({}, "RegisterModel", ("CheckModel",)),
        ({}, "RecordLineage", ("RegisterModel",)),
        ({}, "ModelRefused", ("CheckModel",)),
        ({}, "DataRefused", ("CheckData",)),
    ],
)
def test_a_step_waits_for_what_it_refers_to_or_for_its_gate(
    settings: dict[str, Any], step: str, waits: tuple[str, ...], make: Make
) -> None:
    assert links(steps_of(make(**settings)))[step] == waits
