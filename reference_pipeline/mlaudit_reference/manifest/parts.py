"""The parts of a manifest, each with its defaults."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
Workload = Annotated[str, Field(pattern=r"^[\w.:/=+@-]([\w .:/=+@-]{0,126}[\w.:/=+@-])?$")]
"""What AWS takes as the value of a tag, and no space at either end."""

Column = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$", max_length=64)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
Image = Annotated[
    str, Field(pattern=r"^[\w.-]+(:\d+)?/[\w./-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$")
]
Cron = Annotated[str, Field(pattern=r"^(cron|rate)\(.+\)$")]


class Part(BaseModel):
    """One part of the manifest: nothing in it is changed later, and nothing in it is ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Profile(StrEnum):
    """A set of defaults: what a system may cost at rest, and so what it can prove."""

    ZERO = "zero"
    DEMO = "demo"
    PRODUCTION = "production"


class Framework(StrEnum):
    """What the model is trained with; it decides the image and the entry script, nothing else."""

    SKLEARN = "sklearn"
    XGBOOST = "xgboost"
    PYTORCH = "pytorch"
    JAX = "jax"


class Engine(StrEnum):
    """What runs the steps of the training pipeline one after the other."""

    SAGEMAKER = "sagemaker"
    STEP_FUNCTIONS = "step-functions"
    AIRFLOW = "airflow"


class Platform(StrEnum):
    """What the training jobs run on."""

    SAGEMAKER = "sagemaker"
    BATCH = "batch"


class Strategy(StrEnum):
    """How the next hyperparameters to try are chosen."""

    BAYESIAN = "Bayesian"
    HYPERBAND = "Hyperband"
    RANDOM = "Random"


class Mode(StrEnum):
    """A way in which the model answers."""

    REALTIME = "realtime"
    SERVERLESS = "serverless"
    ASYNC = "async"
    BATCH = "batch"
    STREAMING = "streaming"
    MULTI_MODEL = "multi-model"
    COMPONENTS = "components"
    SERIAL = "serial"
    CHAIN = "chain"
    EDGE = "edge"


class Protected(Part):
    """The attribute by which unequal treatment is measured.

    Attributes:
        attribute: The column that holds it.
        privileged: The value of the group that others are compared with.
    """

    attribute: Column
    privileged: str


class Data(Part):
    """The data: CSV files with a header under a prefix of the data bucket.

    Attributes:
        prefix: Where new data is put in the data bucket.
        label: The column to predict, 0 or 1.
        record_id: The column that names a record.
        event_time: The column that holds when it came about.
        least: With fewer records nothing is trained.
        retain: Whether the buckets outlive the stack that made them.
    """

    prefix: Annotated[str, Field(pattern=r"^[a-z0-9/_-]+/$")] = "raw/"
    label: Column
    record_id: Column
    event_time: Column
    protected: Protected
    least: Count = 1000
    retain: bool = False


class Features(Part):
    """The columns a model sees, and whether a feature store keeps them.

    Attributes:
        store: Whether there is a feature group with an offline store.
        online: Whether it has an online store too.
    """

    numeric: Annotated[tuple[Column, ...], Field(min_length=1)]
    categorical: tuple[Column, ...] = ()
    store: bool = True
    online: bool = False


class Training(Part):
    """How a model is trained.

    Attributes:
        instances: More than one trains in parallel on evenly split data.
        spot: Whether spare capacity is used, with checkpoints to go on from.
        max_hours: When a job is stopped, whatever it has reached.
        tracking: Whether runs are recorded in an MLflow app.
        incremental: Whether training starts from an earlier model, which each run names.
        image: The image of training and processing, best by its digest; ``None`` for AWS's own.
        serving_image: The image that answers requests; ``None`` for AWS's own.
        cache_days: For how many days a step with equal inputs is not run again; 0 for never. Each
            run then names the version of its data.
    """

    instance_type: InstanceType = "ml.m5.xlarge"
    processing_type: InstanceType = "ml.m5.xlarge"
    instances: Annotated[int, Field(ge=1, le=16)] = 1
    spot: bool = True
    max_hours: Annotated[int, Field(ge=1, le=120)] = 1
    tracking: bool = True
    incremental: bool = False
    image: Image | None = None
    serving_image: Image | None = None
    cache_days: Annotated[int, Field(ge=0, le=365)] = 0


class Tuning(Part):
    """How hyperparameters are looked for.

    Attributes:
        max_jobs: How many training jobs a search may start.
        parallel: How many of them run at once.
        warm_start: The tuning jobs to learn from, by name.
        early_stopping: Whether a job that falls behind is stopped.
    """

    enabled: bool = True
    strategy: Strategy = Strategy.BAYESIAN
    max_jobs: Annotated[int, Field(ge=1, le=500)] = 10
    parallel: Annotated[int, Field(ge=1, le=100)] = 2
    warm_start: tuple[str, ...] = ()
    early_stopping: bool = True

    @model_validator(mode="after")
    def _fits(self) -> Tuning:
        if self.parallel > self.max_jobs:
            raise ValueError(f"parallel ({self.parallel}) exceeds max_jobs ({self.max_jobs})")
        if self.early_stopping and self.strategy is Strategy.HYPERBAND:
            raise ValueError("Hyperband stops jobs by itself: set early_stopping to false")
        return self


