"""Where experiments are tracked. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """A job's run in a SageMaker experiment (``ListTrialComponents``)."""

    arn: str
    region: str
    experiment: str
    job_arn: str


@dataclass(frozen=True, slots=True)
class Tracker:
    """A managed MLflow server or app, or a partner's tracker, that is up.

    What was logged to it is behind its own interface.
    """

    arn: str
    region: str
    name: str
    product: str
