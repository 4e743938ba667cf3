"""Scan emulated accounts the way a user does: over HTTP, with ordinary boto3 clients."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from threading import Lock
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.reader import Api, Record, UnseenError
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, OpenAccount, open_account
from mlaudit.emulator import Scenario, emulated_account
from mlaudit.judge import judge
from mlaudit.model import Gap, GapReason
from mlaudit.workloads import TAG_KEYS

WINDOW_DAYS = 90


class RememberingApi:
    """Passes each different call on once; refuses one operation, or a share of all calls."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._answers: dict[tuple[str, str, str], Record | UnseenError] = {}
        self._lock = Lock()
        self.denied: str | None = None
        self.lost_share = 0.0
        self.seed = 0

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Record:
        if operation.id == self.denied:
            code = "AccessDeniedException"
            raise UnseenError(Gap(operation.id, region, code, GapReason.DENIED, "request-1"))
        key = (operation.id, region, json.dumps(params, sort_keys=True, default=str))
        if Random(f"{self.seed} {key}").random() < self.lost_share:  # noqa: S311 - a coin
            code = "ThrottlingException"
            raise UnseenError(Gap(operation.id, region, code, GapReason.THROTTLED))
        with self._lock:
            known = self._answers.get(key)
        answer = known if known is not None else self._asked(operation, region, params)
        with self._lock:
            self._answers[key] = answer
        if isinstance(answer, UnseenError):
            raise answer
        return answer

    def _asked(
        self, operation: Operation, region: str, params: Mapping[str, Any]
    ) -> Record | UnseenError:
        try:
            return self._api.call(operation, region, params)
        except UnseenError as unseen:
            return unseen


class Account:
    """An emulated account that is up."""

    def __init__(self, opened: OpenAccount, region: str, now: datetime) -> None:
        self.api = RememberingApi(opened.api)
        self._opened = opened
        self._region = region
        self._now = now

    def scan(self) -> Audit:
        request = Request(
            account=self._opened.account,
            caller=self._opened.caller,
            regions=(self._region,),
            started_at=self._now,
            window_days=WINDOW_DAYS,
            tag_keys=TAG_KEYS,
        )
        return judge(collect(self.api, request), catalogue())


@contextmanager
def _running(scenario: Scenario) -> Iterator[Account]:
    now = datetime.now(UTC)
    with emulated_account(scenario, now=now) as emulated:
        access = Access(
            account=emulated.account,
            endpoint_url=emulated.endpoint_url,
            keys=(emulated.access_key, emulated.secret_key),
        )
        yield Account(open_account(access, declared_operations()), emulated.region, now)


@pytest.fixture(scope="session")
def running() -> Callable[[Scenario], Any]:
    """Bring up an account from a scenario, as a context manager."""
    return _running
