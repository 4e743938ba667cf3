"""The demonstration ends well: a gate is opened by use, and the account is as it was before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mlaudit.cli import app

pytestmark = pytest.mark.scale


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Result:
    state = str(tmp_path_factory.mktemp("state"))
    return CliRunner().invoke(app, ["remediate", "--demo", "--quiet", "--state", state])


def test_the_gate_opens_and_all_is_taken_back(told: Result) -> None:
    assert told.exit_code == 0, told.output
    assert "At the end the streaming gate of clickstream-ranking was open." in told.output
    assert "Not as before" not in told.output
    assert "everything else in the account is as it was before" in told.output


def test_every_verdict_that_a_plan_changed_was_foreseen(told: Result) -> None:
    (line,) = (each for each in told.output.splitlines() if each.startswith("The rehearsal"))
    foreseen, of, missing = (int(number) for number in re.findall(r"\d+", line))
    assert (foreseen, missing) == (of, 0)
    assert of > 40


def test_what_people_attest_is_told(told: Result) -> None:
    (line,) = (each for each in told.output.splitlines() if each.startswith("Attested"))
    assert {"5.1", "5.10", "9.5"} <= set(line.partition(": ")[2].rstrip(".").split(", "))


def test_the_weak_workload_gets_what_deployment_can_give(told: Result) -> None:
    start = "churn-serverless: completed "
    (line,) = (each for each in told.output.splitlines() if each.startswith(start))
    items = set(line.removeprefix(start).split(", "))
    assert {"2.2", "3.1", "4.1", "6.1", "6.latency", "7.3", "8.5", "9.4"} <= items


def test_no_workload_but_the_two_is_named_by_a_plan(told: Result) -> None:
    assert "fraud-detection" not in told.output
    assert "document-triage" not in told.output


def test_a_demonstration_of_the_plan_alone_applies_nothing(tmp_path: Path) -> None:
    arguments = ["remediate", "--demo", "--plan-only", "--quiet", "--state", str(tmp_path)]
    planned = CliRunner().invoke(app, arguments)
    assert planned.exit_code == 0, planned.output
    assert list(tmp_path.rglob("journal.jsonl")) == []
    assert list(tmp_path.rglob("plan.json")) != []
