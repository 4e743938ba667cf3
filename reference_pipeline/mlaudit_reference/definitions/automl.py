"""Requests for AutoML jobs, which look for a model of their own over the raw data."""

from __future__ import annotations

from typing import Any

from mlaudit_reference.definitions import jobs, places
from mlaudit_reference.definitions.expressions import Run, joined
from mlaudit_reference.manifest import Manifest


def steps_request(manifest: Manifest) -> dict[str, Any]:
    """The request of an AutoML job over the raw data (CreateAutoMLJob, mode ENSEMBLING).

    It is the one form that pipelines know: AutoML steps make jobs of the first version, in this
    mode (SageMaker developer guide, "AutoML step").
    """
    limits = {"MaxAutoMLJobRuntimeInSeconds": manifest.automl.max_hours * jobs.SECONDS}
    return {
        "AutoMLJobConfig": {
            "CompletionCriteria": limits,
            "Mode": "ENSEMBLING",
            "SecurityConfig": _security(manifest),
        },
        "AutoMLJobObjective": {"MetricName": "AUC"},
        "InputDataConfig": [
            {
                "ContentType": "text/csv;header=present",
                "DataSource": _source(),
                "TargetAttributeName": manifest.data.label,
            }
        ],
        "OutputDataConfig": _output(manifest),
        "ProblemType": "BinaryClassification",
        "RoleArn": jobs.role("AutoML"),
        "Tags": jobs.tags(manifest),
    }


def request(manifest: Manifest) -> dict[str, Any]:
    """The same for engines that call the API themselves (CreateAutoMLJobV2, tabular)."""
    criteria = {
        "MaxAutoMLJobRuntimeInSeconds": manifest.automl.max_hours * jobs.SECONDS,
        "MaxCandidates": manifest.automl.max_candidates,
    }
    return {
        "AutoMLJobInputDataConfig": [
            {
                "ChannelType": "training",
                "ContentType": "text/csv;header=present",
                "DataSource": _source(),
            }
        ],
        "AutoMLJobObjective": {"MetricName": "AUC"},
        "AutoMLProblemTypeConfig": {
            "TabularJobConfig": {
                "CompletionCriteria": criteria,
                "ProblemType": "BinaryClassification",
                "TargetAttributeName": manifest.data.label,
            }
        },
        "OutputDataConfig": _output(manifest),
        "RoleArn": jobs.role("AutoML"),
        "SecurityConfig": _security(manifest),
        "Tags": jobs.tags(manifest),
    }


def _source() -> dict[str, Any]:
    """What an AutoML job learns from: it prepares raw data by itself."""
    return {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": places.raw_data()}}


def _output(manifest: Manifest) -> dict[str, Any]:
    """Where an AutoML job writes."""
    place = joined(places.artifact(places.AUTOML), Run("id"))
    return {"S3OutputPath": place, **jobs.output_key(manifest)}


def _security(manifest: Manifest) -> dict[str, Any]:
    """How an AutoML job is closed off."""
    encrypted = manifest.encryption == "kms"
    return {
        "EnableInterContainerTrafficEncryption": True,
        **({"VolumeKmsKeyId": jobs.KEY} if encrypted else {}),
        **jobs.network(manifest),
    }
