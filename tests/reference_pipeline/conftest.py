"""Manifests, from the one to start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from mlaudit_reference.manifest import Manifest, example, read_manifest

Make = Callable[..., Manifest]


@pytest.fixture(scope="session")
def make() -> Make:
    """Make a manifest: the one to start from, with other settings."""

    def make(**settings: Any) -> Manifest:
        document = yaml.safe_load(example())
        return read_manifest(_merged(document, settings))

    return make


def _merged(document: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**document, **settings}
    for key in document.keys() & settings.keys():
        if isinstance(document[key], Mapping) and isinstance(settings[key], Mapping):
            merged[key] = _merged(document[key], settings[key])
    return merged
