"""What the service model says about each SageMaker resource: its keys, its ARN, its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from botocore.model import ListShape, Shape, StructureShape

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Record

SERVICE = "sagemaker"
MODEL = models.service(SERVICE)

# Two Create and Describe operations of one resource.
SAME = {"AutoMLJobV2": "AutoMLJob"}

_ARN_TYPES: Mapping[str, str] = {
    "AutoMLJob": "automl-job",
    "CodeRepository": "code-repository",
    "HumanTaskUi": "human-task-ui",
    "InferenceRecommendationsJob": "inference-recommendations-job",
    "Trial": "experiment-trial",
    "TrialComponent": "experiment-trial-component",
    "MlflowTrackingServer": "mlflow-tracking-server",
    "AIBenchmarkJob": "ai-benchmark-job",
    "AIRecommendationJob": "ai-recommendation-job",
    "AIWorkloadConfig": "ai-workload-config",
}
# What the name of a list operation says instead of the plural of its resource.
_LISTED = {
    "ListTrainingJobsForHyperParameterTuningJob": "TrainingJob",
    "ListCandidatesForAutoMLJob": "Candidate",
    "ListLabelingJobsForWorkteam": "LabelingJob",
    "ListImageVersions": "ImageVersion",
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def exists(operation: str) -> bool:
    """Tell whether SageMaker has an operation of this name."""
    return MODEL is not None and operation in MODEL.operation_names


def arn_type(kind: str) -> str:
    """Return the type part of a resource's ARN."""
    return _ARN_TYPES.get(kind) or _WORD.sub("-", kind).lower()


def plural(kind: str) -> str:
    """Return the name a list operation has for a kind of resource."""
    return kind[:-1] + "ies" if kind.endswith("y") else kind + "s"


@cache
def keys(kind: str) -> tuple[str, ...]:
    """Return the members that name one resource of a kind in requests."""
    for verb in ("Describe", "Delete", "Update", "Stop"):
        if exists(verb + kind):
            shape = models.operation(SERVICE, verb + kind).input_shape
            required = shape.required_members if isinstance(shape, StructureShape) else []
            return tuple(key for key in required if key != "ClientRequestToken")
    return ()


@cache
def listed_kind(operation: str) -> str:
    """Return the kind of resource a list operation lists."""
    if operation in _LISTED:
        return _LISTED[operation]
    noun = operation.removeprefix("List")
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


@cache
def summary(operation: str) -> tuple[str, Shape] | None:
    """Return the list member of an operation's output and the shape of its items."""
    lists = [
        (name, shape)
        for name, shape in models.outputs(SERVICE, operation).items()
        if isinstance(shape, ListShape)
    ]
    lists.sort(key=lambda pair: not isinstance(pair[1].member, StructureShape))
    return (lists[0][0], lists[0][1].member) if lists else None


@cache
def fields(kind: str) -> Mapping[str, Shape]:
    """Return every member that some output says about a kind, with its shape."""
    found: dict[str, Shape] = {}
    for verb in ("Describe", "Create"):
        for versioned in (kind, *(new for new, old in SAME.items() if old == kind)):
            for name, shape in models.outputs(SERVICE, verb + versioned).items():
                found.setdefault(name, shape)
    item = summary("List" + plural(kind)) if exists("List" + plural(kind)) else None
    if item and isinstance(item[1], StructureShape):
        for name, shape in item[1].members.items():
            found.setdefault(name, shape)
    return found


@cache
def name_key(kind: str) -> str:
    """Return the member that holds the name of a kind."""
    own = [key for key in keys(kind) if key.endswith("Name")]
    if f"{kind}Name" in fields(kind):
        return f"{kind}Name"
    return own[-1] if own else f"{kind}Name"


@cache
def arn_keys(kind: str) -> tuple[str, ...]:
    """Return the members that hold the ARN of a kind itself."""
    own = tuple(name for name in fields(kind) if name in {f"{kind}Arn", "Arn"})
    created = tuple(
        name for name in models.outputs(SERVICE, "Create" + kind) if name.endswith("Arn")
    )
    return own or created


def name_of(kind: str, record: Record) -> str:
    """Return the name of a record."""
    return str(record.get(name_key(kind)) or record["_arn"].rsplit("/", 1)[-1])
