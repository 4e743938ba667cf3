"""The parts of a manifest that say how the model answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlaudit_reference.manifest.parts import Count, Cron, InstanceType, Mode, Name, Part

SEVERAL = 2
"""Instances that survive the loss of one."""

Short = Annotated[Name, Field(max_length=16)]
"""A name that is a part of another one."""


class Scaling(Part):
    """How far an endpoint grows and shrinks.

    Attributes:
        minimum: Instances that are always there; 0 only for modes that can start from nothing.
        maximum: The most there may be of each variant: the worst case of the bill.
        invocations: Requests per instance and minute that are aimed at.
        latency_ms: Model latency above which an alarm goes off and more instances come.
    """

    minimum: Annotated[int, Field(ge=0, le=100)] = 2
    maximum: Annotated[int, Field(ge=1, le=100)] = 4
    invocations: Count = 600
    latency_ms: Count = 200

    @model_validator(mode="after")
    def _fits(self) -> Scaling:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum}) exceeds maximum ({self.maximum})")
        return self


class Fleet(Part):
    """Instances that answer while the caller waits: one of them may fail, so there are two.

    Attributes:
        canary_percent: The share of capacity that a new version meets first.
        capture_percent: The share of requests and answers that is kept.
    """

    instance_type: InstanceType = "ml.c6i.large"
    scaling: Scaling = Scaling()
    canary_percent: Annotated[int, Field(ge=1, le=50)] = 10
    capture_percent: Annotated[int, Field(ge=0, le=100)] = 20

    @model_validator(mode="after")
    def _survives(self) -> Self:
        if self.scaling.minimum < SEVERAL:
            raise ValueError("callers wait for the answer: set scaling.minimum to 2 or more")
        return self


class Realtime(Fleet):
    """How the model answers at once.

    Attributes:
        shadow_percent: The share of requests a second version sees without answering; 0 for none.
        second_percent: The share of requests a second version answers (A/B test); 0 for none.
        api: Whether API Gateway stands in front, validates requests and has a firewall (WAF).
        auth: Who may call the API: principals of IAM, or whoever has a key.
        requests_per_second: Requests that the API lets through, per second.
    """

    shadow_percent: Annotated[int, Field(ge=0, le=100)] = 0
    second_percent: Annotated[int, Field(ge=0, le=50)] = 0
    api: bool = False
    auth: Literal["iam", "key"] = "iam"
    requests_per_second: Count = 50

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        if self.shadow_percent and self.second_percent:
            raise ValueError("an endpoint with a shadow has one variant: set second_percent to 0")
        return self


class Serverless(Part):
    """How the model answers without instances of its own.

    Attributes:
        provisioned: Requests at a time that never meet a cold start; billed at rest.
        latency_ms: Model latency above which an alarm goes off.
        requests_per_minute: Requests above which an alarm goes off, as each of them is billed.
    """

    memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    max_concurrency: Annotated[int, Field(ge=1, le=200)] = 5
    provisioned: Annotated[int, Field(ge=0, le=200)] = 0
    latency_ms: Count = 1000
    requests_per_minute: Count = 3000

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.provisioned > self.max_concurrency:
            raise ValueError(
                f"provisioned ({self.provisioned}) exceeds max_concurrency ({self.max_concurrency})"
            )
        return self


class Asynchronous(Part):
    """How the model answers requests that wait in a queue; it scales to zero between them.

    Attributes:
        backlog: Waiting requests per instance that are aimed at.
        max_age_seconds: How long a request may wait before an alarm goes off.
        latency_ms: Model latency above which an alarm goes off.
    """

    instance_type: InstanceType = "ml.c6i.large"
    maximum: Annotated[int, Field(ge=1, le=100)] = 2
    backlog: Count = 5
    max_age_seconds: Count = 1800
    latency_ms: Count = 60_000


class Components(Part):
    """How several models share one fleet, each with copies of its own, down to none.

    Attributes:
        tenants: One inference component for each, by name.
        maximum: The most instances there may be.
        copies: The most copies of one component.
        cpus: Processor cores that a copy is given.
        memory_mb: Memory that a copy is given.
        invocations: Requests per copy and minute that are aimed at.
        latency_ms: Model latency above which an alarm goes off.
    """

    instance_type: InstanceType = "ml.m5.xlarge"
    tenants: Annotated[tuple[Short, ...], Field(min_length=1)] = ("main",)
    maximum: Annotated[int, Field(ge=1, le=100)] = 2
    copies: Annotated[int, Field(ge=1, le=100)] = 2
    cpus: Annotated[float, Field(gt=0)] = 1
    memory_mb: Annotated[int, Field(ge=128)] = 1024
    invocations: Count = 600
    latency_ms: Count = 500


class Batch(Part):
    """How the model scores whole files on a schedule.

    Attributes:
        instances: How many share the files of one job.
    """

    instance_type: InstanceType = "ml.m5.xlarge"
    instances: Annotated[int, Field(ge=1, le=50)] = 1
    schedule: Cron = "cron(0 3 * * ? *)"


class Link(Part):
    """One model of a chain.

    Attributes:
        after: The link whose output it reads; ``None`` for the files of the chain.
    """

    name: Short
    after: Short | None = None


class Chain(Part):
    """How several models score files one after another.

    Attributes:
        links: The models; the first is the one of this system.
    """

    instance_type: InstanceType = "ml.m5.xlarge"
    schedule: Cron = "cron(0 4 * * ? *)"
    links: Annotated[tuple[Link, ...], Field(min_length=2)] = (
        Link(name="scoring"),
        Link(name="review", after="scoring"),
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        known: set[str] = set()
        for link in self.links:
            if link.name in known:
                raise ValueError(f"two links of a chain are called {link.name}")
            if link.after and link.after not in known:
                raise ValueError(f"link {link.name} comes after {link.after}: name that one first")
            known.add(link.name)
        return self


class Source(StrEnum):
    """Where a stream comes from."""

    KINESIS = "kinesis"
    MSK = "msk"


class Streaming(Part):
    """How the model scores the records of a stream.

    Attributes:
        source: Kinesis, or Kafka on Amazon MSK.
        shards: Provisioned shards of the input and of the output stream.
        cluster_arn: The Kafka cluster, for ``msk``.
        topic: Its topic.
        batch_size: The most records of one call of the consumer.
        max_age_seconds: How far the consumer may fall behind before an alarm goes off.
        endpoint: The mode whose endpoint scores the records.
    """

    source: Source = Source.KINESIS
    shards: Count = 1
    cluster_arn: str | None = None
    topic: str | None = None
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 100
    max_age_seconds: Count = 60
    endpoint: Literal[Mode.REALTIME, Mode.SERVERLESS] = Mode.SERVERLESS

    @model_validator(mode="after")
    def _complete(self) -> Streaming:
        if self.source is Source.MSK and not (self.cluster_arn and self.topic):
            raise ValueError("a stream from msk needs cluster_arn and topic")
        return self
