"""What the resources of a system are called, in templates, definitions and code alike."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest, Mode


def stack_name(manifest: Manifest, stack: str) -> str:
    """The name of a stack when it is deployed."""
    return f"{manifest.name}-{stack}"


def model_group(manifest: Manifest) -> str:
    """The model package group that all versions are registered in."""
    return manifest.name


def training_pipeline(manifest: Manifest) -> str:
    """The pipeline (or state machine) that trains, judges and registers a model."""
    return f"{manifest.name}-training"


def monitoring_pipeline(manifest: Manifest) -> str:
    """The pipeline that looks for drift."""
    return f"{manifest.name}-monitoring"


def batch_machine(manifest: Manifest) -> str:
    """The state machine that scores files on a schedule."""
    return f"{manifest.name}-batch"


def feature_group(manifest: Manifest) -> str:
    """The feature group."""
    return manifest.name


def tracking_app(manifest: Manifest) -> str:
    """The MLflow app that runs are recorded in."""
    return manifest.name


def endpoint(manifest: Manifest, mode: Mode) -> str:
    """The endpoint of a mode."""
    return f"{manifest.name}-{mode}"


def endpoint_log_group(manifest: Manifest, mode: Mode) -> str:
    """Where SageMaker writes what the containers of an endpoint print."""
    return f"/aws/sagemaker/Endpoints/{endpoint(manifest, mode)}"
