"""What builds, tests and delivers by the code services of AWS. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryAction:
    """One action of a delivery pipeline.

    Attributes:
        stage: The stage it is in.
        name: Its name.
        category: What it does, in lower case: ``source``, ``build``, ``test``, ``deploy``,
            ``approval``, ``invoke`` or ``compute``.
        provider: What does it, such as ``CodeBuild`` or ``Manual``.
        project: The build project it runs, where it runs one.
        stack: The CloudFormation stack it makes, where it makes one.
        account: The account whose role it takes on; ``None`` for that of its pipeline.
    """

    stage: str
    name: str
    category: str
    provider: str
    project: str | None
    stack: str | None
    account: str | None

    @property
    def words(self) -> str:
        """How a fact names it."""
        return f"{self.stage}/{self.name}"


@dataclass(frozen=True, slots=True)
class DeliveryPipeline:
    """A pipeline of CodePipeline with its actions in the order they run (``GetPipeline``)."""

    arn: str
    region: str
    name: str
    tags: Tags
    actions: tuple[DeliveryAction, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """An execution of a delivery pipeline that started in the window (``ListPipelineExecutions``).

    One that succeeded passed every stage.
    """

    arn: str
    """The pipeline's ARN followed by ``#`` and the execution's id."""
    region: str
    pipeline_arn: str
    status: str
    trigger: str
    """What started it, such as ``WebhookV2``; empty where AWS does not tell."""
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Runbook:
    """An automation document of the account that carries a workload's tag (``ListDocuments``)."""

    arn: str
    region: str
    name: str
    tags: Tags
