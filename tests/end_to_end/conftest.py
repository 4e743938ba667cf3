"""Scan emulated accounts the way a user does: over HTTP, with ordinary boto3 clients."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import botocore.session
import pytest

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.reader import Api, Record, UnseenError
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, OpenAccount, open_account
from mlaudit.config import load_config
from mlaudit.emulator import Companions, Scenario, companions, emulated_account
from mlaudit.judge import Settings, judge
from mlaudit.model import Gap, GapReason
from mlaudit.probe.given import checkouts, with_checkouts

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
    """An emulated account that is up, with what its scenario brings beside it."""

    def __init__(
        self, opened: OpenAccount, region: str, now: datetime, brought: Companions
    ) -> None:
        self.api = RememberingApi(opened.api)
        self._opened = opened
        self._region = region
        self._now = now
        self._brought = brought

    def scan(self, later: timedelta = timedelta()) -> Audit:
        """Scan now, or when some time has passed in which nothing happened."""
        config = load_config(self._brought.config)
        request = Request(
            account=self._opened.account,
            caller=self._opened.caller,
            regions=(self._region,),
            started_at=self._now + later,
            window_days=WINDOW_DAYS,
            tag_keys=config.tag_keys,
        )
        seen = with_checkouts(collect(self.api, request), checkouts(self._brought.repositories))
        settings = Settings(config.tag_keys, config.workloads, config.declarations)
        return judge(seen, catalogue(), settings)

    def checkout(self, workload: str) -> Path:
        """The folder of a checkout that the scenario brings."""
        given = dict(each.split("=", 1) for each in self._brought.repositories)
        return Path(given[workload])


@pytest.fixture(scope="session", autouse=True)
def _descriptions_read_once() -> Iterator[None]:
    """Let all sessions share what boto3 reads of its services, which takes as long as a scan."""
    with pytest.MonkeyPatch.context() as patched:
        once = cache(botocore.session.create_loader)
        patched.setattr(botocore.session, "create_loader", once)
        yield


@contextmanager
def _running(scenario: Scenario) -> Iterator[Account]:
    now = datetime.now(UTC)
    with emulated_account(scenario, now=now) as emulated, companions(scenario, now) as brought:
        access = Access(
            account=emulated.account,
            endpoint_url=emulated.endpoint_url,
            keys=(emulated.access_key, emulated.secret_key),
        )
        opened = open_account(access, declared_operations())
        yield Account(opened, emulated.region, now, brought)


@pytest.fixture(scope="session")
def running() -> Callable[[Scenario], Any]:
    """Bring up an account from a scenario, as a context manager."""
    return _running
