"""What runs work in order, and what starts it. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]

ML_KINDS = frozenset(
    {
        "automl",
        "batch",
        "endpoint",
        "endpointconfig",
        "inference",
        "model",
        "pipeline",
        "processing",
        "registermodel",
        "training",
        "transform",
        "tuning",
    }
)
"""Kinds of steps that make a state machine a part of machine learning."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a definition, in the order it may run.

    Attributes:
        name: Its name in the definition.
        kind: What it does, in lower case: a SageMaker Pipelines step type (``training``,
            ``tuning``, ``transform`` ...) or the same word for a Step Functions task.
        after: Names of the steps that must end before.
        image: The container image, where the definition has it literally.
        strategy: The tuning strategy, where the definition has it literally.
        parameters: Names of pipeline parameters it uses.
        refers_to: ARNs and resource names found in it, such as a queue or a function.
    """

    name: str
    kind: str
    after: tuple[str, ...]
    image: str | None
    strategy: str | None
    parameters: tuple[str, ...]
    refers_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A SageMaker pipeline with its parsed definition (``DescribePipeline``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    steps: tuple[Step, ...]
    created_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class PipelineRun:
    """One execution of a SageMaker pipeline that started inside the window."""

    arn: str
    region: str
    pipeline_arn: str
    status: str
    started_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a pipeline execution and what it made (``ListPipelineExecutionSteps``)."""

    arn: str
    """The run's ARN followed by ``#`` and the step's name: AWS gives steps no ARN."""
    region: str
    run_arn: str
    name: str
    status: str
    kind: str
    made_arn: str | None
    checks: str | None
    """What a step that checks data or a model is about, such as ``DATA_QUALITY``."""
    baseline: str | None
    """Where the constraints lie that it compared with; ``None`` where it compared nothing."""
    results: tuple[str, ...]
    """Where the statistics and constraints lie that it calculated."""
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A Step Functions state machine with its parsed definition (``DescribeStateMachine``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    express: bool
    steps: tuple[Step, ...]
    log_level: str
    log_group_arns: tuple[str, ...]
    tracing: bool
    created_at: datetime

    @property
    def runs_ml(self) -> bool:
        """Whether a task of it trains, processes, scores, registers or deploys."""
        return any(step.kind in ML_KINDS for step in self.steps)


@dataclass(frozen=True, slots=True)
class StateMachineRun:
    """The newest executions of a state machine inside the window (``ListExecutions``)."""

    arn: str
    region: str
    machine_arn: str
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AirflowEnvironment:
    """A managed Airflow environment (``GetEnvironment``); what its DAGs did is not in the API."""

    arn: str
    region: str
    name: str
    tags: Tags
    status: str
    dag_bucket_arn: str | None
    task_logging: bool


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that starts work: an EventBridge rule or an EventBridge Scheduler schedule."""

    arn: str
    region: str
    name: str
    tags: Tags
    enabled: bool
    schedule: str | None
    pattern: str | None
    targets: tuple[str, ...]
    """ARNs; of a function or a state machine without version or alias."""


PIPES = "pipes.amazonaws.com"
"""The program that starts work for every pipe."""


@dataclass(frozen=True, slots=True)
class Pipe:
    """What brings each event of a queue or a stream to a target (``ListPipes``)."""

    arn: str
    region: str
    name: str
    source_arn: str
    target_arn: str
    """Of a function or a state machine without version or alias."""
    enrichment_arn: str | None
    """What it asks on the way, named alike; ``None`` where it asks nothing."""
    enabled: bool


@dataclass(frozen=True, slots=True)
class RuleUse:
    """When an EventBridge rule on events set off its targets (CloudWatch ``Invocations``)."""

    arn: str
    """The rule's ARN followed by ``#use``."""
    region: str
    trigger_arn: str
    hours: tuple[datetime, ...]
    """The beginnings of the hours of the window in which it did."""


@dataclass(frozen=True, slots=True)
class RunStart:
    """A start of a SageMaker pipeline by a program (CloudTrail ``LookupEvents``).

    What people start by themselves is not kept.
    """

    arn: str
    """The id CloudTrail gave the call, as it has no ARN."""
    region: str
    pipeline_name: str
    """In lower case, as it stands in the pipeline's ARN."""
    program: str
    """The name of a function, or of the identity provider that vouched for what is outside;
    ``pipes.amazonaws.com`` where it was a pipe."""
    outside: bool
    at: datetime
