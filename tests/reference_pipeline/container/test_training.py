"""What every training script does, with a training that is no training."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container import locations, training, vectors
from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.predictors import linear
from mlaudit_reference.container.preprocess import labels_of
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.tables import Table
from mlaudit_reference.container.training import Job, Trained


@pytest.fixture
def channels(ml_root: Path, table: Table, state: Preprocessor) -> Path:
    """The channels of a training job."""
    folder = ml_root / "input/data"
    found = state.transform(from_table(table, SETTINGS))
    labels = labels_of(table, SETTINGS)
    vectors.write(folder / "train", labels[:2000], found[:2000])
    vectors.write(folder / "validation", labels[2000:], found[2000:])
    write_json(folder / "preprocessor/settings.json", SETTINGS.document())
    write_json(folder / "preprocessor/preprocessor.json", state.document())
    return folder


def _least_squares(job: Job) -> Trained:
    rows = job.train.vectors.astype(np.float64)
    weights = np.linalg.lstsq(rows, 4 * job.train.labels - 2.6, rcond=None)[0].astype(np.float64)
    linear.write(locations.model() / linear.FILE, weights, 0.0)
    return Trained(
        linear.FILE,
        "1.0",
        linear.probabilities(job.train.vectors, weights, 0.0),
        linear.probabilities(job.validation.vectors, weights, 0.0),
        {"note": 1},
    )


def test_it_leaves_a_model_with_all_that_serves_it(
    channels: Path, ml_root: Path, state: Preprocessor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert training.run("sklearn", _least_squares, ["--seed", "3"]) == 0
    folder = ml_root / "model"
    card = json.loads((folder / "framework.json").read_text())
    assert card["framework"] == "sklearn"
    assert (card["width"], card["rows"], card["note"]) == (state.width, 2000, 1)
    assert card["hyperparameters"]["seed"] == 3
    assert (folder / "preprocessor.json").read_bytes() == (
        channels / "preprocessor/preprocessor.json"
    ).read_bytes()
    metrics = json.loads((ml_root / "output/data/metrics.json").read_text())
    assert metrics == json.loads((folder / "metrics.json").read_text())
    assert 0.7 < metrics["validation:auc"] < 0.9
    assert f"validation:auc={metrics['validation:auc']:.6f};" in capsys.readouterr().out


@pytest.mark.slow
def test_the_code_in_the_model_serves_it_alone(channels: Path, ml_root: Path) -> None:
    assert channels.is_dir()
    assert training.run("sklearn", _least_squares, []) == 0
    program = (
        "import inference, json, mlaudit_reference\n"
        "model = inference.model_fn('..')\n"
        "fields = (*model.settings.features,)\n"
        "body = json.dumps(dict.fromkeys(fields))\n"
        "said = inference.predict_fn(inference.input_fn(body, 'application/json'), model)\n"
        "print(mlaudit_reference.__file__)\n"
        "print(inference.output_fn(said, 'application/json'))\n"
    )
    code = ml_root / "model/code"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=code,
        env={"PYTHONPATH": "."},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    *_, place, said = ended.stdout.splitlines()
    assert place.endswith("__init__.py")
    assert Path(code / place).resolve().is_relative_to(code.resolve())
    assert 0 < json.loads(said)["predictions"][0]["probability"] < 1


def test_a_process_that_has_nothing_to_say_writes_nothing(channels: Path, ml_root: Path) -> None:
    assert channels.is_dir()
    assert training.run("pytorch", lambda _: None, []) == 0
    assert not (ml_root / "model").exists()


def test_a_wrong_hyperparameter_is_the_reason_of_the_failure(
    channels: Path, ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert channels.is_dir()
    assert training.run("sklearn", _least_squares, ["--c", "much"]) == 1
    assert "hyperparameter c: 'much'" in capsys.readouterr().err
    assert "hyperparameter c: 'much'" in (ml_root / "output/failure").read_text()


def test_a_missing_channel_is_named(ml_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert training.run("sklearn", _least_squares, []) == 1
    assert f"{ml_root / 'input/data/train'} holds no CSV file" in capsys.readouterr().err


@pytest.fixture
def earlier(channels: Path, state: Preprocessor) -> Path:
    """The channel of a model to go on from."""
    write_json(channels / "model/preprocessor.json", state.document())
    write_json(channels / "model/framework.json", {"framework": "sklearn"})
    return channels / "model"


def test_training_does_not_go_on_from_another_framework(
    earlier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert earlier.is_dir()
    assert training.run("xgboost", _least_squares, ["--warm-start", "true"]) == 1
    assert "the earlier model is of sklearn, not of xgboost" in capsys.readouterr().err


def test_training_does_not_go_on_from_other_columns(
    earlier: Path, state: Preprocessor, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {**state.document(), "categorical": {"purpose": {"car": 0.5}}}
    write_json(earlier / "preprocessor.json", document)
    assert training.run("sklearn", _least_squares, ["--warm-start", "true"]) == 1
    assert "trained on other columns" in capsys.readouterr().err


def test_training_that_diverged_is_a_failure(
    channels: Path, ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def diverge(job: Job) -> Trained:
        trained = _least_squares(job)
        return replace(trained, validation=trained.validation * np.nan)

    assert channels.is_dir()
    assert training.run("sklearn", diverge, []) == 1
    assert "training diverged" in capsys.readouterr().err
    assert not (ml_root / "model/framework.json").exists()


def test_labels_of_one_kind_cannot_be_learned_from(
    channels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels, found = vectors.read(channels / "validation")
    vectors.write(channels / "validation", labels * 0, found)
    assert training.run("sklearn", _least_squares, []) == 1
    assert "the validation data has labels of one kind only" in capsys.readouterr().err
