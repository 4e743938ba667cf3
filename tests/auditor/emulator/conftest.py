"""An emulated account for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.emulator import EmulatedAccount, emulated_account

ROLE = "arn:aws:iam::123456789012:role/ml"


def make_client(account: EmulatedAccount, service: str, **settings: Any) -> Any:
    """Return a client of the auditor."""
    chosen = {
        "aws_access_key_id": account.access_key,
        "aws_secret_access_key": account.secret_key,
        "region_name": account.region,
        "endpoint_url": account.endpoint_url,
        "config": Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    }
    return _session().client(service, **{**chosen, **settings})


@cache
def _session() -> Any:
    return boto3.Session()


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    with emulated_account(None) as emulated:
        yield emulated


@pytest.fixture
def client(account: EmulatedAccount) -> Callable[..., Any]:
    return lambda service, **settings: make_client(account, service, **settings)


@pytest.fixture
def client_of() -> Callable[..., Any]:
    return make_client


@pytest.fixture
def sagemaker(client: Callable[..., Any]) -> Any:
    return client("sagemaker")
