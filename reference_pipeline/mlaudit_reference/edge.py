"""A version of the model, packed for devices: model, code, recipe, and the hashes of all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference import bundle
from mlaudit_reference.manifest import Manifest

HASHES = "SHA256SUMS"
"""The file of hashes, as ``sha256sum --check`` reads it."""

MODEL = "model.tar.gz"
CODE = "functions.zip"
RECIPE = "recipe.json"
PORT = 8080

Recipe = dict[str, Any]


def export(manifest: Manifest, model: bytes, version: str) -> dict[str, bytes]:
    """Pack a version for devices without a way to AWS, by file name.

    Args:
        manifest: The system.
        model: ``model.tar.gz`` of the version.
        version: The version of the component, as ``1.0.0``.
    """
    made = recipe(manifest, version=version, model=f"file:{MODEL}", code=f"file:{CODE}")
    files = {
        CODE: bundle.functions_archive(),
        MODEL: model,
        RECIPE: (json.dumps(made, indent=2) + "\n").encode(),
    }
    return {**files, HASHES: hashes(files)}


def hashes(files: Mapping[str, bytes]) -> bytes:
    """The SHA-256 of each file and its name, one a line, sorted by name."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def recipe(manifest: Manifest, *, version: str, model: str, code: str) -> Recipe:
    """The recipe of a Greengrass component that serves the model on a local port.

    Args:
        manifest: The system.
        version: The version of the component.
        model: Where ``model.tar.gz`` is.
        code: Where the code is, as a ZIP archive: Greengrass unpacks no other.
    """
    unpack = f"mkdir -p {{work:path}}/model && tar -xzf {{artifacts:path}}/{MODEL}"
    serve = f"python3 {{artifacts:decompressedPath}}/{CODE.removesuffix('.zip')}/serve.py"
    return {
        "RecipeFormatVersion": "2020-01-25",
        "ComponentName": manifest.name,
        "ComponentVersion": version,
        "ComponentDescription": f"Answers requests with {manifest.name}",
        "ComponentPublisher": manifest.owner,
        "ComponentConfiguration": {"DefaultConfiguration": {"Port": PORT}},
        "Manifests": [
            {
                "Platform": {"os": "linux"},
                "Artifacts": [
                    {"Uri": model, "Unarchive": "NONE"},
                    {"Uri": code, "Unarchive": "ZIP"},
                ],
                "Lifecycle": {
                    "Install": f"{unpack} -C {{work:path}}/model",
                    "Run": (
                        f"{serve} --model {{work:path}}/model --host 127.0.0.1"
                        " --port {configuration:/Port}"
                    ),
                },
            }
        ],
    }
