"""What a manifest may say of how the model answers."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from mlaudit_reference.manifest import Manifest, Mode, example, read_manifest
from mlaudit_reference.names import PRIMARY, SECOND, component, variants


def _manifest(**said: Any) -> Manifest:
    return read_manifest({**yaml.safe_load(example()), **said})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"realtime": {"scaling": {"minimum": 1}}}, "set scaling.minimum to 2 or more"),
        ({"serial": {"scaling": {"minimum": 0}}}, "set scaling.minimum to 2 or more"),
        (
            {"realtime": {"shadow_percent": 50, "second_percent": 10}},
            "an endpoint with a shadow has one variant",
        ),
        ({"serverless": {"provisioned": 6}}, r"provisioned \(6\) exceeds max_concurrency \(5\)"),
        ({"components": {"tenants": ["a-name-that-is-too-long"]}}, "at most 16 characters"),
        ({"chain": {"links": [{"name": "one"}]}}, "at least 2 items"),
        ({"chain": {"links": [{"name": "one"}, {"name": "one"}]}}, "two links"),
        (
            {"chain": {"links": [{"name": "one", "after": "two"}, {"name": "two"}]}},
            "link one comes after two: name that one first",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        _manifest(**said)


def test_an_ab_test_adds_a_variant_that_answers_and_a_shadow_does_not() -> None:
    tested = _manifest(realtime={"second_percent": 10})
    shadowed = _manifest(realtime={"shadow_percent": 10})
    assert variants(tested, Mode.REALTIME) == (PRIMARY, SECOND)
    assert variants(tested, Mode.SERIAL) == variants(shadowed, Mode.REALTIME) == (PRIMARY,)


def test_names_made_of_names_fit_into_what_sagemaker_takes() -> None:
    longest = _manifest(name="a" * 32, components={"tenants": ["b" * 16]})
    assert len(component(longest, longest.components.tenants[0])) <= 63
