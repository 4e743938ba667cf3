"""Where SageMaker puts what a job reads and looks for what it writes.

Source: the container contracts of processing and training jobs. ``ML_ROOT`` stands for ``/opt/ml``
where there is no Docker.
"""

from __future__ import annotations

import os
from pathlib import Path


def root() -> Path:
    """The folder that holds everything of a job."""
    return Path(os.environ.get("ML_ROOT", "/opt/ml"))


def processing_input(name: str) -> Path:
    """The folder of an input of a processing job."""
    return root() / "processing" / "input" / name


def processing_output(name: str) -> Path:
    """The folder of an output of a processing job, made if need be."""
    return _made(root() / "processing" / "output" / name)


def channel(name: str) -> Path:
    """The folder of a channel of a training job."""
    return _said(f"SM_CHANNEL_{name.upper()}", root() / "input" / "data" / name)


def hyperparameters() -> Path:
    """The file with the hyperparameters of a training job."""
    return _said("SM_INPUT_CONFIG_DIR", root() / "input" / "config") / "hyperparameters.json"


def model() -> Path:
    """The folder that becomes ``model.tar.gz``."""
    return _made(_said("SM_MODEL_DIR", root() / "model"))


def output_data() -> Path:
    """The folder that becomes ``output.tar.gz``."""
    return _made(_said("SM_OUTPUT_DATA_DIR", root() / "output" / "data"))


def checkpoints() -> Path:
    """The folder that SageMaker keeps in step with S3, so that a job on spot capacity can go on."""
    return _made(root() / "checkpoints")


def _said(variable: str, default: Path) -> Path:
    return Path(os.environ.get(variable, default))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
