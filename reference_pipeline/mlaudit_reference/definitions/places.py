"""Where the steps read and write: under a prefix for each step, in a folder for each run.

The prefix comes first so that the role of a step can be bound to it, the folder of the run so that
nothing a model was made from is ever written over (guide item 1.4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference import bundle
from mlaudit_reference.definitions.expressions import (
    Deployed,
    Joined,
    Output,
    Parameter,
    Run,
    joined,
)
from mlaudit_reference.manifest import Manifest

DATA_BUCKET = Deployed("DataBucket")
ARTIFACT_BUCKET = Deployed("ArtifactBucket")

VALIDATION = "training/validation/"
PREPARED = "training/prepared/"
MODELS = "training/models/"
CHECKPOINTS = "training/checkpoints/"
EVALUATION = "training/evaluation/"
AUTOML = "training/automl/"
SETTINGS = "settings/"
FEATURES = "features/"
"""Where the offline feature store lies in the data bucket."""

MODEL_ARCHIVE = "output/model.tar.gz"


def artifact(key: str) -> Joined:
    """Something in the artifact bucket."""
    return joined("s3://", ARTIFACT_BUCKET, "/", key)


def of_run(prefix: str, name: str) -> Joined:
    """A folder of this run."""
    return joined("s3://", ARTIFACT_BUCKET, f"/{prefix}", Run("id"), f"/{name}")


def raw_data() -> Joined:
    """The data that a run is about."""
    return joined("s3://", DATA_BUCKET, "/", Parameter("DataPrefix"))


def output(step: str, prefix: str, name: str) -> Output:
    """An output of a processing step."""
    return Output(step, name, of_run(prefix, name))


def model_on_batch() -> Joined:
    """Where a job of AWS Batch puts the model: no service names its place."""
    return of_run(MODELS, f"train/{MODEL_ARCHIVE}")


def code() -> Joined:
    """What the containers run."""
    return artifact(bundle.source_key())


def settings(manifest: Manifest) -> Joined:
    """What a system is about, for the code in the containers."""
    return artifact(settings_key(manifest))


def settings_key(manifest: Manifest) -> str:
    """The key of the settings in the artifact bucket: another one for other settings."""
    return f"{_folder(manifest)}settings.json"


def documents(manifest: Manifest) -> Mapping[str, bytes]:
    """What must lie in the artifact bucket beside the code, by key, before a run starts."""
    return {settings_key(manifest): _written(settings_document(manifest))}


def settings_document(manifest: Manifest) -> dict[str, Any]:
    """The settings as the code in the containers reads them (``container/README.md``)."""
    return {
        "name": manifest.name,
        "problem": manifest.problem,
        "label": manifest.data.label,
        "record_id": manifest.data.record_id,
        "event_time": manifest.data.event_time,
        "protected": manifest.data.protected.model_dump(),
        "features": {
            "numeric": list(manifest.features.numeric),
            "categorical": list(manifest.features.categorical),
        },
        "thresholds": {
            "auc_min": manifest.evaluation.auc_min,
            "bias_max": manifest.evaluation.bias_max,
        },
        "seed": 0,
    }


def _folder(manifest: Manifest) -> str:
    digest = hashlib.sha256(_written(settings_document(manifest))).hexdigest()
    return f"{SETTINGS}{digest[:16]}/"


def _written(document: object) -> bytes:
    return json.dumps(document, indent=2, sort_keys=True).encode()
