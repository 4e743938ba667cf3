"""Fetch the libraries that the HTML report and its tests carry; ``--check`` compares them.

They come from npm in the versions named here. Beside the files stand their licences and a list of
name, version, licence and sha256, which the check needs no network for.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "reports/mlaudit_reports/vendor"
TESTS = ROOT / "tests/browser/vendor"
LIST = "vendor.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A package on npm.

    Attributes:
        name: Its name.
        version: The version to fetch.
        folder: Where its files go.
        files: Names here by paths in the package.
    """

    name: str
    version: str
    folder: Path
    files: Mapping[str, str]


PACKAGES = (
    Package(
        "echarts",
        "6.1.0",
        REPORT,
        {
            "dist/echarts.simple.min.js": "echarts.simple.min.js",
            "LICENSE": "echarts.LICENSE",
            "NOTICE": "echarts.NOTICE",
        },
    ),
    Package(
        "cytoscape",
        "3.34.4",
        REPORT,
        {"dist/cytoscape.min.js": "cytoscape.min.js", "LICENSE": "cytoscape.LICENSE"},
    ),
    # This build has dagre inside.
    Package(
        "cytoscape-dagre",
        "4.0.1",
        REPORT,
        {
            "dist/cytoscape-dagre.min.js": "cytoscape-dagre.min.js",
            "LICENSE": "cytoscape-dagre.LICENSE",
        },
    ),
    Package("@dagrejs/dagre", "3.1.3", REPORT, {"LICENSE": "dagre.LICENSE"}),
    Package(
        "axe-core",
        "4.14.1",
        TESTS,
        {"axe.min.js": "axe.min.js", "LICENSE": "axe-core.LICENSE"},
    ),
)


def main() -> int:
    """Fetch every package; with ``--check`` fetch nothing and tell which file is another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with the list")
    if parser.parse_args().check:
        changed = list(differing())
        sys.stderr.write("".join(f"{each} is not what was fetched\n" for each in changed))
        return 1 if changed else 0
    for folder in (REPORT, TESTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fetched = [_fetch(each) for each in PACKAGES if each.folder == folder]
        (folder / LIST).write_text(json.dumps(fetched, indent=2) + "\n", "utf-8")
    return 0


def differing() -> Iterator[str]:
    """Name the files that are not as they were fetched, or not on a list."""
    for folder in (REPORT, TESTS):
        listed = {
            name: digest
            for package in json.loads((folder / LIST).read_text("utf-8"))
            for name, digest in package["sha256"].items()
        }
        here = {each.name: _digest(each) for each in folder.iterdir() if each.name != LIST}
        yield from sorted(dict(listed.items() ^ here.items()))


def _fetch(package: Package) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        npm = shutil.which("npm") or "npm"
        wanted = f"{package.name}@{package.version}"
        subprocess.run([npm, "pack", wanted, "--silent"], cwd=place, check=True)  # noqa: S603 - our own words
        with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
            archive.extractall(place, filter="data")
        root = Path(place, "package")
        for source, name in package.files.items():
            shutil.copyfile(root / source, package.folder / name)
        licence = json.loads((root / "package.json").read_text("utf-8"))["license"]
    return {
        "name": package.name,
        "version": package.version,
        "licence": licence,
        "sha256": {each: _digest(package.folder / each) for each in package.files.values()},
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