class AutoML(Part):
    """Whether an AutoML job looks for a model too, and how far it may go."""

    enabled: bool = False
    max_candidates: Annotated[int, Field(ge=1, le=750)] = 10
    max_hours: Annotated[int, Field(ge=1, le=24)] = 2


class Evaluation(Part):
    """What a model must reach to be registered.

    Attributes:
        auc_min: The least area under the ROC curve on the test data.
        bias_max: The greatest absolute difference in positive predicted labels between groups.
    """

    auc_min: Share = 0.7
    bias_max: Share = 0.2


class Monitoring(Part):
    """How the system is watched.

    Attributes:
        schedule: When the drift job looks at what was predicted.
        psi_max: Population stability index of a feature above which an alarm goes off.
        quality_min: Area under the ROC curve against the ground truth below which one goes off.
        attribution_min: Agreement (NDCG) of what moves answers now with what did in training, below
            which one goes off.
        window_hours: How far back the drift job looks at requests.
        truth_days: How far back it looks at answers whose labels may have come since.
        log_days: How long logs are kept; regulation often asks for 180 days or more.
        dashboard: Whether there is a dashboard.
        tracing: Whether requests are traced with X-Ray.
    """

    schedule: Cron = "cron(0 5 * * ? *)"
    psi_max: Annotated[float, Field(gt=0)] = 0.2
    quality_min: Share = 0.68
    attribution_min: Share = 0.9
    window_hours: Annotated[int, Field(ge=1, le=720)] = 26
    truth_days: Annotated[int, Field(ge=1, le=365)] = 30
    log_days: Literal[30, 60, 90, 180, 365, 731, 1827] = 365
    dashboard: bool = True
    tracing: bool = True


class Triggers(Part):
    """What starts training anew.

    Attributes:
        schedule: At set times; ``None`` for never.
        new_data: When new data arrives.
        quality: When quality against the ground truth drops.
        drift: When the distribution of the data or the importance of features shifts.
        new_files: How many new files are enough to train on.
        rest_hours: How long nothing but the schedule starts training again after it was started.
    """

    schedule: Cron | None = "cron(0 2 1 * ? *)"
    new_data: bool = True
    new_files: Count = 1
    rest_hours: Annotated[int, Field(ge=0, le=720)] = 6
    quality: bool = True
    drift: bool = True


class Approvals(Part):
    """Who hears of alarms and who approves a model for promotion.

    Attributes:
        notify: The addresses that the topic of alarms mails to.
        bake_minutes: How long a promoted version is watched before it counts as promoted.
    """

    notify: Annotated[tuple[Email, ...], Field(min_length=1)]
    bake_minutes: Annotated[int, Field(ge=1, le=1440)] = 15


class Reach(StrEnum):
    """What network the jobs and endpoints live in."""

    NONE = "none"
    SHARED = "shared"
    OWN = "own"


class Network(Part):
    """The network: none of your own, one that is there already, or one the stack makes.

    Attributes:
        subnets: The subnets of a shared network.
        security_groups: Its security groups.
        cidr: The addresses of an own one.
    """

    reach: Reach = Reach.NONE
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    cidr: str = "10.42.0.0/16"

    @model_validator(mode="after")
    def _complete(self) -> Network:
        if self.reach is Reach.SHARED and not (self.subnets and self.security_groups):
            raise ValueError("a shared network needs subnets and security_groups")
        return self


class Host(StrEnum):
    """What runs continuous integration and delivery."""

    GITHUB = "github"
    CODEPIPELINE = "codepipeline"
    JENKINS = "jenkins"


class Accounts(Part):
    """The accounts of the environments; one account may stand for all of them."""

    dev: AccountId
    staging: AccountId
    prod: AccountId


class Delivery(Part):
    """How changes reach the environments.

    Attributes:
        repository: ``owner/name`` of the repository.
        branch: The branch that is delivered.
        accounts: Where to; ``None`` delivers to the account of the stack alone.
    """

    enabled: bool = True
    host: Host = Host.GITHUB
    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    branch: str = "main"
    accounts: Accounts | None = None


class Budget(Part):
    """What may be spent.

    Attributes:
        monthly_usd: The limit a month; 80 and 100 percent of it are told.
        ttl_days: After how many days the stacks delete themselves; ``None`` for never.
    """

    monthly_usd: Annotated[float, Field(gt=0)] = 50
    ttl_days: Annotated[int, Field(ge=1, le=365)] | None = None
