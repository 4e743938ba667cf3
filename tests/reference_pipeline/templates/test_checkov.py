"""Every compiled stack, judged by a tool of somebody else's; what it may find is argued for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.stacks import stacks_of, template

pytestmark = [pytest.mark.checkov, pytest.mark.slow]

Make = Callable[..., Manifest]
Finding = tuple[str, str, str]

CHECKOV = "checkov==3.3.30"
ARGUED = Path(__file__).with_name("checkov.yaml")
SETTINGS: dict[str, dict[str, Any]] = {
    "zero": {},
    "demo": {"profile": "demo"},
    "production": {"profile": "production"},
    "everything": {
        "profile": "production",
        "targets": [mode.value for mode in Mode],
        "delivery": {"host": "codepipeline"},
    },
    "batch": {
        "engine": "step-functions",
        "platform": "batch",
        "network": {"reach": "own"},
        "tuning": {"enabled": False},
    },
}


@pytest.fixture(scope="module")
def report(
    make: Make, environment: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What checkov says of the stacks of all profiles."""
    folder = tmp_path_factory.mktemp("stacks")
    for name, settings in SETTINGS.items():
        manifest = make(**settings)
        (folder / name).mkdir()
        for stack in stacks_of(manifest):
            path = folder / name / f"{stack.name}.json"
            path.write_text(json.dumps(template(stack, manifest)))
    checkov = environment(CHECKOV).with_name("checkov")
    told = subprocess.run(
        [checkov, "--directory", folder, "--framework", "cloudformation", "--output", "json",
         "--compact", "--quiet", "--skip-download"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode in {0, 1}, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def argued() -> set[Finding]:
    listed = yaml.safe_load(ARGUED.read_text("utf-8"))
    assert all(each["reason"] for each in listed)
    return {(each["check"], each["stack"], each["resource"]) for each in listed}


def test_every_template_was_understood(report: dict[str, Any]) -> None:
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 1000


def test_nothing_is_found_that_is_not_argued_for(report: dict[str, Any]) -> None:
    found = {
        (each["check_id"], Path(each["file_path"]).stem, each["resource"])
        for each in report["results"]["failed_checks"]
    }
    assert found == argued()
