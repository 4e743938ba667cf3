"""``mlaudit gate``: what it prints and writes, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
LONG = ("--max-age", "1e6")
ASKED = ("--workload", "fraud", "--target", "batch")


@pytest.fixture
def audit(run: Run, seen: Path, elsewhere: Path) -> Path:
    assert run("report", seen, "--format", "json", "--out", elsewhere).exit_code == 0
    return elsewhere / "audit.json"


def changed(audit: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    document = json.loads(audit.read_text("utf-8"))
    change(document)
    audit.write_text(json.dumps(document), "utf-8")
    return audit


def complete(document: dict[str, Any]) -> None:
    for workload in document["workloads"]:
        for item in workload["items"]:
            item["status"], item["gaps"] = "pass", []


def test_an_open_gate_ends_with_0(run: Run, audit: Path) -> None:
    result = run("gate", *ASKED, "--audit", changed(audit, complete), *LONG)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Batch gate: open for workload fraud")
    assert "69 of 69 applicable items are complete; 70 % needs 49." in result.stdout


def test_a_closed_gate_ends_with_1_and_tells_what_to_do(run: Run, seen: Path) -> None:
    result = run("gate", *ASKED, "--from", seen, *LONG)
    assert result.exit_code == 1
    assert "Each of these keeps it shut, the least effort first:" in result.stdout
    assert "Candidate e, which serves on e" in result.stdout


def test_an_old_audit_ends_with_3(run: Run, audit: Path) -> None:
    result = run("gate", *ASKED, "--audit", changed(audit, complete))
    assert result.exit_code == 3
    assert "Batch gate: cannot decide" in result.stdout
    assert "at most 24.0 hours are allowed. Scan again." in result.stdout


def test_an_audit_of_another_account_ends_with_3(run: Run, audit: Path) -> None:
    result = run("gate", *ASKED, "--audit", audit, *LONG, "--account", "210987654321")
    assert result.exit_code == 3
    assert "the question of account 210987654321" in result.stdout


def test_crashed_checks_decide_nothing(run: Run, audit: Path) -> None:
    def crash(document: dict[str, Any]) -> None:
        complete(document)
        gap = {
            "operation": "check",
            "region": "global",
            "code": "X",
            "reason": "crashed",
            "request_id": None,
            "subject": None,
        }
        document["workloads"][0]["items"][0]["gaps"] = [gap]

    result = run("gate", *ASKED, "--audit", changed(audit, crash), *LONG)
    assert result.exit_code == 3
    assert "The checks of 1.1 crashed." in result.stdout


def test_the_decision_is_written_whole(run: Run, audit: Path, elsewhere: Path) -> None:
    (elsewhere / "mlaudit.yaml").write_text("gates: {thresholds: {batch: 75}}\n")
    made = elsewhere / "decision.json"
    asked = ("gate", *ASKED, "--audit", audit, *LONG, "--decision", made, "--json")
    result = run(*asked)
    document = json.loads(result.stdout)
    assert json.loads(made.read_text()) == document
    assert (document["exit_code"], document["outcome"]) == (result.exit_code, "closed")
    assert document["inputs"].keys() == {"audit", "configuration"}
    assert {len(each) for each in document["inputs"].values()} == {64}
    assert document["needed"] == -(-document["applicable"] * 75 // 100)
    assert document["short_by"] == document["needed"] - document["complete"]
    assert document["denials"][0].keys() >= {"item", "effort", "required", "next_step"}
    changed(audit, complete)
    other = json.loads(run(*asked).stdout)
    assert other["inputs"]["audit"] != document["inputs"]["audit"]


def test_a_baseline_blocks_what_became_worse_alone(run: Run, audit: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_bytes(audit.read_bytes())
    asked = ("gate", *ASKED, "--audit", audit, *LONG, "--no-regression", "--baseline", before)
    same = run(*asked)
    assert same.exit_code == 0
    assert "Worse than in the baseline: nothing." in same.stdout
    changed(before, complete)
    worse = run(*asked)
    assert worse.exit_code == 1
    assert "Became worse, the least effort first:" in worse.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--target", "batch"], "Name one candidate"),
        ([*ASKED, "--endpoint", "e"], "Name one candidate"),
        (["--target", "batch", "--model-package", "fraud/1"], "takes the ARN of a version"),
        ([*ASKED, "--audit", "a.json", "--demo"], "give no --from, --demo or --scenario"),
        ([*ASKED, "--no-regression"], "go together"),
        ([*ASKED, "--baseline", "a.json"], "go together"),
        ([*ASKED, "--max-age", "0"], "must be above 0"),
        ([*ASKED, "--audit", "gone.json"], "gone.json cannot be read"),
        ([*ASKED, "--audit", "bad.json"], "not an audit"),
        ([*ASKED, "--audit", "latin.json"], "no UTF-8"),
        (
            ["--workload", "x", "--target", "streaming", "--no-regression", "--baseline", "a"],
            "not for streaming",
        ),
    ],
)
def test_what_is_no_question_ends_with_2(
    end: Any, elsewhere: Path, arguments: list[str], says: str
) -> None:
    (elsewhere / "bad.json").write_text("{}")
    (elsewhere / "latin.json").write_bytes(b"\xff")
    ended = end("gate", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert says in ended.err


def test_a_broken_configuration_ends_with_2(end: Any, seen: Path, elsewhere: Path) -> None:
    (elsewhere / "mlaudit.yaml").write_text("gates: {floor: maybe}\n")
    ended = end("gate", *ASKED, "--from", str(seen), *LONG)
    assert (ended.code, ended.out) == (2, "")
    assert "mlaudit.yaml" in ended.err


def test_an_unknown_target_ends_with_2(run: Run) -> None:
    assert run("gate", "--workload", "x", "--target", "edge").exit_code == 2


@pytest.mark.slow
def test_it_reads_an_account_by_itself(run: Run) -> None:
    result = run("gate", "--demo", "--workload", "fraud-detection", "--target", "registry")
    assert result.exit_code == 1
    assert "Candidate fraud-detection/" in result.stdout


@pytest.mark.slow
def test_a_system_that_does_everything_may_be_promoted(run: Run) -> None:
    asked = ("--demo", "--scenario", "exemplary", "--target", "streaming", "--quiet")
    assert run("gate", "--workload", "credit-scoring", *asked).exit_code == 0
