from dataclasses import replace

import pytest

from mlaudit.capabilities.registry_use import BaselineUse, RollbackVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_6_registry_integration import registry_integration

WORDS = "model fraud on endpoint fraud"
USE = BaselineUse("arn:model", WORDS, ("s3://b/baseline.json",), (), "drift-1", RECENT)
UNREAD = replace(USE, read_by=None, at=None)
VERSION = RollbackVersion(
    "arn:model", WORDS, registered=True, deployed_from="names its version", earlier=1
)

BLIND: Evidence[None] = Evidence((), (gap("events:ListRules"),))
EMPTY: Evidence[None] = Evidence()
READ = Evidence((USE,))
WATCHED = Evidence((replace(UNREAD, schedules=("hourly",)),))
REGISTERED = Evidence((UNREAD,))
UNREGISTERED = Evidence((replace(UNREAD, baselines=(), schedules=("hourly",)),))
NOTHING = Evidence((replace(UNREAD, baselines=()),))
BACK = Evidence((VERSION,))
ALONE = Evidence((replace(VERSION, earlier=0),))
UNTIED = Evidence((replace(VERSION, deployed_from=None),))
OUTSIDE = Evidence((replace(VERSION, registered=False, deployed_from=None, earlier=0),))


@pytest.mark.parametrize(
    ("monitoring", "deployment", "status"),
    [
        (READ, BACK, Status.PASS),
        (WATCHED, BACK, Status.PARTIAL),
        (REGISTERED, BACK, Status.PARTIAL),
        (UNREGISTERED, BACK, Status.PARTIAL),
        (NOTHING, BACK, Status.PARTIAL),
        (READ, ALONE, Status.PARTIAL),
        (READ, UNTIED, Status.PARTIAL),
        (READ, OUTSIDE, Status.PARTIAL),
        (NOTHING, OUTSIDE, Status.FAIL),
        (BLIND, BACK, Status.NOT_ASSESSED),
        (READ, BLIND, Status.NOT_ASSESSED),
        (BLIND, BLIND, Status.NOT_ASSESSED),
        (EMPTY, EMPTY, Status.NOT_APPLICABLE),
    ],
)
def test_status(
    monitoring: Evidence[BaselineUse], deployment: Evidence[RollbackVersion], status: Status
) -> None:
    assert registry_integration(monitoring, deployment).status is status


def test_words() -> None:
    found = registry_integration(WATCHED, ALONE)
    assert found.summary == (
        "model fraud on endpoint fraud has a baseline that no job of the window read, watched by"
        " hourly; model fraud on endpoint fraud names its version, and no older one is approved"
    )
    fine = registry_integration(READ, BACK)
    assert fine.summary == (
        "model fraud on endpoint fraud is monitored: job drift-1 read its baseline;"
        " model fraud on endpoint fraud names its version, and 1 older are approved"
    )
