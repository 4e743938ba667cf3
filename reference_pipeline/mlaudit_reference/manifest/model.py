"""The manifest ``pipeline.yaml``: what a team says of its system; the rest is compiled from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlaudit_reference.manifest.parts import (
    Approvals,
    AutoML,
    Budget,
    Data,
    Delivery,
    Email,
    Engine,
    Evaluation,
    Features,
    Framework,
    Mode,
    Monitoring,
    Name,
    Network,
    Part,
    Platform,
    Profile,
    Reach,
    Strategy,
    Training,
    Triggers,
    Tuning,
    Workload,
)
from mlaudit_reference.manifest.serving import (
    Asynchronous,
    Batch,
    Chain,
    Components,
    Fleet,
    Realtime,
    Serverless,
    Streaming,
)


class Manifest(Part):
    """One machine-learning system.

    Attributes:
        name: Its name: those of its resources are made of it.
        workload: The workload it belongs to when it is deployed beside what is there already, as
            the tag ``mlaudit:workload`` says; ``None`` for one of its own, of its name.
        owner: Who answers for it.
        targets: The ways in which the model answers.
        encryption: ``kms`` makes a key of its own, ``aws`` uses the keys of the services.
        tags: Further tags of every resource.
    """

    version: Literal[1] = 1
    name: Name
    workload: Workload | None = None
    owner: Email
    profile: Profile = Profile.ZERO
    problem: Literal["binary_classification"] = "binary_classification"
    framework: Framework = Framework.XGBOOST
    engine: Engine = Engine.SAGEMAKER
    platform: Platform = Platform.SAGEMAKER
    data: Data
    features: Features
    training: Training = Training()
    tuning: Tuning = Tuning()
    automl: AutoML = AutoML()
    evaluation: Evaluation = Evaluation()
    targets: Annotated[frozenset[Mode], Field(min_length=1)]
    realtime: Realtime = Realtime()
    serverless: Serverless = Serverless()
    asynchronous: Asynchronous = Asynchronous()
    components: Components = Components()
    multi_model: Fleet = Fleet()
    serial: Fleet = Fleet()
    batch: Batch = Batch()
    chain: Chain = Chain()
    streaming: Streaming = Streaming()
    monitoring: Monitoring = Monitoring()
    triggers: Triggers = Triggers()
    approvals: Approvals
    network: Network = Network()
    encryption: Literal["kms", "aws"] = "kms"
    tags: Annotated[dict[str, str], Field(default_factory=dict)]
    delivery: Delivery
    budget: Budget = Budget()

    @property
    def belongs_to(self) -> str:
        """The name of the workload that everything is tagged with."""
        return self.workload or self.name

    @model_validator(mode="after")
    def _agrees(self) -> Manifest:
        if Mode.STREAMING in self.targets and self.streaming.endpoint not in self.targets:
            raise ValueError(
                f"streaming scores with the {self.streaming.endpoint} endpoint: "
                f"add {self.streaming.endpoint} to targets"
            )
        if self.platform is Platform.BATCH and self.engine is Engine.SAGEMAKER:
            raise ValueError(
                "SageMaker Pipelines run no job on AWS Batch: "
                "set engine to step-functions or airflow, or platform to sagemaker"
            )
        if self.framework in {Framework.SKLEARN, Framework.XGBOOST} and self.training.instances > 1:
            raise ValueError(
                f"{self.framework} trains on one instance here: set training.instances to 1, "
                "or framework to pytorch"
            )
        if self.framework is Framework.SKLEARN and self.tuning.strategy is Strategy.HYPERBAND:
            raise ValueError(
                "Hyperband stops trials by what they report on the way, and sklearn reports once: "
                "set tuning.strategy to Bayesian or Random"
            )
        if self.platform is Platform.BATCH:
            self._suits_batch()
        images = (self.training.image, self.training.serving_image)
        if self.framework is Framework.JAX and None in images:
            raise ValueError(
                "AWS has no image for jax: set training.image and training.serving_image"
            )
        return self

    def _suits_batch(self) -> None:
        if self.network.reach is Reach.NONE:
            raise ValueError("machines of AWS Batch live in a network: set network.reach")
        if self.tuning.enabled:
            raise ValueError("AWS Batch searches nothing: set tuning.enabled to false")
        if self.training.instances > 1:
            raise ValueError("jobs here run on one machine of AWS Batch: set instances to 1")
