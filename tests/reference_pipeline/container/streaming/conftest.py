"""An emulated account with what the consumer reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.emulator import emulated_account

Clients = Callable[[str], Any]


@pytest.fixture(scope="session")
def clients() -> Iterator[Clients]:
    with emulated_account(None) as account:

        def client(service: str) -> Any:
            return boto3.client(
                service,  # type: ignore[call-overload]
                endpoint_url=account.endpoint_url,
                region_name=account.region,
                aws_access_key_id=account.access_key,
                aws_secret_access_key=account.secret_key,
                config=Config(retries={"total_max_attempts": 1}),
            )

        yield client


@pytest.fixture(scope="session")
def table(clients: Clients) -> str:
    clients("dynamodb").create_table(
        TableName="ledger",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    return "ledger"


@pytest.fixture
def stream(clients: Clients) -> Iterator[str]:
    clients("kinesis").create_stream(StreamName="scores", ShardCount=1)
    yield "scores"
    clients("kinesis").delete_stream(StreamName="scores")


@pytest.fixture
def queue(clients: Clients) -> Iterator[str]:
    url = clients("sqs").create_queue(QueueName="failures")["QueueUrl"]
    yield url
    clients("sqs").delete_queue(QueueUrl=url)
