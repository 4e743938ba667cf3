"""Each framework: trained, loaded, asked, gone on from; and what survives ``kill -9``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container import archives, vectors
from mlaudit_reference.container.checkpoints import unpacked
from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.metrics import auc
from mlaudit_reference.container.predictors import load
from mlaudit_reference.container.preprocess import labels_of
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.tables import Table

pytestmark = pytest.mark.frameworks

MODULES = {"sklearn": "sklearn", "xgboost": "xgboost", "pytorch": "torch", "jax": "flax"}
FEW = {
    "sklearn": (),
    "xgboost": ("--rounds", "40"),
    "pytorch": ("--epochs", "4", "--batch-size", "128"),
    "jax": ("--epochs", "4", "--batch-size", "128"),
}
"""Arguments with which training takes a second."""

NETWORKS = ("pytorch", "jax")
_PACKAGES = Path(vectors.__file__).parents[2]


@pytest.fixture(params=MODULES)
def framework(request: pytest.FixtureRequest) -> str:
    """A framework that is installed."""
    return _installed(str(request.param))


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> str:
    """A framework whose training leaves checkpoints."""
    return _installed(str(request.param))


def _installed(framework: str) -> str:
    pytest.importorskip(MODULES[framework], reason=f"{framework} is not installed")
    return framework


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


def _train(framework: str, arguments: Sequence[str] = ()) -> None:
    program = import_module(f"mlaudit_reference.container.train_{framework}")
    assert program.main([*FEW[framework], *arguments]) == 0


def _metrics(folder: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads((folder / "metrics.json").read_text())
    return found


def test_the_model_that_is_loaded_is_the_one_that_was_trained_for_one_record_and_for_many(
    framework: str, channels: Path, ml_root: Path
) -> None:
    _train(framework)
    found = _metrics(ml_root / "model")
    assert found["validation:auc"] > 0.75
    name, predict = load(ml_root / "model")
    labels, rows = vectors.read(channels / "validation")
    assert name == framework
    assert auc(labels, predict(rows)) == pytest.approx(found["validation:auc"], abs=1e-6)
    alone = [predict(rows[place : place + 1])[0] for place in range(33)]
    assert alone == pytest.approx(predict(rows[:33]).tolist(), abs=1e-6)


def test_the_same_seed_gives_the_same_model_and_no_pickle(
    framework: str, channels: Path, ml_root: Path
) -> None:
    assert channels.is_dir()
    artifacts = []
    for _ in range(2):
        shutil.rmtree(ml_root / "checkpoints", ignore_errors=True)
        _train(framework, ["--seed", "5"])
        name = json.loads((ml_root / "model/framework.json").read_text())["artifact"]
        artifacts.append((ml_root / "model" / name).read_bytes())
    assert artifacts[0] == artifacts[1]
    assert not {path.suffix for path in (ml_root / "model").rglob("*")} & {".pkl", ".joblib", ".pt"}


def test_training_goes_on_from_an_earlier_model(
    framework: str, channels: Path, ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _train(framework)
    before = _metrics(ml_root / "model")
    archives.pack(ml_root / "model", channels / "model/model.tar.gz")
    shutil.rmtree(ml_root / "checkpoints", ignore_errors=True)
    short = {"xgboost": ["--rounds", "1"], "sklearn": ["--max-iterations", "1000"]}
    little = short.get(framework, ["--epochs", "1", "--learning-rate", "0.0003"])
    _train(framework, [*little, "--warm-start", "true"])
    card = json.loads((ml_root / "model/framework.json").read_text())
    assert card["warm_start"] is True
    assert _metrics(ml_root / "model")["validation:auc"] > before["validation:auc"] - 0.01
    assert "validation:auc=" in capsys.readouterr().out


@pytest.mark.parametrize("other", NETWORKS)
def test_a_network_does_not_go_on_from_one_of_another_shape(
    other: str, channels: Path, ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _train(_installed(other))
    shutil.copytree(ml_root / "model", channels / "model")
    program = import_module(f"mlaudit_reference.container.train_{other}")
    assert program.main(["--hidden", "32", "--warm-start", "true"]) == 1
    assert "another network" in capsys.readouterr().err


def _environment(ml_root: Path) -> dict[str, str]:
    # One thread: these networks are too small for two to help each other.
    said = {"ML_ROOT": str(ml_root), "PYTHONPATH": str(_PACKAGES), "OMP_NUM_THREADS": "1"}
    return {**os.environ, **said}


_LIMIT = 300
"""Seconds after which a training hangs."""


def _run(program: Sequence[str], ml_root: Path) -> str:
    ended = subprocess.run(
        [sys.executable, *program],
        env=_environment(ml_root),
        check=False,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _run_and_kill(program: Sequence[str], ml_root: Path) -> None:
    """Kill a training as soon as it says how good its first epoch was: then one is saved."""
    with subprocess.Popen(
        [sys.executable, *program], env=_environment(ml_root), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert any(line.startswith("validation:auc=") for line in running.stdout)
        running.kill()
    assert running.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_what_is_killed_goes_on_to_the_same_result(
    network: str, channels: Path, ml_root: Path
) -> None:
    assert channels.is_dir()
    program = ["-m", f"mlaudit_reference.container.train_{network}", "--epochs", "12"]
    _run(program, ml_root)
    unbroken = (ml_root / "model/model.npz").read_bytes()
    _forget(ml_root)
    _run_and_kill(program, ml_root)
    assert not (ml_root / "model/model.npz").exists()
    assert '"event": "resumed"' in _run(program, ml_root)
    assert (ml_root / "model/model.npz").read_bytes() == unbroken


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(channels: Path, ml_root: Path) -> None:
    assert channels.is_dir()
    _train(_installed("pytorch"))
    alone = unpacked((ml_root / "model/model.npz").read_bytes())
    _forget(ml_root)
    script = _PACKAGES / "mlaudit_reference/container/entry/train_pytorch.py"
    program = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(script)]
    _run([*program, *FEW["pytorch"]], ml_root)
    together = unpacked((ml_root / "model/model.npz").read_bytes())
    assert alone.keys() == together.keys()
    for name, values in alone.items():
        assert np.allclose(values, together[name], atol=1e-4), name


def _forget(ml_root: Path) -> None:
    shutil.rmtree(ml_root / "checkpoints")
    shutil.rmtree(ml_root / "model")
