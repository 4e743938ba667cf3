"""The SDK of SageMaker writes the same definition as the project's own writer."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit_reference.authoring import compiled
from mlaudit_reference.authoring.normal import normal, without_lost
from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.manifest import example, read_manifest

SDK = "sagemaker==3.27.0"
SOURCES = Path(__file__).parents[3] / "reference_pipeline"

MANIFESTS: list[dict[str, Any]] = [
    {},
    {"framework": "pytorch", "training": {"instances": 2, "instance_type": "ml.g5.xlarge"}},
    {"tuning": {"enabled": False}, "training": {"spot": False, "cache_days": 7}},
    {"profile": "production", "automl": {"enabled": False}},
    {"encryption": "aws", "training": {"tracking": False, "incremental": True}},
]


def test_the_definition_that_is_kept_is_the_one_that_is_written() -> None:
    kept = compiled.FILE.read_text("utf-8")
    assert compiled.compiled() == kept, "python -m mlaudit_reference.authoring.compiled"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": None, "Environment": {}, "b": {"Environment": {"c": "d"}}},
         {"b": {"Environment": {"c": "d"}}}),
        ("arn:aws:iam::000000000000:role/${TrainRole}", "${TrainRole}"),
        (["s3://${B}/code/0123456789abcdef/x"], ["s3://${B}/code/digest/x"]),
    ],
)  # fmt: skip
def test_what_means_nothing_is_left_out(value: Any, expected: Any) -> None:
    assert normal(value) == expected


def test_only_the_trials_of_a_search_lose_anything() -> None:
    job = {"EnableNetworkIsolation": True, "ResourceConfig": {"VolumeKmsKeyId": "k", "Count": 1}}
    found = without_lost({"Arguments": job, "Tune": {"TrainingJobDefinition": job}})
    assert found["Arguments"] == job
    assert found["Tune"] == {"TrainingJobDefinition": {"ResourceConfig": {"Count": 1}}}


@pytest.fixture(scope="module")
def authored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Any]]:
    """Let the SDK write definitions, in an environment of its own."""
    uv = pytest.importorskip("uv", reason="there is no uv to make an environment with")
    home = tmp_path_factory.mktemp("sdk")
    python = home / "bin" / "python"
    _run([uv.find_uv_bin(), "venv", "--quiet", str(home)])
    _run([uv.find_uv_bin(), "pip", "install", "--quiet", "--python", str(python), SDK])
    settings = home / "config.yaml"
    modules = {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}
    settings.write_text(yaml.safe_dump({"SchemaVersion": "1.0", "SageMaker": modules}), "utf-8")
    surroundings = {
        **{key: each for key, each in os.environ.items() if not key.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": str(SOURCES),
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(settings),
        "SAGEMAKER_VALIDATE_ROLE": "false",
    }

    def authored(manifests: str) -> list[Any]:
        program = [str(python), "-m", "mlaudit_reference.authoring.pipeline"]
        text = _run(program, input=manifests, env=surroundings)
        found: list[Any] = json.loads(text)
        return found

    return authored


@pytest.mark.sdk
def test_the_sdk_writes_the_same(authored: Callable[[str], list[Any]]) -> None:
    documents = [{**yaml.safe_load(example()), **each} for each in MANIFESTS]
    theirs = authored(yaml.safe_dump_all(documents))
    ours = [normal(definition(read_manifest(each))) for each in documents]
    for settings, one, other in zip(MANIFESTS, ours, theirs, strict=True):
        assert without_lost(one) == without_lost(other), settings
    kept = json.loads(compiled.FILE.read_text("utf-8"))
    assert without_lost(kept) == without_lost(theirs[0])


def _run(command: list[str], **more: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stderr[-2000:]
    said: str = done.stdout
    return said
