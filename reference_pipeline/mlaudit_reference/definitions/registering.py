"""Requests that put a model on record: CreateModelPackage, and lineage beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions.expressions import Expression, Parameter, Run, Value, joined
from mlaudit_reference.definitions.images import training_image
from mlaudit_reference.definitions.places import raw_data, settings
from mlaudit_reference.manifest import Host, Manifest, Platform

JSON = "application/json"
SUBMIT = "/opt/ml/model/code"
REALTIME_TYPES = ("ml.c6i.large", "ml.c6i.xlarge", "ml.c6i.2xlarge", "ml.m5.large", "ml.m5.xlarge")
TRANSFORM_TYPES = ("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge")

Reports = Mapping[str, Value]
"""The places of the outputs of evaluation and of the baseline of the data, by name."""


def package(manifest: Manifest, model: Value, reports: Reports) -> dict[str, Any]:
    """The request that registers a version which a person has yet to approve.

    Args:
        manifest: The system.
        model: Where ``model.tar.gz`` lies.
        reports: The folders ``baseline``, ``bias``, ``evaluation``, ``explainability``,
            ``model_data`` and ``model_quality``.
    """
    return {
        "CustomerMetadataProperties": _metadata(manifest),
        "DriftCheckBaselines": _baselines(reports),
        "InferenceSpecification": _inference(model),
        "MetadataProperties": {
            "CommitId": Parameter("CommitId"),
            "ProjectId": manifest.belongs_to,
            "Repository": repository(manifest),
        },
        "ModelApprovalStatus": Parameter("ApprovalStatus"),
        "ModelCard": {
            "ModelCardContent": json.dumps(_card(manifest), sort_keys=True),
            "ModelCardStatus": "PendingReview",
        },
        "ModelMetrics": _metrics(reports),
        "ModelPackageDescription": f"{manifest.name}, trained with {manifest.framework}",
        "ModelPackageGroupName": names.model_group(manifest),
        "SkipModelValidation": "None",
    }


def lineage(manifest: Manifest, model: Value) -> dict[str, Any]:
    """What a Lineage step records: the data, settings and code that a run made a model of.

    SageMaker records jobs and registered versions by itself; it knows neither the state of the raw
    data nor the commit (guide items 1.1 and 3.3).
    """
    run = joined(names.training_pipeline(manifest), "-", Run("id"))
    return {
        "Actions": [
            {
                "ActionName": run,
                "ActionType": "ModelTraining",
                "Properties": {"trigger": Parameter("Trigger")},
                "Source": {"SourceType": "PipelineExecution", "SourceUri": Run("arn")},
            }
        ],
        "Artifacts": [
            _artifact(joined(run, "-data"), "DataSet", raw_data(), _state_of_data()),
            _artifact(joined(run, "-settings"), "Settings", settings(manifest), {}),
            _artifact(
                joined(run, "-code"),
                "Code",
                repository(manifest),
                {"commit": Parameter("CommitId")},
            ),
            _artifact(joined(run, "-model"), "Model", model, {}),
        ],
        "Associations": [
            _association((joined(run, "-data"), "Artifact"), (run, "Action"), "ContributedTo"),
            _association((joined(run, "-settings"), "Artifact"), (run, "Action"), "ContributedTo"),
            _association((joined(run, "-code"), "Artifact"), (run, "Action"), "ContributedTo"),
            _association((run, "Action"), (joined(run, "-model"), "Artifact"), "Produced"),
        ],
    }


def repository(manifest: Manifest) -> str:
    """Where the code is from."""
    if manifest.delivery.host is Host.JENKINS:
        return manifest.delivery.repository
    return f"https://github.com/{manifest.delivery.repository}"


def _state_of_data() -> dict[str, Expression]:
    """The buckets keep every version: the time of a run tells the state of the data it saw."""
    return {"data_as_of": Run("started"), "data_version": Parameter("DataVersion")}


def _metadata(manifest: Manifest) -> dict[str, Value]:
    return {
        **_state_of_data(),
        "data": raw_data(),
        "image": _image(manifest),
        "owner": manifest.owner,
        "trigger": Parameter("Trigger"),
    }


def _image(manifest: Manifest) -> Value:
    """The image that trained: on AWS Batch it is fixed with the job definition."""
    if manifest.platform is Platform.BATCH:
        return training_image(manifest)
    return Parameter("TrainingImage")


def _inference(model: Value) -> dict[str, Any]:
    container = {
        "Environment": {
            "SAGEMAKER_PROGRAM": "inference.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": SUBMIT,
        },
        "Image": Parameter("ServingImage"),
        "ModelDataUrl": model,
    }
    return {
        "Containers": [container],
        "SupportedContentTypes": ["application/json", "application/jsonlines", "text/csv"],
        "SupportedRealtimeInferenceInstanceTypes": list(REALTIME_TYPES),
        "SupportedResponseMIMETypes": ["application/json", "application/jsonlines"],
        "SupportedTransformInstanceTypes": list(TRANSFORM_TYPES),
    }


def _metrics(reports: Reports) -> dict[str, Any]:
    return {
        "Bias": {
            "PostTrainingReport": _file(reports["bias"], "post_training.json"),
            "PreTrainingReport": _file(reports["bias"], "pre_training.json"),
        },
        "Explainability": {"Report": _file(reports["explainability"], "analysis.json")},
        "ModelDataQuality": _pair(reports["baseline"]),
        "ModelQuality": _pair(reports["model_quality"]),
    }


def _baselines(reports: Reports) -> dict[str, Any]:
    """What monitoring compares with: baselines of this very version (guide items 2.4, 5.3)."""
    return {
        "Bias": {
            "PostTrainingConstraints": _file(reports["bias"], "post_training.json"),
            "PreTrainingConstraints": _file(reports["bias"], "pre_training.json"),
        },
        "Explainability": {"Constraints": _file(reports["explainability"], "analysis.json")},
        "ModelDataQuality": _pair(reports["baseline"]),
        "ModelQuality": _pair(reports["model_quality"]),
    }


def _pair(folder: Value) -> dict[str, Any]:
    return {
        "Constraints": _file(folder, "constraints.json"),
        "Statistics": _file(folder, "statistics.json"),
    }


def _file(folder: Value, name: str) -> dict[str, Any]:
    return {"ContentType": JSON, "S3Uri": joined(folder, f"/{name}")}


def _card(manifest: Manifest) -> dict[str, Any]:
    """What is known of a model before it is there; a person completes and approves it (9.2).

    The card of a version has a simpler schema than others (ModelPackageModelCard in the API).
    """
    protected = manifest.data.protected
    limits = manifest.evaluation
    return {
        "additional_information": {
            "caveats_and_recommendations": (
                f"Unequal treatment is measured by {protected.attribute} alone, against "
                f"{protected.privileged}."
            ),
        },
        "intended_uses": {
            "purpose_of_model": f"Predict {manifest.data.label} ({manifest.problem}).",
            "risk_rating": "Unknown",
        },
        "model_overview": {"model_creator": manifest.owner},
        "training_details": {
            "objective_function": {
                "notes": f"Registered with an AUC of {limits.auc_min} or more and a difference in "
                f"positive predictions of {limits.bias_max} or less."
            },
        },
    }


def _artifact(name: Value, kind: str, uri: Value, properties: dict[str, Any]) -> dict[str, Any]:
    made = {"ArtifactName": name, "ArtifactType": kind, "Source": {"SourceUri": uri}}
    return {**made, "Properties": properties} if properties else made


def _association(source: tuple[Value, str], target: tuple[Value, str], kind: str) -> dict[str, Any]:
    return {
        "AssociationType": kind,
        "Destination": {"Name": target[0], "Type": target[1]},
        "Source": {"Name": source[0], "Type": source[1]},
    }
