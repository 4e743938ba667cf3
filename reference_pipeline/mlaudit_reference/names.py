"""What the resources of a system are called, in templates, definitions and code alike."""

from __future__ import annotations

from typing import Literal

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


def retraining_machine(manifest: Manifest) -> str:
    """The state machine that starts training, and says why."""
    return f"{manifest.name}-retraining"


def promotion_machine(manifest: Manifest) -> str:
    """The state machine that brings an approved version to where it serves."""
    return f"{manifest.name}-promotion"


def alarm(manifest: Manifest, what: str, mode: Mode | Literal[""]) -> str:
    """The alarm on something that is measured of a mode; without a mode, what all begin with.

    Args:
        manifest: The system.
        what: ``data-quality``, ``drift``, ``attribution`` or ``quality``.
        mode: The mode.
    """
    return f"{manifest.name}-{what}-{mode}"


def batch_machine(manifest: Manifest) -> str:
    """The state machine that scores files on a schedule."""
    return f"{manifest.name}-batch"


def chain_machine(manifest: Manifest) -> str:
    """The state machine that scores files with one model after another."""
    return f"{manifest.name}-chain"


def stream_consumer(manifest: Manifest) -> str:
    """The function that scores the records of a stream."""
    return f"{manifest.name}-streaming"


def feature_group(manifest: Manifest) -> str:
    """The feature group."""
    return manifest.name


def tracking_app(manifest: Manifest) -> str:
    """The MLflow app that runs are recorded in."""
    return manifest.name


def job_queue(manifest: Manifest, kind: str) -> str:
    """The queue of AWS Batch for a kind of machine: ``cpu`` or ``gpu``."""
    return f"{manifest.name}-{kind}"


def job_definition(manifest: Manifest, step: str) -> str:
    """The job definition of AWS Batch for a step."""
    return f"{manifest.name}-{step.lower()}"


def endpoint(manifest: Manifest, mode: Mode) -> str:
    """The endpoint of a mode."""
    return f"{manifest.name}-{mode}"


def input_stream(manifest: Manifest) -> str:
    """The stream of records to score."""
    return f"{manifest.name}-input"


def output_stream(manifest: Manifest) -> str:
    """The stream of results."""
    return f"{manifest.name}-scored"


PRIMARY = "Primary"
"""The variant that answers."""

SECOND = "Second"
"""The variant of an A/B test that answers a share of the requests."""

SHADOW = "Shadow"
"""The variant that gets a copy of the requests, and whose answers nobody gets."""


def variants(manifest: Manifest, mode: Mode) -> tuple[str, ...]:
    """The variants of an endpoint that answer, the shadow left out."""
    both = mode is Mode.REALTIME and manifest.realtime.second_percent
    return (PRIMARY, SECOND) if both else (PRIMARY,)


def component(manifest: Manifest, tenant: str) -> str:
    """The inference component of a tenant."""
    return f"{manifest.name}-{tenant}"


CAPTURED = "capture/"
"""Where in the data bucket endpoints keep requests and answers: ``capture/<endpoint>/<variant>/``,
then year, month, day and hour (SageMaker's data capture)."""

SCORED = "scored/"
"""Where in the data bucket results of batches lie: ``scored/<mode>/``."""

TO_SCORE = "to-score/"
"""Where in the data bucket files to be scored are put: ``to-score/<mode>/``, in JSON lines."""

LABELS = "labels/"
"""Where in the data bucket labels come that were not known when it was predicted: CSV files with
the columns of the record id and of the label."""


def endpoint_log_group(manifest: Manifest, mode: Mode) -> str:
    """Where SageMaker writes what the containers of an endpoint print."""
    return f"/aws/sagemaker/Endpoints/{endpoint(manifest, mode)}"


def component_log_group(manifest: Manifest, tenant: str) -> str:
    """Where SageMaker writes what the copies of a component print."""
    return f"/aws/sagemaker/InferenceComponents/{component(manifest, tenant)}"
