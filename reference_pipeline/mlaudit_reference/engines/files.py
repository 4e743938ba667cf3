"""What is compiled for an engine beside the templates, as files."""

from __future__ import annotations

import json

from mlaudit_reference import names
from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.engines import airflow
from mlaudit_reference.manifest import Engine, Manifest


def of_engine(manifest: Manifest) -> dict[str, bytes]:
    """The definition of the pipeline, to be read by people; the DAG, to be given to Airflow.

    Both stand in ``${Name}`` or in templates for what only the stacks know. A state machine is in
    its template alone.
    """
    match manifest.engine:
        case Engine.SAGEMAKER:
            name = f"definitions/{names.training_pipeline(manifest)}.json"
            return {name: (json.dumps(definition(manifest), indent=2) + "\n").encode()}
        case Engine.AIRFLOW:
            return {f"dags/{airflow.file_name(manifest)}": airflow.dag(manifest).encode()}
        case Engine.STEP_FUNCTIONS:
            return {}
