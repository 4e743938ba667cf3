"""Everything the project asks for is installed in one tested version."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def test_every_requirement_has_a_pin_that_it_allows(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    asked = [
        *settings["project"]["dependencies"],
        *settings["project"]["optional-dependencies"]["emulator"],
        *settings["project"]["optional-dependencies"]["reference"],
        *settings["dependency-groups"]["dev"],
    ]
    pins = _pins(root)
    for requirement in map(Requirement, asked):
        pinned = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pinned), requirement


def test_every_pin_is_exact(root: Path) -> None:
    lines = (root / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)] == []


def _pins(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}
