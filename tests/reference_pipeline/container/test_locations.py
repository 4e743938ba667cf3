"""Where a job reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit_reference.container import locations


def test_it_is_where_the_service_puts_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ML_ROOT", raising=False)
    assert locations.processing_input("raw") == Path("/opt/ml/processing/input/raw")
    assert locations.channel("train") == Path("/opt/ml/input/data/train")
    assert locations.hyperparameters() == Path("/opt/ml/input/config/hyperparameters.json")


def test_another_root_moves_everything(ml_root: Path) -> None:
    assert locations.processing_output("train") == ml_root / "processing/output/train"
    assert locations.checkpoints() == ml_root / "checkpoints"
    assert locations.output_data() == ml_root / "output/data"
    assert (ml_root / "processing/output/train").is_dir()


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        ("SM_CHANNEL_TRAIN", lambda: locations.channel("train")),
        ("SM_MODEL_DIR", locations.model),
        ("SM_OUTPUT_DATA_DIR", locations.output_data),
        ("SM_INPUT_CONFIG_DIR", lambda: locations.hyperparameters().parent),
    ],
)
def test_the_environment_of_a_training_job_wins(
    ml_root: Path, monkeypatch: pytest.MonkeyPatch, variable: str, found: Callable[[], Path]
) -> None:
    said = ml_root / "elsewhere"
    monkeypatch.setenv(variable, str(said))
    assert found() == said
