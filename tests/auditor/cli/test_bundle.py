"""``mlaudit report --bundle`` and ``mlaudit verify``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from mlaudit.bundle import read_bundle, write_bundle

Run = Callable[..., Result]


@pytest.fixture
def bundle(run: Run, seen: Path, elsewhere: Path) -> Path:
    path = elsewhere / "evidence.zip"
    result = run("report", seen, "--bundle", path)
    assert (result.exit_code, result.stdout) == (0, f"Wrote {path}\n")
    assert list(elsewhere.iterdir()) == [path]
    return path


def forged(bundle: Path, name: str, content: bytes) -> Path:
    """Make a bundle that is whole, with another content."""
    write_bundle(bundle, read_bundle(bundle) | {name: content}, {"result": "PASSED"})
    return bundle


def test_it_holds_all_that_the_verdicts_rest_on(bundle: Path) -> None:
    assert set(read_bundle(bundle)) == {
        "audit.json",
        "catalogue.json",
        "decisions.json",
        "mlaudit.yaml",
        "report.html",
        "report.md",
        "snapshot.json.gz",
    }


def test_a_bundle_proves_itself(run: Run, bundle: Path) -> None:
    result = run("verify", bundle)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "The same verdicts and reports follow" in result.stdout


def test_the_configuration_is_a_part_of_it(run: Run, seen: Path, elsewhere: Path) -> None:
    (elsewhere / "mlaudit.yaml").write_text("window_days: 30\n")
    assert run("report", seen, "--bundle", "e.zip").exit_code == 0
    assert read_bundle(Path("e.zip"))["mlaudit.yaml"] == b"window_days: 30\n"
    (elsewhere / "mlaudit.yaml").unlink()
    assert run("verify", "e.zip").exit_code == 0


@pytest.mark.parametrize("name", ["decisions.json", "report.html", "report.md"])
def test_conclusions_that_do_not_follow_are_named(run: Run, bundle: Path, name: str) -> None:
    result = run("verify", forged(bundle, name, b"[]"))
    assert result.exit_code == 1
    assert f"{name} does not follow from the snapshot" in result.stderr


def test_a_better_verdict_than_the_snapshot_gives_is_found(run: Run, bundle: Path) -> None:
    audit = json.loads(read_bundle(bundle)["audit.json"])
    for item in audit["workloads"][0]["items"]:
        item["status"] = "pass"
    result = run("verify", forged(bundle, "audit.json", json.dumps(audit).encode()))
    assert result.exit_code == 1
    assert "audit.json does not follow" in result.stderr


def test_a_change_is_told(run: Run, bundle: Path) -> None:
    content = bundle.read_bytes()
    bundle.write_bytes(content.replace(b"decisions.json", b"decisions.jsoN"))
    result = run("verify", bundle)
    assert result.exit_code == 1
    assert "is not what it was" in result.stderr


@pytest.mark.parametrize("key", ["tool_version", "catalogue_version"])
def test_another_version_cannot_be_derived_again(run: Run, bundle: Path, key: str) -> None:
    audit: dict[str, Any] = json.loads(read_bundle(bundle)["audit.json"])
    audit[key] = "0.0.0"
    result = run("verify", forged(bundle, "audit.json", json.dumps(audit).encode()))
    assert result.exit_code == 3
    assert "0.0.0" in result.stdout


def test_a_bundle_of_something_else_is_refused(end: Any, tmp_path: Path) -> None:
    write_bundle(tmp_path / "x.zip", {"a": b""}, {})
    ended = end("verify", str(tmp_path / "x.zip"))
    assert (ended.code, ended.out) == (2, "")
    assert "x.zip holds no audit.json" in ended.err
