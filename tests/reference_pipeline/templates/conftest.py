"""State machines that are played as they would run, in an environment of their own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.stacks import template

PLAYER = Path(__file__).with_name("player.py")
JSONATA = "jsonata-python==0.7.1"

Played = Callable[..., dict[str, Any]]


Resources = Callable[[Stack, Manifest, str], dict[str, Any]]
Definition = Callable[[Stack, Manifest, str], dict[str, Any]]


@pytest.fixture(scope="session")
def resources() -> Resources:
    """Give the properties of all resources of a type in a stack, by their logical ids."""

    def resources(stack: Stack, manifest: Manifest, kind: str) -> dict[str, Any]:
        found = template(stack, manifest)["Resources"].items()
        return {name: each["Properties"] for name, each in found if each["Type"] == kind}

    return resources


@pytest.fixture(scope="session")
def definition() -> Definition:
    """Give the definition of a state machine, with words for what CloudFormation fills in."""

    def definition(stack: Stack, manifest: Manifest, logical: str) -> dict[str, Any]:
        properties = template(stack, manifest)["Resources"][logical]["Properties"]
        text, values = properties["DefinitionString"]["Fn::Sub"]
        known = {name: value for name, value in values.items() if isinstance(value, str)}
        filled = re.sub(r"\$\{([\w:.]+)\}", lambda found: known.get(found[1], found[1]), text)
        read: dict[str, Any] = json.loads(filled)
        return read

    return definition


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Make an environment with a package, and give its Python; skipped where there is no uv."""

    @cache
    def environment(package: str) -> Path:
        home = tmp_path_factory.mktemp("environment")
        python = home / "bin" / "python"
        _run([_uv(), "venv", "--quiet", "--allow-existing", str(home)])
        _run([_uv(), "pip", "install", "--quiet", "--python", str(python), package])
        return python

    return environment


@pytest.fixture(scope="session")
def interpreter(environment: Callable[[str], Path]) -> Path:
    """A Python that has a JSONata interpreter."""
    return environment(JSONATA)


@pytest.fixture
def play(interpreter: Path) -> Played:
    """Play a machine with an input and with answers by states."""

    def play(
        machine: Mapping[str, Any], given: Any, answers: Mapping[str, Sequence[Any]]
    ) -> dict[str, Any]:
        plays = [{"definition": machine, "input": given, "answers": answers}]
        told = subprocess.run(
            [interpreter, PLAYER], input=json.dumps(plays), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        (happened,) = json.loads(told.stdout)
        found: dict[str, Any] = happened
        return found

    return play


def _uv() -> str:
    uv = pytest.importorskip("uv", reason="there is no uv to make an environment with")
    found: str = uv.find_uv_bin()
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
