"""Work that runs and ends: SageMaker jobs and AWS Batch jobs. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fleet:
    """The machines of one job: a type and how many of it."""

    instance_type: str
    count: int


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """A training job (``DescribeTrainingJob``); secret-looking hyperparameters are left out."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    image: str | None
    algorithm: str | None
    fleets: tuple[Fleet, ...]
    hyperparameters: Mapping[str, str]
    inputs: tuple[str, ...]
    artifact: str | None
    tuning_job_arn: str | None
    auto_ml_job_arn: str | None
    spot: bool
    checkpoint_uri: str | None
    other_data: bool
    """Whether it reads data from anywhere but S3, or names none at all."""
    shards: bool
    """Whether a channel gives each of its machines a part of the data of its own."""
    isolated: bool
    """Whether its containers reach no network."""
    in_network: bool
    """Whether it runs in a network of the account."""
    role: str | None
    """The role that its containers act in."""
    encrypts_volumes: bool
    """Whether its volumes are encrypted with a key that it names."""
    encrypts_results: bool
    """Whether what it makes is encrypted with a key that it names."""
    encrypts_traffic: bool
    """Whether its machines talk to each other encrypted."""
    debugger: bool
    """Whether SageMaker Debugger watches it, by rules or by its profiling."""
    experiment: str | None
    mlflow_arn: str | None
    """``None`` too where only ``Search`` told of it, which leaves MLflow out."""
    metrics: tuple[str, ...]
    """Names of the metrics whose last values SageMaker keeps."""
    created_at: datetime
    ended_at: datetime | None

    @property
    def instances(self) -> int:
        """How many machines it ran on."""
        return sum(fleet.count for fleet in self.fleets)


@dataclass(frozen=True, slots=True)
class HostUse:
    """Mean use of one host of a training job, in percent of all its processors or accelerators.

    Source: CloudWatch ``/aws/sagemaker/TrainingJobs``, dimension ``Host``. ``percent`` is the
    accelerator's mean per device where there is one, else the processor's per core. It is ``None``
    where CloudWatch holds no data point.
    """

    arn: str
    region: str
    host: str
    job_arn: str
    percent: float | None


@dataclass(frozen=True, slots=True)
class TrainingTools:
    """What inspects a training job that is long or has accelerators (``DescribeTrainingJob``)."""

    arn: str
    """The job's ARN followed by ``#tools``."""
    region: str
    job_arn: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TuningJob:
    """A hyperparameter tuning job (``DescribeHyperParameterTuningJob``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    strategy: str
    best_training_job_arn: str | None
    instance_types: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AutoMLJob:
    """An AutoML (Autopilot) job (``ListAutoMLJobs``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcessingJob:
    """A processing job (``DescribeProcessingJob``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    image: str | None
    inputs: tuple[str, ...]
    queried: tuple[str, ...]
    """Databases it reads by a query, such as ``athena:AwsDataCatalog/lake``."""
    outputs: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TransformJob:
    """A batch transform job (``DescribeTransformJob``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    model_name: str
    inputs: tuple[str, ...]
    output: str | None
    input_filter: str | None
    output_filter: str | None
    joins_input: bool
    captures: bool
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchQueue:
    """An AWS Batch job queue (``DescribeJobQueues``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    state: str


@dataclass(frozen=True, slots=True)
class BatchJob:
    """An AWS Batch job (``DescribeJobs``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    queue_arn: str
    definition_arn: str
    image: str | None
    nodes: int
    gpus: int
    log_stream: str | None
    created_at: datetime
    ended_at: datetime | None
