"""What is told apart from the language: traces that the SDK leaves and that mean nothing.

The SDK takes a role only by what looks like an ARN, where a template has the name of one still to
come; it writes ``null`` where nothing is said, and an empty environment. The digest of the code is
left out, as it is another one after every change of the code. Nothing else is changed. What the SDK
cannot author is in ``NOT_AUTHORED``, what it loses on the way in ``LOST``.
"""

from __future__ import annotations

import re
from typing import Any

ROLE_PREFIX = "arn:aws:iam::000000000000:role/"
"""What makes the SDK take a role that has only a name yet."""

NOT_AUTHORED = {
    "AutoML": "version 3 of the SDK has a step for it, and nothing that makes its request",
}
"""Steps that the SDK cannot author without a network, by their type, with the reason."""

LOST = {
    "EnableInterContainerTrafficEncryption": "the tuner does not take it over from its trainer",
    "EnableNetworkIsolation": "the tuner does not take it over from its trainer",
    "VolumeKmsKeyId": "the tuner does not take it over from its trainer",
    "VpcConfig": "the tuner does not take it over from its trainer",
}
"""What the SDK leaves out of the trials of a search, with the reason; the writer does not."""

_CODE = re.compile(r"code/[0-9a-f]{16}/")


def normal(value: Any) -> Any:
    """A definition as JSON has it, without what means nothing."""
    if isinstance(value, dict):
        return {
            key: normal(each)
            for key, each in value.items()
            if each is not None and (key, each) != ("Environment", {})
        }
    if isinstance(value, list):
        return [normal(each) for each in value]
    if isinstance(value, str):
        return _CODE.sub("code/digest/", value.removeprefix(ROLE_PREFIX))
    return value


def without_lost(value: Any) -> Any:
    """A definition without what the SDK loses."""
    if isinstance(value, list):
        return [without_lost(each) for each in value]
    if not isinstance(value, dict):
        return value
    trials = {"TrainingJobDefinition": _bare(value.get("TrainingJobDefinition"))}
    found = value | trials if "TrainingJobDefinition" in value else value
    return {key: without_lost(each) for key, each in found.items()}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _bare(each) for key, each in value.items() if key not in LOST}
