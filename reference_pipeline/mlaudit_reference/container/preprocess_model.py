"""The handlers of the first container of a serial chain: records in, vectors out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlaudit_reference.container.inference import input_fn, output_fn, predict_fn
from mlaudit_reference.container.serving import Part, Served, opened

__all__ = ["input_fn", "model_fn", "output_fn", "predict_fn"]


def model_fn(model_dir: str, context: Any = None) -> Served:  # noqa: ARG001 - the image's signature
    """Load what this container needs from the folder of a model; not the model itself.

    Raises:
        InputError: It is not there, or cannot be used.
    """
    return opened(Path(model_dir), Part.PREPROCESS)
