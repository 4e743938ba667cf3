"""An empty emulated account, and the calls that settings make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import UnseenError
from mlaudit.collect.session import Access, open_account
from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit.remediate.change import Ask, Document, RefusedError
from mlaudit.remediate.settings import SETTINGS


@pytest.fixture(scope="module")
def account() -> Iterator[EmulatedAccount]:
    with emulated_account(None) as emulated:
        yield emulated


@pytest.fixture(scope="module")
def ask(account: EmulatedAccount) -> Ask:
    """Makes the calls that settings declare, and no other."""
    declared = {
        (each.service, each.name): each
        for setting in SETTINGS.values()
        for each in (*setting.reads, *setting.writes)
    }
    keys = (account.access_key, account.secret_key)
    access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
    api = open_account(access, declared.values()).api

    def call(service: str, operation: str, params: Document) -> Document:
        try:
            return api.call(
                declared.get((service, operation), Operation(service, operation)),
                account.region,
                params,
            )
        except UnseenError as unseen:
            raise _refused(service, operation, unseen) from unseen

    return call


def _refused(service: str, operation: str, unseen: UnseenError) -> RefusedError:
    cause = unseen.__cause__
    said = cause.response["Error"] if isinstance(cause, ClientError) else {}
    return RefusedError(service, operation, unseen.gap.code, str(said.get("Message", cause)))


@pytest.fixture(scope="module")
def client(account: EmulatedAccount) -> Callable[[str], Any]:
    """A client for what settings never make: buckets, models, functions and the like."""

    def of(service: str) -> Any:
        return boto3.Session().client(  # type: ignore[call-overload]
            service,
            region_name=account.region,
            endpoint_url=account.endpoint_url,
            aws_access_key_id=account.access_key,
            aws_secret_access_key=account.secret_key,
            config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
        )

    return of
