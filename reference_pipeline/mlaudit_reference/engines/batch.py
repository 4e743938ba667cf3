"""Steps as jobs of AWS Batch: the same programs, with their folders named in the environment.

``container/staging.py`` reads what is written here. One job definition for each step holds its
role; what differs from run to run comes with the job.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions import images, learning, places
from mlaudit_reference.definitions.expressions import Joined, Request, Run, Value, joined
from mlaudit_reference.definitions.steps import Kind, Step
from mlaudit_reference.manifest import Manifest

ON_BATCH = frozenset({Kind.PROCESSING, Kind.TRAINING})
"""The kinds of steps that run there; whatever else AWS does stays with SageMaker."""

FETCH_AND_RUN = (
    "mkdir -p /opt/ml/code"
    " && python3 -c 'import boto3, os;"
    ' bucket, key = os.environ["CODE"][5:].split("/", 1);'
    ' boto3.client("s3").download_file(bucket, key, "/tmp/code.tar.gz")\''
    " && tar -xzf /tmp/code.tar.gz -C /opt/ml/code"
    " && exec python3 /opt/ml/code/staged.py"
)
"""Batch gets nothing for a job; the images of SageMaker have what it takes to get it."""


def submission(manifest: Manifest, step: Step) -> dict[str, Any]:
    """The request that submits a step (SubmitJob), without the name of the job."""
    said = _of_training(step) if step.kind is Kind.TRAINING else _of_processing(step)
    variables = {"CODE": places.code(), **said}
    return {
        "JobDefinition": names.job_definition(manifest, step.name),
        "JobQueue": names.job_queue(manifest, _queue(manifest, step)),
        "ContainerOverrides": {
            "Environment": [{"Name": name, "Value": each} for name, each in variables.items()]
        },
        "PropagateTags": True,
    }


def roles(step: Step) -> str:
    """What the role of a step is called."""
    role: str = step.request["RoleArn"].name
    return role.removesuffix("Role")


def is_accelerated(manifest: Manifest, step: Step) -> bool:
    """Whether a step needs a GPU."""
    return step.kind is Kind.TRAINING and images.is_accelerated(manifest.training.instance_type)


def _queue(manifest: Manifest, step: Step) -> str:
    return "gpu" if is_accelerated(manifest, step) else "cpu"


def _of_processing(step: Step) -> dict[str, Value]:
    request = step.request
    inputs = {
        f"processing/input/{each['InputName']}": each["S3Input"]["S3Uri"]
        for each in request["ProcessingInputs"]
        if each["InputName"] != "code"
    }
    outputs = {
        f"processing/output/{each['OutputName']}": each["S3Output"]["S3Uri"]
        for each in request["ProcessingOutputConfig"]["Outputs"]
    }
    return {
        **request["Environment"],
        "PROGRAM": request["AppSpecification"]["ContainerEntrypoint"][-1],
        "INPUTS": _pairs(inputs),
        "OUTPUTS": _pairs(outputs),
    }


def _of_training(step: Step) -> dict[str, Value]:
    request = step.request
    channels = {
        f"input/data/{each['ChannelName']}": each["DataSource"]["S3DataSource"]["S3Uri"]
        for each in request["InputDataConfig"]
        if each["ChannelName"] != learning.CODE_CHANNEL
    }
    said = request["HyperParameters"]
    kept = request.get("CheckpointConfig", {})
    return {
        "PROGRAM": said["sagemaker_program"],
        "HYPERPARAMETERS": _plain(said),
        "INPUTS": _pairs(channels),
        "OUTPUTS": _pairs({"output/data": places.of_run(places.MODELS, "train/data")}),
        "ARCHIVES": _pairs({"model": places.model_on_batch()}),
        **({"KEPT": _pairs({"checkpoints": kept["S3Uri"]})} if kept else {}),
    }


def _plain(hyperparameters: Request) -> str:
    own = {
        name: each for name, each in hyperparameters.items() if not name.startswith("sagemaker_")
    }
    return json.dumps(own)


def _pairs(folders: Mapping[str, Value]) -> Joined:
    parts: list[Value] = []
    for folder, uri in folders.items():
        parts += [" " if parts else "", f"{folder}=", uri]
    return joined(*parts)


def job_name(step: Step) -> Joined:
    """The name of the job of a step in this run."""
    return joined(f"{step.name[:10].lower()}-", Run("id"))
