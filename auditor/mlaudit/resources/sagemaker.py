"""Amazon SageMaker resources, as far as checks ask for them. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]

_SERVING = frozenset(
    {"InService", "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed"}
)


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a model or of a model package."""

    image: str | None
    image_digest: str | None
    model_data: str | None
    package_arn: str | None
    multi_model: bool
    framework: str | None
    framework_version: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """A deployable model (``DescribeModel``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    containers: tuple[Container, ...]
    execution_mode: str | None
    """``Serial`` chains the containers, ``Direct`` calls each by name; ``None`` with one."""
    network_isolation: bool
    in_network: bool
    """Whether it runs in a network of the account."""
    role: str | None
    """The role that its containers act in."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DataCapture:
    """What an endpoint or a transform job records of requests and answers."""

    enabled: bool
    sampling_percent: int | None
    modes: tuple[str, ...]
    destination: str | None
    encrypted: bool
    """Whether what it records is encrypted with a key that it names."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One production variant of an endpoint configuration."""

    name: str
    model_name: str | None
    instance_type: str | None
    instance_count: int | None
    serverless_concurrency: int | None
    managed_scaling: bool
    managed_min: int | None
    managed_max: int | None
    instance_pools: tuple[str, ...]
    weight: float | None


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """The configuration an endpoint serves with (``DescribeEndpointConfig``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    variants: tuple[Variant, ...]
    shadow_variants: tuple[Variant, ...]
    asynchronous: bool
    error_topic: bool
    """Whether requests that fail asynchronously are told to a topic."""
    encrypts_volumes: bool
    """Whether the volumes of its machines are encrypted with a key that it names."""
    data_capture: DataCapture | None
    explains: bool
    """Whether SageMaker Clarify explains its answers."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UnusedEndpointConfig:
    """An endpoint configuration that no endpoint names: listed, not described."""

    arn: str
    region: str
    name: str
    tags: Tags
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint (``DescribeEndpoint``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    config_name: str | None
    variant_names: tuple[str, ...]
    created_at: datetime
    modified_at: datetime

    @property
    def serving(self) -> bool:
        """Whether it answers requests now, with one version or another."""
        return self.status in _SERVING


@dataclass(frozen=True, slots=True)
class InferenceComponent:
    """A model placed on an endpoint's fleet (``DescribeInferenceComponent``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    endpoint_arn: str
    variant_name: str | None
    model_name: str | None
    copies: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ModelPackageGroup:
    """A name under which versions of a model are registered (``DescribeModelPackageGroup``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """One registered model version (``DescribeModelPackage``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    group_name: str | None
    version: int | None
    status: str
    approval: str | None
    containers: tuple[Container, ...]
    generated_by: str | None
    commit: str | None
    repository: str | None
    metadata_keys: tuple[str, ...]
    """Names of its customer metadata; the values may hold secrets."""
    quality_uri: str | None
    data_quality_uri: str | None
    data_bias_uri: str | None
    bias_uri: str | None
    explainability_uri: str | None
    baselines: Mapping[str, str]
    """Where monitoring finds what to compare with, by kind, such as ``ModelQuality``."""
    created_by: str | None
    modified_by: str | None
    approval_note: bool
    card_status: str | None
    """The status of the card that is kept with it; ``None`` without one."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FeatureGroup:
    """A group of features with its stores (``DescribeFeatureGroup``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str | None
    described: bool
    online: bool
    offline_uri: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MonitoringSchedule:
    """A Model Monitor schedule (``ListMonitoringSchedules``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    monitoring_type: str | None
    endpoint_name: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RecommendationJob:
    """An Inference Recommender run (``ListInferenceRecommendationsJobs``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    job_type: str
    model_name: str | None
    package_version_arn: str | None
    created_at: datetime
    completed_at: datetime | None
