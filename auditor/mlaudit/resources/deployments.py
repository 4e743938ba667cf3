"""How new versions come to serve. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deployment:
    """How an endpoint or an inference component was last updated, as far as it was asked for.

    Source: ``LastDeploymentConfig`` and ``ProductionVariants`` of ``DescribeEndpoint``, and
    ``LastDeploymentConfig`` of ``DescribeInferenceComponent``.
    """

    arn: str
    """The ARN of what was updated, followed by ``#deployment``."""
    region: str
    subject_arn: str
    strategy: str | None
    """``ALL_AT_ONCE``, ``CANARY``, ``LINEAR`` or ``ROLLING``; ``None`` leaves it to AWS."""
    bake_seconds: int | None
    """How long the old fleet stays after the traffic has moved."""
    alarm_names: tuple[str, ...]
    """The alarms that bring the old version back."""
    weights: Mapping[str, float]
    """The share of the traffic that each variant gets now."""
    images: Mapping[str, str]
    """The images that were asked for, each with the name, by digest, of the one it stood for."""
    failed: bool
    """Whether AWS gives a reason why its last change failed; the reason itself is not kept."""
    modified_at: datetime
    """When the subject last changed in any way, scaling included."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call that somebody made with success in the window (CloudTrail ``LookupEvents``)."""

    arn: str
    """The id CloudTrail gave it, as it has no ARN."""
    region: str
    name: str
    subject: str
    """The name of what it was about."""
    caller: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShadowTest:
    """An inference experiment (``DescribeInferenceExperiment``) that changed in the window."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    endpoint_name: str
    model_names: tuple[str, ...]
    sampling_percent: int
    started_at: datetime | None
    ended_at: datetime | None
