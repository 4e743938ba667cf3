"""Stacks in an empty emulated account, deployed as remediations do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.collect.session import Access
from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.change import Ask, Document, RefusedError
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.hands import open_hands
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.plan import StackChange, Step
from mlaudit.remediate.stacks import (
    UNDOING,
    Site,
    Terms,
    Undone,
    deployed,
    looked_at,
    undone,
)
from mlaudit.remediate.waiting import Patience

TAGS = {"mlaudit:workload": "churn"}


def step_of(stack: StackChange | None) -> Step:
    """A step that deploys a stack."""
    return Step(
        id="03",
        fix="reference",
        kind=Kind.CAPABILITY,
        title="deploy a stack",
        workload="churn",
        items=(),
        disposition=Disposition.SAFE,
        risk="",
        back="",
        not_proven="",
        exercise="",
        effort=1,
        bill=Bill(),
        stack=stack,
    )


@cache
def session_of(key: str, secret: str, region: str) -> Any:
    """A session for all accounts, so that it reads the models of services once."""
    return boto3.Session(key, secret, region_name=region)


@dataclass
class Bench:
    """A site, a journal, and what was told."""

    account: EmulatedAccount
    site: Site
    journal: Journal
    told: list[str] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """What somebody else does in the account."""
        session = session_of(self.account.access_key, self.account.secret_key, self.account.region)
        config = Config(
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
        )
        return session.client(service, endpoint_url=self.account.endpoint_url, config=config)

    def change(self, template: str, **more: Any) -> tuple[StackChange, Mapping[str, bytes]]:
        """A stack that is to be as a template says, looked at; and the files of the plan."""
        files = {"t.yaml": template.encode(), **more.pop("files", {})}
        adopt = more.pop("adopt", False)
        stack = StackChange(
            **{
                "name": "demo",
                "about": "a test",
                "region": self.site.region,
                "template": "t.yaml",
                "from_export": None,
                "parameters": {},
                "capabilities": (),
                "tags": TAGS,
                **more,
            }
        )
        return looked_at(stack, files, self.site, adopt=adopt), files

    def deploy(self, template: str, terms: Terms | None = None, **more: Any) -> bool:
        """Look at a stack and deploy it."""
        return self.deploy_as(*self.change(template, **more), terms)

    def deploy_as(
        self, stack: StackChange | None, files: Mapping[str, bytes], terms: Terms | None = None
    ) -> bool:
        """Deploy a stack that was looked at."""
        return deployed(step_of(stack), files, self.site, self.journal, terms or Terms())

    def undo(self, intent: Intent | None = None, *, delete_data: bool = False) -> Undone:
        """Take back an intent, the last of the plan where none is named."""
        wanted = intent or [each for each in self.journal.intents if each.undoes is None][-1]
        return undone(wanted, self.site, self.journal, delete_data=delete_data)

    def status(self, name: str = "demo") -> str:
        """The status of a stack; empty where there is none."""
        told = self.client("cloudformation").describe_stacks()["Stacks"]
        return next((each["StackStatus"] for each in told if each["StackName"] == name), "")

    def log_groups(self) -> list[str]:
        """The names of all log groups."""
        return [
            each["logGroupName"] for each in self.client("logs").describe_log_groups()["logGroups"]
        ]

    def change_sets(self, name: str = "demo") -> list[str]:
        """The names of the change sets of a stack."""
        told = self.client("cloudformation").list_change_sets(StackName=name)["Summaries"]
        return [each["ChangeSetName"] for each in told]

    def outcome(self) -> str:
        """The type of the last outcome in the journal; empty where an intent has none."""
        found = self.journal.outcome(self.journal.intents[-1].number)
        return found.type if found else ""

    def refusing(self, *operations: str, code: str = "AccessDenied") -> Bench:
        """The same where AWS refuses some operations."""
        return replace(self, site=replace(self.site, ask=refusing(self.site.ask, code, operations)))


def refusing(ask: Ask, code: str, operations: tuple[str, ...]) -> Ask:
    def refused(service: str, operation: str, params: Document) -> Document:
        if operation in operations:
            raise RefusedError(service, operation, code, "no")
        return ask(service, operation, params)

    return refused


def never(_seconds: float) -> None:
    raise AssertionError("The emulated account is done at once.")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with emulated_account(None) as account:
        keys = (account.access_key, account.secret_key)
        access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
        told: list[str] = []
        ask = open_hands(access, UNDOING).ask(account.region)
        site = Site(account.region, ask, told.append, Patience(sleep=never))
        yield Bench(account, site, begin(tmp_path), told)
