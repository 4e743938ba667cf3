"""What each command prints and writes when all is well."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from mlaudit import __version__

Run = Callable[..., Result]
REPORTS = ["audit.json", "report.html", "report.md"]


@pytest.mark.slow
def test_a_scan_writes_three_reports_and_prints_the_scores(scanned: Any) -> None:
    result = scanned.result
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(path.name for path in scanned.folder.iterdir()) == REPORTS
    assert "fraud-detection" in result.stdout
    assert "Gate score" in result.stdout
    for name in REPORTS:
        assert name in result.stdout


@pytest.mark.slow
def test_a_snapshot_replays_to_the_same_bytes(scanned: Any, run: Run, tmp_path: Path) -> None:
    for number, command in enumerate(
        (["report", scanned.snapshot], ["scan", "--from", scanned.snapshot])
    ):
        out = tmp_path / str(number)
        assert run(*command, "--out", out, "--quiet").exit_code == 0
        for name in REPORTS:
            assert (out / name).read_bytes() == (scanned.folder / name).read_bytes()


@pytest.mark.slow
def test_a_demo_of_an_empty_account_prints_one_document(run: Run, elsewhere: Path) -> None:
    result = run("scan", "--demo", "--scenario", "empty", "--format", "json", "--out", "-")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["workloads"] == []
    assert list(elsewhere.iterdir()) == []


def test_json_to_stdout_is_one_document_and_nothing_else(
    run: Run, seen: Path, elsewhere: Path
) -> None:
    result = run("report", seen, "--format", "json", "--out", "-")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [each["name"] for each in json.loads(result.stdout)["workloads"]] == ["fraud"]
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_any_one_report_can_be_printed(run: Run, seen: Path, elsewhere: Path, name: str) -> None:
    result = run("report", seen, "--format", name, "--out", "-")
    assert result.exit_code == 0
    assert "fraud" in result.stdout
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("command", ["report", "scan"])
def test_quiet_writes_and_says_nothing(run: Run, seen: Path, elsewhere: Path, command: str) -> None:
    given = [seen] if command == "report" else ["--from", seen]
    result = run(command, *given, "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert sorted(path.name for path in (elsewhere / "out").iterdir()) == REPORTS


def test_only_the_formats_asked_for_are_written(run: Run, seen: Path, elsewhere: Path) -> None:
    run("report", seen, "--format", "json", "--format", "json", "--out", "new/folder")
    assert [path.name for path in (elsewhere / "new" / "folder").iterdir()] == ["audit.json"]


def test_the_configuration_maps_what_is_left(run: Run, seen: Path, elsewhere: Path) -> None:
    (elsewhere / "mlaudit.yaml").write_text("workloads: {mine: [orphan]}\n")
    result = run("report", seen, "--format", "json", "--out", "-")
    found = [(each["name"], each["found_by"]) for each in json.loads(result.stdout)["workloads"]]
    assert found == [("fraud", "tag"), ("mine", "mapping")]


def test_a_plain_snapshot_can_be_replayed_too(run: Run, seen: Path, tmp_path: Path) -> None:
    plain = tmp_path / "seen.json"
    plain.write_bytes(gzip.decompress(seen.read_bytes()))
    assert run("report", plain, "--format", "json", "--out", "-").exit_code == 0


def test_a_checkout_is_judged_with_a_replay_and_kept_in_its_snapshot(
    run: Run, seen: Path, elsewhere: Path, tmp_path: Path
) -> None:
    tests = tmp_path / "app" / "tests"
    tests.mkdir(parents=True)
    (tests / "test_it.py").touch()
    asked = ("--repo", f"fraud={tests.parent}", "--snapshot", "with.json")
    printed = run("scan", "--from", seen, *asked, "--format", "json", "--out", "-").stdout
    again = run("report", "with.json", "--format", "json", "--out", "-").stdout
    assert printed == again
    assert "repo://app/tests/test_it.py#L1" in printed
    assert (elsewhere / "with.json").is_file()


def test_a_replay_can_write_the_snapshot_again(run: Run, seen: Path, elsewhere: Path) -> None:
    run("scan", "--from", seen, "--snapshot", "copy.json.gz", "--quiet")
    assert (elsewhere / "copy.json.gz").read_bytes() == seen.read_bytes()


READS = ("BatchGet", "Describe", "GET", "Get", "List", "Lookup", "Search")


def test_the_policy_allows_reading_and_nothing_else(run: Run) -> None:
    result = run("policy")
    assert (result.exit_code, result.stderr) == (0, "")
    statements = json.loads(result.stdout)["Statement"]
    assert {each["Effect"] for each in statements} == {"Allow"}
    actions = [action for each in statements for action in each["Action"]]
    assert actions
    assert [each for each in actions if not each.partition(":")[2].startswith(READS)] == []
    assert not any("*" in each for each in actions)


def test_the_version_is_printed(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"mlaudit {__version__}\n")


@pytest.mark.parametrize(
    "command", ["scan", "report", "policy", "checks list", "checks show", "attest", "emulate"]
)
def test_every_command_has_help_with_an_example(
    run: Run, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    result = run(*command.split(), "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.lstrip().startswith(f"mlaudit {command}")]
    assert max(map(len, lines)) <= 80


def test_without_a_command_there_is_help(run: Run) -> None:
    result = run()
    assert "Usage: mlaudit" in result.output
    assert "mlaudit scan --demo" in result.output


@pytest.mark.slow
def test_a_demo_tells_what_its_scenario_brings_and_the_user_replaces_it(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text("config: decided.yaml\nrepositories: {credit: code.yaml}")
    (tmp_path / "decided.yaml").write_text("window_days: 30\n")
    (tmp_path / "code.yaml").write_text("Makefile: 'test:'\n")
    (tmp_path / "mine.yaml").write_text("window_days: 40\n")
    scan = ["scan", "--scenario", tmp_path / "own.yaml", "--format", "json", "--out", "-"]
    result = run(*scan)
    assert json.loads(result.stdout)["window_days"] == 30
    told = "Scenario own brings its configuration, its checkout of credit.\n"
    assert (result.exit_code, result.stderr) == (0, told)
    result = run(*scan, "--config", tmp_path / "mine.yaml", "--repo", tmp_path)
    assert json.loads(result.stdout)["window_days"] == 40
    assert (result.exit_code, result.stderr) == (0, "")
    assert run(*scan, "--quiet").stderr == ""


@pytest.mark.slow
def test_an_emulated_account_serves_until_interrupted(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("config: decided.yaml\nrepositories: {credit: code.yaml}")
    (tmp_path / "decided.yaml").write_text("window_days: 30\n")
    (tmp_path / "code.yaml").write_text("Makefile: 'test:'\n")
    program = "from mlaudit.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program, "emulate", "--scenario", own, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as serving:
        assert serving.stdout
        names = [serving.stdout.readline().partition("=")[0] for _ in range(4)]
        serving.send_signal(signal.SIGINT)
        _, told = serving.communicate(timeout=30)
    assert serving.returncode == 0
    assert names == [
        "export AWS_ENDPOINT_URL",
        "export AWS_ACCESS_KEY_ID",
        "export AWS_SECRET_ACCESS_KEY",
        "export AWS_REGION",
    ]
    scan, *_, last = told.splitlines()
    found = re.fullmatch("Scan it with: mlaudit scan --config (.+) --repo credit=(.+)", scan)
    assert found
    assert not any(Path(each).exists() for each in found.groups())
    assert last == "Stopped."


def test_an_earlier_audit_tells_what_changed(run: Run, seen: Path, elsewhere: Path) -> None:
    earlier = elsewhere / "audit.json"
    run("report", seen, "--format", "json", "--out", elsewhere)
    result = run("report", seen, "--since", earlier, "--format", "markdown", "--out", "-")
    assert "no change since" in result.stdout
    document = json.loads(earlier.read_text("utf-8"))
    item = next(each for each in document["workloads"][0]["items"] if each["status"] == "fail")
    item["status"] = "pass"
    earlier.write_text(json.dumps(document), "utf-8")
    result = run("report", seen, "--since", earlier, "--format", "json", "--out", "-")
    trend = json.loads(result.stdout)["workloads"][0]["trend"]
    assert (trend["worse"], trend["better"]) == ([item["id"]], [])
