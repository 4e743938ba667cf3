"""The definition of the manifest to start from, as it is kept beside the code that writes it.

``python -m mlaudit_reference.authoring.compiled`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from mlaudit_reference.authoring.normal import normal
from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.manifest import example, read_manifest

FILE = Path(__file__).parent / "compiled" / "consumer-credit.json"


def compiled() -> str:
    """The definition of the manifest to start from, as text."""
    manifest = read_manifest(yaml.safe_load(example()))
    return json.dumps(normal(definition(manifest)), indent=2) + "\n"


def main() -> None:
    """Write it to its file."""
    FILE.parent.mkdir(exist_ok=True)
    beside = FILE.with_suffix(".tmp")
    beside.write_text(compiled(), "utf-8")
    beside.replace(FILE)


if __name__ == "__main__":
    main()
