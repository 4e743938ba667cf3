"""The parts of a manifest that say how the model answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlaudit_reference.manifest.parts import Count, Cron, InstanceType, Mode, Part


class Scaling(Part):
    """How far an endpoint grows and shrinks.

    Attributes:
        minimum: Instances that are always there; 0 only for modes that can start from nothing.
        maximum: The most there may be: the worst case of the bill.
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


class Realtime(Part):
    """How the model answers at once.

    Attributes:
        canary_percent: The share of capacity that a new version meets first.
        shadow_percent: The share of requests a second version sees without answering; 0 for none.
        second_percent: The share of requests a second version answers (A/B test); 0 for none.
        api: Whether API Gateway stands in front, validates requests and has a firewall (WAF).
        capture_percent: The share of requests and answers that is kept.
    """

    instance_type: InstanceType = "ml.c6i.large"
    scaling: Scaling = Scaling()
    canary_percent: Annotated[int, Field(ge=1, le=50)] = 10
    shadow_percent: Annotated[int, Field(ge=0, le=100)] = 0
    second_percent: Annotated[int, Field(ge=0, le=50)] = 0
    api: bool = False
    capture_percent: Annotated[int, Field(ge=0, le=100)] = 20


class Serverless(Part):
    """How the model answers without instances of its own."""

    memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    max_concurrency: Annotated[int, Field(ge=1, le=200)] = 5


class Asynchronous(Part):
    """How the model answers requests that wait in a queue; it scales to zero between them."""

    instance_type: InstanceType = "ml.c6i.large"
    maximum: Annotated[int, Field(ge=1, le=100)] = 2


class Batch(Part):
    """How the model scores whole files on a schedule."""

    instance_type: InstanceType = "ml.m5.xlarge"
    schedule: Cron = "cron(0 3 * * ? *)"


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
