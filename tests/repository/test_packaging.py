"""The wheel holds the four packages whole, and nothing else."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

NAMES = {"mlaudit", "mlaudit_checks", "mlaudit_reference", "mlaudit_reports"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of all files in the wheel."""
    target = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (path,) = target.glob("*.whl")
    with ZipFile(path) as archive:
        return frozenset(archive.namelist())


def test_it_brings_the_four_packages_and_no_other_name(wheel: frozenset[str]) -> None:
    names = {name.partition("/")[0] for name in wheel}
    assert {name for name in names if not name.endswith(".dist-info")} == NAMES


def test_it_holds_every_file_of_the_packages(
    wheel: frozenset[str], packages: tuple[Path, ...], product_files: tuple[Path, ...]
) -> None:
    parents = {package.name: package.parent for package in packages}
    written = {
        path.relative_to(parents[package.name]).as_posix()
        for package in packages
        for path in product_files
        if path.is_relative_to(package)
    }
    assert {name for name in wheel if ".dist-info/" not in name} == written


def test_it_tells_type_checkers_that_it_is_typed(wheel: frozenset[str]) -> None:
    assert {name for name in wheel if name.endswith("py.typed")} == {
        f"{name}/py.typed" for name in NAMES
    }


def test_it_brings_the_licence(wheel: frozenset[str]) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in wheel)
