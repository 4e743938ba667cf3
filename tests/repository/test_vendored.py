"""What is carried from elsewhere is what was fetched, with its licence beside it."""

import subprocess
import sys
from pathlib import Path


def test_every_vendored_file_is_as_fetched(root: Path) -> None:
    command = [sys.executable, "tools/vendor.py", "--check"]
    checked = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_library_brings_its_licence(root: Path) -> None:
    folders = (root / "reports/mlaudit_reports/vendor", root / "tests/browser/vendor")
    for folder in folders:
        libraries = {each.name.split(".")[0] for each in folder.glob("*.js")}
        licences = {each.stem.removesuffix("-core") for each in folder.glob("*.LICENSE")}
        assert libraries
        assert libraries <= licences
