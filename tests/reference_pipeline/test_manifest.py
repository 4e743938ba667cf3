"""A manifest says little, its profile completes it, and what it cannot mean is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from mlaudit_reference.manifest import Manifest, Mode, Profile, Reach, example, schema

Make = Callable[..., Manifest]


@pytest.mark.parametrize("profile", list(Profile))
def test_the_example_can_be_read_with_every_profile(make: Make, profile: Profile) -> None:
    assert make(profile=profile.value).profile is profile


def test_the_profile_fills_in_what_is_left_out_at_every_depth(make: Make) -> None:
    manifest = make(profile="production", realtime={"scaling": {"maximum": 9}})
    assert (manifest.realtime.scaling.minimum, manifest.realtime.scaling.maximum) == (2, 9)
    assert manifest.network.reach is Reach.OWN


def test_what_is_said_wins_over_the_profile(make: Make) -> None:
    assert make(profile="demo", targets=["batch"]).targets == {Mode.BATCH}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"profile": "cheap"}, "'zero', 'demo' or 'production'"),
        ({"name": "Consumer_Credit"}, "should match pattern"),
        ({"name": "a" * 33}, "at most 32 characters"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
        ({"features": {"numeric": []}}, "at least 1 item"),
        ({"targets": ["streaming"]}, "add serverless to targets"),
        ({"streaming": {"source": "msk"}}, "needs cluster_arn and topic"),
        ({"network": {"reach": "shared"}}, "needs subnets and security_groups"),
        ({"platform": "batch"}, "SageMaker Pipelines run no job on AWS Batch"),
        ({"platform": "batch", "engine": "airflow"}, "set network.reach"),
        (
            {"platform": "batch", "engine": "airflow", "network": {"reach": "own"}},
            "set tuning.enabled to false",
        ),
        ({"training": {"instances": 2}}, "trains on one instance here"),
        ({"tuning": {"max_jobs": 1, "parallel": 2}}, "exceeds max_jobs"),
        ({"tuning": {"strategy": "Hyperband"}}, "stops jobs by itself"),
        ({"framework": "jax"}, "AWS has no image for jax"),
        (
            {
                "framework": "sklearn",
                "tuning": {"strategy": "Hyperband", "early_stopping": False},
            },
            "sklearn reports once",
        ),
        ({"realtime": {"scaling": {"minimum": 5, "maximum": 4}}}, "exceeds maximum"),
        ({"approvals": {"notify": ["nobody"]}}, "should match pattern"),
    ],
)
def test_what_cannot_be_meant_is_refused(make: Make, settings: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        make(**settings)


@pytest.mark.parametrize("profile", list(Profile))
def test_the_published_schema_takes_what_can_be_read(profile: Profile) -> None:
    document = yaml.safe_load(example())
    jsonschema.validate({**document, "profile": profile.value}, json.loads(schema()))


def test_the_published_schema_refuses_what_is_misspelt() -> None:
    document = {**yaml.safe_load(example()), "framwork": "jax"}
    with pytest.raises(jsonschema.ValidationError, match="framwork"):
        jsonschema.validate(document, json.loads(schema()))
