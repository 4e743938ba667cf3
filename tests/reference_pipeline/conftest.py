"""Manifests, from the one to start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from mlaudit_reference.manifest import Manifest, example, merged, read_manifest

Make = Callable[..., Manifest]


@pytest.fixture(scope="session")
def make() -> Make:
    """Make a manifest: the one to start from, with other settings."""

    def make(**settings: Any) -> Manifest:
        document = yaml.safe_load(example())
        return read_manifest(merged(document, settings))

    return make
