"""What watches a workload, beside single alarms. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

ANY = "*"
"""The value of a dimension that a query leaves open: it reads the metric of all there are."""


@dataclass(frozen=True, slots=True)
class WatchedMetric:
    """One CloudWatch metric that an alarm, a detector or a dashboard reads.

    Attributes:
        namespace: Its namespace, such as ``AWS/SageMaker``.
        name: Its name.
        statistic: How its values are put together, such as ``Sum`` or ``p99``; ``None`` where it is
            not said.
        dimensions: What it is of; ``*`` for a dimension that a query leaves open.
    """

    namespace: str
    name: str
    statistic: str | None
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CompositeAlarm:
    """An alarm on the state of other alarms (``DescribeAlarms``)."""

    arn: str
    region: str
    name: str
    watches: tuple[str, ...]
    """The names or ARNs of the alarms that set it off."""
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Who listens to an SNS topic that alarms or buckets notify (``ListSubscriptionsByTopic``).

    Of subscribers only numbers are kept, and which functions and queues they are: addresses never
    are.
    """

    arn: str
    region: str
    confirmed: int
    pending: int
    passes_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnomalyDetector:
    """What CloudWatch has learned of a metric's usual values (``DescribeAnomalyDetectors``).

    AWS gives it no ARN: ``arn`` is made of the metrics it is about.
    """

    arn: str
    region: str
    watches: tuple[WatchedMetric, ...]
    trained: bool


@dataclass(frozen=True, slots=True)
class LogAnomalyDetector:
    """What CloudWatch Logs has learned of usual log events (``ListLogAnomalyDetectors``)."""

    arn: str
    region: str
    name: str
    group_names: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class MonitorDetails:
    """What a Model Monitor schedule does, and its last run (``DescribeMonitoringSchedule``)."""

    arn: str
    """The schedule's ARN followed by ``#details``."""
    region: str
    schedule_arn: str
    expression: str | None
    constraints: bool
    """Whether it has constraints to hold live data or results against."""
    statistics: bool
    """Whether it has statistics of training data to compare with."""
    ground_truth: bool
    baselines: tuple[str, ...]
    """Where these constraints and statistics lie."""
    last_status: str | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class CapturedRecords:
    """Whether what data capture is to record of one variant arrives; records are not read."""

    arn: str
    """The endpoint's ARN, ``#``, the variant's name and ``#captured``."""
    region: str
    since: datetime
    """From when on records were looked for."""
    written_at: datetime | None
    """When the first of them was written; ``None`` where there is none."""
