"""The services around a workload: scaling, alarms, logs, functions, streams, buckets, tags.

No field has a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mlaudit.resources.monitoring import WatchedMetric

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ResourceTags:
    """The tags of one resource, from the account-wide listing (``GetResources``)."""

    arn: str
    region: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class ScalableTarget:
    """What Application Auto Scaling may scale, and between which bounds."""

    arn: str
    region: str
    resource_id: str
    dimension: str
    minimum: int
    maximum: int
    suspended: bool


@dataclass(frozen=True, slots=True)
class InstanceQuota:
    """How many instances of a type the account may serve with (``ListServiceQuotas``)."""

    arn: str
    region: str
    instance_type: str
    allowed: int


@dataclass(frozen=True, slots=True)
class ScalingPolicy:
    """One rule by which a target scales (``DescribeScalingPolicies``)."""

    arn: str
    region: str
    name: str
    resource_id: str
    dimension: str
    policy_type: str
    metric: str | None
    target_value: float | None


@dataclass(frozen=True, slots=True)
class ScheduledScaling:
    """A scheduled change of a target's bounds (``DescribeScheduledActions``)."""

    arn: str
    region: str
    name: str
    resource_id: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests one endpoint variant answered in the window (CloudWatch ``Invocations``)."""

    arn: str
    """The endpoint's ARN followed by ``#`` and the variant's name."""
    region: str
    endpoint_arn: str
    variant_name: str
    requests: float
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class ComponentTraffic:
    """Requests one inference component answered in the window (CloudWatch ``Invocations``)."""

    arn: str
    """The component's ARN followed by ``#requests``."""
    region: str
    component_arn: str
    requests: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """A CloudWatch metric alarm (``DescribeAlarms``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    namespace: str | None
    metric: str | None
    dimensions: Mapping[str, str]
    watches: tuple[WatchedMetric, ...]
    """Every metric it reads, by itself, in an expression or by a query."""
    hides_metrics: bool
    """Whether it reads metrics of SageMaker by a query that is not understood."""
    state: str
    actions: tuple[str, ...]
    """What it does when it goes off; empty where its actions are switched off."""


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A CloudWatch log group (``DescribeLogGroups``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    retention_days: int | None
    """``None`` keeps events for ever."""


@dataclass(frozen=True, slots=True)
class LogStream:
    """A log stream that received events inside the window (``DescribeLogStreams``)."""

    arn: str
    region: str
    group_name: str
    name: str
    last_event_at: datetime


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function (``ListFunctions``).

    ``endpoint_names`` are the values of its environment that equal the name of an endpoint of the
    account; no other environment value is ever kept.
    """

    arn: str
    region: str
    name: str
    tags: Tags
    traced: bool
    runtime: str | None
    """``None`` for a function that is a container image."""
    endpoint_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """What feeds a Lambda function (``ListEventSourceMappings``)."""

    arn: str
    region: str
    function_arn: str
    source_arn: str | None
    """``None`` for a self-managed Kafka cluster."""
    enabled: bool
    keeps_failures: bool
    """Whether what its function cannot handle goes somewhere else."""
    splits_batches: bool
    """Whether one bad record is told apart from the others of its batch."""
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class KinesisStream:
    """A Kinesis data stream (``ListStreams``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str


@dataclass(frozen=True, slots=True)
class KafkaCluster:
    """A managed Kafka cluster (``ListClustersV2``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    state: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """Facts of a bucket that a workload reads or writes."""

    arn: str
    region: str
    name: str
    versioned: bool
    sends_events: bool
    """Whether object events go to EventBridge, a queue, a topic or a function."""
    notifies: tuple[str, ...]
    """The queues, topics and functions that hear of new objects."""


@dataclass(frozen=True, slots=True)
class RolePermissions:
    """What is too much of what a role may do; its policies themselves are not kept."""

    arn: str
    region: str
    name: str
    everything: tuple[str, ...]
    """Names of its policies that allow everything, or that AWS made for far more than one job."""
    wide: tuple[str, ...]
    """Services of which it may do everything, as ``s3:*``, and whether it may pass on any role."""
    bounded: bool
    """Whether a permissions boundary holds it."""
