"""The command as a user types it, against an emulated account over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mlaudit.cli import app
from mlaudit.cli.remediation import runs
from mlaudit.cli.remediation.scene import Scene
from mlaudit.cli.scanning import Options
from mlaudit.collect.session import Access
from mlaudit.config import load_config
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.remediate.difference import difference
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.plan_file import read_plan

pytestmark = pytest.mark.slow

Remediate = Callable[..., Result]
ALARMS = ("--workload", "churn-serverless", "--items", "6.latency,6.errors", "--no-rehearse")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[EmulatedAccount]:
    monkeypatch.chdir(tmp_path)
    with emulated_account(load_scenario("demo")) as emulated:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulated.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulated.secret_key)
        yield emulated


@pytest.fixture
def remediate(account: EmulatedAccount) -> Remediate:
    where = ("--endpoint-url", account.endpoint_url, "--region", account.region, "--quiet")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["remediate", *arguments, *where])

    return run


@pytest.fixture
def scene(account: EmulatedAccount) -> Scene:
    keys = (account.access_key, account.secret_key)
    access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
    now = datetime.now(UTC)
    reading = Options(regions=(account.region,), quiet=True)
    return Scene(reading, access, load_config(None), Path("out/remediate"), now=lambda: now)


def the_run() -> str:
    (folder,) = (each.parent for each in Path("out/remediate").glob("*/journal.jsonl"))
    return folder.name


def test_it_plans_applies_verifies_repeats_and_undoes(remediate: Remediate, scene: Scene) -> None:
    before = scene.scan()
    first = remediate(*ALARMS, "--yes")
    assert first.exit_code == 0, first.output
    assert "All is as promised." in first.output
    run = the_run()
    assert f"mlaudit remediate --undo {run}" in first.output

    again = remediate(*ALARMS, "--yes")
    assert (again.exit_code, "There is nothing to apply." in again.output) == (0, True)
    assert remediate("--verify", run).exit_code == 0

    undone = remediate("--undo", run)
    assert undone.exit_code == 0, undone.output
    assert "All that the run changed is as it was before." in undone.output
    assert difference(before, scene.scan()).is_empty


def test_what_was_reviewed_is_applied_and_nothing_else(
    remediate: Remediate, scene: Scene, account: EmulatedAccount
) -> None:
    seen = scene.scan()
    planned = remediate(*ALARMS, "--plan-only")
    assert planned.exit_code == 0, planned.output
    assert difference(seen, scene.scan()).is_empty
    folder = Path("out/remediate")
    names = {each.name for each in folder.iterdir()}
    assert {"plan.json", "plan.md", "policy-1.json"} <= names
    (statement, *_) = json.loads((folder / "policy-1.json").read_text())["Statement"]
    assert statement["Effect"] == "Allow"

    plan = read_plan(folder / "plan.json")
    applied = remediate("--apply", str(folder / "plan.json"), "--yes")
    assert applied.exit_code == 0, applied.output
    journal = Journal(folder / the_run())
    wanted = [(pin.change.kind, pin.after) for step in plan.ready for pin in step.pinned]
    assert [(each.kind, each.after) for each in journal.intents] == wanted
    assert account.region in plan.regions


def test_a_reviewed_plan_of_an_account_that_has_changed_is_refused(
    remediate: Remediate, scene: Scene
) -> None:
    remediate(*ALARMS, "--plan-only")
    path = Path("out/remediate/plan.json")
    (pin, *_) = (
        pin
        for step in read_plan(path).ready
        for pin in step.pinned
        if pin.change.kind == "cloudwatch.alarm"
    )
    name = pin.change.key["AlarmName"]
    hands = scene.hands(runs.declared_by(read_plan(path)), scene.access.account or "")
    other = {**(pin.after or {}), "AlarmName": name, "Threshold": 12345.0}
    hands.ask("us-east-1")("cloudwatch", "PutMetricAlarm", other)
    seen = replace(scene).scan()
    refused = remediate("--apply", str(path), "--yes")
    assert refused.exit_code == 4
    assert "has changed since the plan was made" in refused.output
    assert difference(seen, scene.scan()).is_empty


def test_nothing_is_applied_without_agreement(remediate: Remediate, scene: Scene) -> None:
    seen = scene.scan()
    asked = remediate(*ALARMS)
    assert (asked.exit_code, "Apply this to account" in asked.output) == (1, True)
    assert difference(seen, scene.scan()).is_empty


@pytest.mark.parametrize(
    ("limit", "code", "says"), [("0", 1, "a month"), ("1000", 0, "There is nothing to apply")]
)
def test_what_is_too_dear_is_refused(
    remediate: Remediate, limit: str, code: int, says: str
) -> None:
    goal = ALARMS if code else ("--workload", "churn-serverless", "--items", "9.1")
    found = remediate(*goal, "--max-monthly", limit, "--yes", "--no-rehearse")
    assert (found.exit_code, says in found.output) == (code, True)
