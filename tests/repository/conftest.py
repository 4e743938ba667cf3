"""Where the repository is, and which files belong to it."""

import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main

from mlaudit.cli import app

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "auditor/mlaudit",
    "checks/mlaudit_checks",
    "reports/mlaudit_reports",
    "reference_pipeline/mlaudit_reference",
)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def packages() -> tuple[Path, ...]:
    """The folders of the four packages, the top of each on disk."""
    return tuple(ROOT / each for each in PACKAGES)


@pytest.fixture(scope="session")
def product_files(packages: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every file of the packages but what Python leaves beside them."""
    return _sorted(
        path
        for package in packages
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


@pytest.fixture(scope="session")
def product_modules(product_files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every Python file of the packages."""
    return tuple(path for path in product_files if path.suffix == ".py")


@pytest.fixture(scope="session")
def repository_files() -> tuple[Path, ...]:
    """Every file that git tracks, or would after `git add .`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return _sorted(path for name in listed.split("\0") if (path := ROOT / name).is_file())


@pytest.fixture(scope="session")
def parse() -> Callable[[Sequence[str]], None]:
    """Parse the words after ``mlaudit`` as the command line does; what is wrong is asserted."""
    return lambda words: _parse(typer.main.get_command(app), "mlaudit", list(words))


_USAGE_ERROR: Any = typer.BadParameter.__base__
"""Typer has its own copy of click, and no public name for this."""


def _parse(command: Any, name: str, words: list[str]) -> None:
    nested = getattr(command, "commands", {})
    if nested and words and not words[0].startswith("-"):
        assert words[0] in nested, f"{name} has no command {words[0]}"
        _parse(nested[words[0]], f"{name} {words[0]}", words[1:])
        return
    # A command that is only mentioned is there; one that is spelled out must be complete.
    if words and words != ["--help"]:
        try:
            command.make_context(name, words)
        except _USAGE_ERROR as wrong:
            raise AssertionError(f"{name}: {wrong.format_message()}") from wrong


def _sorted(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(paths))
