"""What was scanned, made again and scanned again: the same, field by field."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.emulator.seeding import caller
from mlaudit.remediate.replicas import REPLICAS, all_calls
from mlaudit.resources import Endpoint, EndpointConfig, Model, Resource, Traffic
from mlaudit.snapshot import Snapshot
from mlaudit.workloads import TAG_KEYS

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
NOT_MADE_AGAIN = {
    "ModelPackage": {"created_by", "modified_by", "approval_note", "card_status"},
}
"""Who did what with a version: no fix and no template depends on it."""


def scanned(account: EmulatedAccount) -> Snapshot:
    access = Access(
        endpoint_url=account.endpoint_url, keys=(account.access_key, account.secret_key)
    )
    opened = open_account(access, declared_operations())
    return collect(
        opened.api,
        Request(opened.account, opened.caller, (account.region,), NOW, 90, TAG_KEYS),
    )


def told(resource: Resource) -> dict[str, object]:
    left_out = NOT_MADE_AGAIN.get(type(resource).__name__, set())
    names = [each.name for each in fields(resource) if each.name not in left_out]
    return {"kind": type(resource).__name__, **{each: getattr(resource, each) for each in names}}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demo", "exemplary", "bare"])
def test_what_is_made_again_is_scanned_as_what_it_was(name: str) -> None:
    scenario = load_scenario(name)
    with emulated_account(scenario, now=NOW) as account:
        first = scanned(account)
    made = [each for kind in REPLICAS for each in first.resources if type(each) is kind]
    assert {type(each) for each in made} >= {Model, EndpointConfig, Endpoint, Traffic}
    with emulated_account(replace(scenario, calls=(), denied=()), now=NOW) as account:
        make = caller(account.endpoint_url, account.region)
        for call in all_calls(made):
            make(call)
        second = scanned(account)
    again = [each for kind in REPLICAS for each in second.resources if type(each) is kind]
    assert [told(each) for each in again] == [told(each) for each in made]
