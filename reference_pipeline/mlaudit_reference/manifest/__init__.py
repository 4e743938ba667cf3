"""``pipeline.yaml``: read, completed by the defaults of its profile, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mlaudit_reference.manifest.model import Manifest
from mlaudit_reference.manifest.parts import (
    Engine,
    Framework,
    Host,
    Mode,
    Platform,
    Profile,
    Reach,
    Strategy,
)
from mlaudit_reference.manifest.serving import Source

__all__ = [
    "Engine",
    "Framework",
    "Host",
    "Manifest",
    "Mode",
    "Platform",
    "Profile",
    "Reach",
    "Source",
    "Strategy",
    "document_of",
    "example",
    "merged",
    "read_manifest",
    "schema",
]

Document = Mapping[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def read_manifest(document: Document) -> Manifest:
    """Complete what a manifest says by the defaults of its profile.

    Args:
        document: The manifest as YAML gives it.

    Raises:
        pydantic.ValidationError: It says something that is not understood.
    """
    return Manifest.model_validate(merged(_defaults(document.get("profile")), document))


def document_of(manifest: Manifest) -> dict[str, Any]:
    """What ``read_manifest`` makes the same manifest of; nothing in it is left to a profile."""
    found = manifest.model_dump(mode="json")
    return {**found, "targets": sorted(found["targets"])}


def example() -> str:
    """The manifest to start from, as YAML; it is complete and can be compiled as it is."""
    return (files(__name__) / "example.yaml").read_text("utf-8")


def schema() -> str:
    """The JSON schema of a manifest; what every profile gives is not required of it."""
    found = Manifest.model_json_schema()
    given = set.intersection(*({*_defaults(profile)} for profile in Profile))
    found["required"] = [name for name in found["required"] if name not in given]
    return json.dumps({"$schema": _DIALECT, **found}, indent=2, sort_keys=True) + "\n"


def merged(defaults: Document, said: Document) -> dict[str, Any]:
    """What is said, and the default for what is left out, at every depth."""
    found = {**defaults, **said}
    for key in defaults.keys() & said.keys():
        if isinstance(defaults[key], Mapping) and isinstance(said[key], Mapping):
            found[key] = merged(defaults[key], said[key])
    return found


@cache
def _defaults(profile: object) -> Document:
    """The defaults of a profile; none for what is no profile, so that validation names it."""
    name = Profile.ZERO if profile is None else profile
    if name not in tuple(Profile):
        return {}
    text = (files(__name__) / "profiles" / f"{name}.yaml").read_text("utf-8")
    found: Document = yaml.safe_load(text)
    return found
