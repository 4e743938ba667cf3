"""An emulated account as its user sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from mlaudit.emulator import seeding, server
from mlaudit.emulator.access import AUDITOR_KEY, SECRET, Access
from mlaudit.emulator.scenario import Scenario

Present = Callable[[], datetime]
"""Tells the present of an account, in UTC."""

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class EmulatedAccount:
    """Where the account answers, and the credentials of its auditor."""

    endpoint_url: str
    account: str
    region: str
    access_key: str
    secret_key: str


@contextmanager
def emulated_account(
    scenario: Scenario | None,
    *,
    port: int = 0,
    now: datetime | Present | None = None,
    ids: str = "",
) -> Iterator[EmulatedAccount]:
    """Serve an account, with what the scenario puts into it, for the length of a block.

    Args:
        scenario: What the account holds; None for an empty one.
        port: The port on loopback; 0 takes a free one.
        now: The present of the account, which may be one that moves; the real one when left out.
        ids: What new ids are made from, beside their number: accounts with different ones give
            nothing the same id.

    Raises:
        ScenarioError: a call of the scenario was refused.
    """
    access = Access(
        account=scenario.account if scenario else DEFAULT_ACCOUNT,
        denied=scenario.denied if scenario else (),
        throttled=scenario.throttled if scenario else (),
    )
    region = scenario.region if scenario else DEFAULT_REGION
    present = _present(now)
    with server.serving(access, port=port, present=present, ids=ids) as url:
        if scenario is not None:
            seeding.seed(scenario, url, present())
        yield EmulatedAccount(url, access.account, region, AUDITOR_KEY, SECRET)


def _present(now: datetime | Present | None) -> Present:
    if now is None:
        return lambda: datetime.now(UTC)
    return now if callable(now) else lambda: now
