"""Requests for processing jobs (CreateProcessingJob): validation, preparation, evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit_reference.definitions import jobs, places
from mlaudit_reference.definitions.expressions import Parameter, Value
from mlaudit_reference.manifest import Manifest

ROOT = "/opt/ml/processing"
UNPACK_AND_RUN = (
    "mkdir -p /opt/ml/code"
    f" && tar -xzf {ROOT}/input/code/sourcedir.tar.gz -C /opt/ml/code"
    ' && exec python3 "/opt/ml/code/$0" "$@"'
)
"""Processing jobs get the code as an archive; ``$0`` is the program."""


def processing(
    manifest: Manifest,
    *,
    program: str,
    role: str,
    inputs: Mapping[str, Value],
    outputs: Mapping[str, Value],
) -> dict[str, Any]:
    """The request of a job that runs one program over folders.

    Args:
        manifest: The system.
        program: The program at the top of the code.
        role: Whose permissions it has.
        inputs: What it reads, by name; code and settings are added.
        outputs: Where it writes, by name.
    """
    every = {"code": places.code(), "settings": places.settings(manifest), **inputs}
    return {
        "AppSpecification": {
            "ImageUri": Parameter("TrainingImage"),
            "ContainerEntrypoint": ["/bin/sh", "-c", UNPACK_AND_RUN, program],
        },
        "Environment": {"DATA_VERSION": Parameter("DataVersion")},
        "NetworkConfig": {"EnableNetworkIsolation": True, **jobs.network(manifest)},
        "ProcessingInputs": [_input(name, place) for name, place in every.items()],
        "ProcessingOutputConfig": {
            "Outputs": [_output(name, place) for name, place in outputs.items()],
            **jobs.output_key(manifest),
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": manifest.training.processing_type,
                "VolumeSizeInGB": jobs.VOLUME_GB,
                **jobs.volume_key(manifest, manifest.training.processing_type),
            }
        },
        "RoleArn": jobs.role(role),
        "StoppingCondition": {"MaxRuntimeInSeconds": jobs.PROCESSING_SECONDS},
        "Tags": jobs.tags(manifest),
    }


def _input(name: str, place: Value) -> dict[str, Any]:
    return {
        "InputName": name,
        "AppManaged": False,
        "S3Input": {
            **jobs.folder(place),
            "LocalPath": f"{ROOT}/input/{name}",
            "S3InputMode": "File",
            "S3CompressionType": "None",
        },
    }


def _output(name: str, place: Value) -> dict[str, Any]:
    return {
        "OutputName": name,
        "AppManaged": False,
        "S3Output": {
            "S3Uri": place,
            "LocalPath": f"{ROOT}/output/{name}",
            "S3UploadMode": "EndOfJob",
        },
    }
