"""What gets imported, and when: everything can be, and nothing heavy is before it is needed."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"boto3", "botocore", "duckdb", "jinja2", "moto", "networkx", "sagemaker", "yaml"}
# typer itself imports pydantic as soon as a command has options.
HEAVY_AT_THE_TOP = HEAVY | {"pydantic"}
# What the containers of the reference pipeline bring.
IN_CONTAINERS = {"flax", "jax", "numpy", "optax", "sklearn", "torch", "xgboost"}
# What is there where definitions are authored with the SDK of SageMaker.
BROUGHT = {"authoring": {"sagemaker"}, "container": IN_CONTAINERS}
FOREIGN_TO_SCANNING = {"moto", "sagemaker", "werkzeug"}
SCANNING = (
    "mlaudit.collect.run",
    "mlaudit.collect.session",
    "mlaudit.enforcement.handler",
    "mlaudit.cli.remediation.running",
)


def test_every_module_can_be_imported(
    packages: tuple[Path, ...], product_modules: tuple[Path, ...]
) -> None:
    for path in product_modules:
        parent = next(each.parent for each in packages if path.is_relative_to(each))
        parts = path.relative_to(parent).with_suffix("").parts
        try:
            importlib.import_module(".".join(part for part in parts if part != "__init__"))
        except ModuleNotFoundError as missing:
            if not any(missing.name in BROUGHT.get(part, ()) for part in parts):
                raise


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        ("--help", HEAVY_AT_THE_TOP),
        ("--version", HEAVY_AT_THE_TOP),
        ("scan --help", HEAVY),
        ("report --help", HEAVY),
        ("attest --help", HEAVY),
        ("checks list --help", HEAVY),
        ("emulate --help", HEAVY),
        ("enforcement --help", HEAVY),
        ("reference run --help", HEAVY),
        ("remediate --help", HEAVY),
    ],
)
def test_help_comes_without_the_heavy_libraries(arguments: str, heavy: set[str]) -> None:
    program = (
        "import sys\n"
        "from mlaudit.cli import main\n"
        f"sys.argv = ['mlaudit', *{arguments.split()!r}]\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
    )
    assert _imported_by(program) & heavy == set()


@pytest.mark.parametrize("module", SCANNING)
def test_scanning_needs_neither_the_emulator_nor_the_sdk(module: str) -> None:
    assert _imported_by(f"import {module}\n") & FOREIGN_TO_SCANNING == set()


def _imported_by(program: str) -> set[str]:
    """Run a program in a fresh interpreter; return the top-level names it imported."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return {line.partition(".")[0] for line in ended.stdout.splitlines()}
