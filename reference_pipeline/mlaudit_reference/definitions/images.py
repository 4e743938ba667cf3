"""The images that steps run in and that answer requests: all that a framework decides.

AWS keeps its images in accounts of its own, by region (``registries.json``); it patches them under
the same tag, so who must have the very same image again names one by its digest in the manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mlaudit_reference.definitions.expressions import Deployed, Value, joined
from mlaudit_reference.manifest import Framework, Manifest

REGISTRY = "Registry"
"""What the host of AWS's images is called among what is known at deployment."""

_ACCELERATED = re.compile(r"^ml\.(g|p)\d")


@dataclass(frozen=True)
class Provided:
    """The images that AWS provides for a framework.

    Attributes:
        owner: Which of AWS's accounts, ``Frameworks`` or ``DeepLearning``.
        training: Repository and tag for training; ``{}`` stands for the processor.
        serving: Repository and tag for serving.
    """

    owner: str
    training: str
    serving: str


PROVIDED: Mapping[Framework, Provided] = {
    Framework.SKLEARN: Provided(
        "Frameworks",
        "sagemaker-scikit-learn:1.4-2-cpu-py3",
        "sagemaker-scikit-learn:1.4-2-cpu-py3",
    ),
    Framework.XGBOOST: Provided("Frameworks", "sagemaker-xgboost:3.0-5", "sagemaker-xgboost:3.0-5"),
    Framework.PYTORCH: Provided(
        "DeepLearning",
        "pytorch-training:2.6.0-{}-py312",
        "pytorch-inference:2.6.0-cpu-py312",
    ),
}
"""By framework; AWS provides none for JAX."""


def training_image(manifest: Manifest) -> Value:
    """The image of training and processing."""
    if manifest.training.image:
        return manifest.training.image
    provided = PROVIDED[manifest.framework]
    kind = "gpu" if is_accelerated(manifest.training.instance_type) else "cpu"
    return joined(Deployed(REGISTRY), "/", provided.training.format(kind))


def serving_image(manifest: Manifest) -> Value:
    """The image that answers requests."""
    if manifest.training.serving_image:
        return manifest.training.serving_image
    return joined(Deployed(REGISTRY), "/", PROVIDED[manifest.framework].serving)


def entry_script(manifest: Manifest) -> str:
    """The program that trains."""
    return f"train_{manifest.framework}.py"


def is_accelerated(instance_type: str) -> bool:
    """Whether machines of a type have GPUs."""
    return bool(_ACCELERATED.match(instance_type))


def owner(manifest: Manifest) -> str | None:
    """The account of AWS whose images are used; ``None`` where all are one's own."""
    own = manifest.training.image and manifest.training.serving_image
    return None if own else PROVIDED[manifest.framework].owner


@cache
def accounts() -> Mapping[str, Mapping[str, str]]:
    """The accounts that hold AWS's images, by region and owner."""
    text = (files(__package__) / "registries.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)["accounts"]
    return found
