"""boto3's clients, made once for the life of the function; they are safe to share."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from mlaudit_reference.container.logs import log
from mlaudit_reference.container.streaming.endpoint import SageMakerModel
from mlaudit_reference.container.streaming.ledger import DynamoLedger
from mlaudit_reference.container.streaming.processing import World
from mlaudit_reference.container.streaming.sinks import KinesisOutput, SqsFailures

if TYPE_CHECKING:
    from mlaudit_reference.container.streaming.consumer import Settings

_ONCE = Config(
    connect_timeout=3, read_timeout=65, retries={"mode": "standard", "total_max_attempts": 1}
)
"""Trying again is the consumer's own matter: it knows its deadline, and which records are left. A
container has 60 seconds to answer (InvokeEndpoint)."""


def world(settings: Settings) -> World:
    """All that the function asks, as AWS provides it."""
    component = settings.component
    return World(
        DynamoLedger(
            boto3.client("dynamodb", config=_ONCE), settings.table, settings.kept, time.time
        ),
        SageMakerModel(
            boto3.client("sagemaker-runtime", config=_ONCE),
            settings.endpoint,
            {"InferenceComponentName": component} if component else {},
        ),
        KinesisOutput(boto3.client("kinesis", config=_ONCE), settings.output),
        SqsFailures(boto3.client("sqs", config=_ONCE), settings.failures),
        log,
    )
