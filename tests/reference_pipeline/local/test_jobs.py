"""Programs see what SageMaker's containers see, and their failures are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.local.failures import StepFailedError
from mlaudit_reference.local.jobs import Processing, Training, run
from mlaudit_reference.local.workplace import Workplace

Program = Callable[[str, str], None]

SAY_ALL = """
import json, os, sys
from pathlib import Path

root = Path(os.environ["ML_ROOT"])
said = {"arguments": sys.argv[1:], "environment": dict(os.environ),
        "files": sorted(str(p.relative_to(root)) for p in root.rglob("*"))}
(root / "said.json").write_text(json.dumps(said))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "given"
    found.mkdir()
    (found / "data.csv").write_text("1\n")
    return found


def said(root: Path) -> Any:
    return json.loads((root / "said.json").read_text())


def test_a_processing_job_finds_its_inputs(
    place: Workplace, program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("SM_CHANNEL_TRAIN", "elsewhere")
    program("look.py", SAY_ALL)
    root = run(place, Processing("look", "look.py", {"raw": folder}, ("--port", "0")))
    found = said(root)
    assert root == place.step("look") / "ml"
    assert (root / "processing/input/raw/data.csv").read_text() == "1\n"
    assert "processing/output" in found["files"]
    assert found["arguments"] == ["--port", "0"]
    assert not [name for name in found["environment"] if name.startswith(("AWS_", "SM_"))]


def test_a_training_job_finds_its_channels_and_hyperparameters(
    place: Workplace, program: Program, folder: Path
) -> None:
    program("train_sklearn.py", SAY_ALL)
    job = Training("t", "sklearn", {"train": folder}, {"c": "0.5", "alpha": "1"}, threads=2)
    root = run(place, job)
    found = said(root)
    assert found["arguments"] == ["--alpha", "1", "--c", "0.5"]
    path = root / "input/config/hyperparameters.json"
    assert json.loads(path.read_text()) == {"c": "0.5", "alpha": "1"}
    expected = {
        "SM_CHANNEL_TRAIN": str(root / "input/data/train"),
        "SM_CHANNELS": '["train"]',
        "SM_MODEL_DIR": str(root / "model"),
        "SM_OUTPUT_DATA_DIR": str(root / "output/data"),
        "SM_INPUT_CONFIG_DIR": str(root / "input/config"),
        "SM_NUM_CPUS": "2",
        "OMP_NUM_THREADS": "2",
    }
    assert found["environment"] | expected == found["environment"]
    assert {"model", "output/data", "checkpoints"} <= set(found["files"])


def test_what_a_job_says_is_kept_and_passed_on(place: Workplace, program: Program) -> None:
    program("talk.py", "import sys; print('a'); sys.stderr.write('b\\n')")
    lines: list[str] = []
    run(place, Processing("talk", "talk.py", {}), lines.append)
    assert sorted(lines) == ["a\n", "b\n"]
    assert sorted((place.step("talk") / "log.txt").read_text().splitlines()) == ["a", "b"]


@pytest.mark.parametrize(
    ("job", "note"),
    [
        (Processing("p", "fail.py", {}), "message"),
        (Training("t", "fail", {}), "failure"),
    ],
    ids=["processing", "training"],
)
def test_a_failure_is_told_with_its_reason_and_its_last_lines(
    place: Workplace, program: Program, job: Processing | Training, note: str
) -> None:
    program(
        job.program,
        f"""
        import os, pathlib
        for n in range(30):
            print("line", n)
        pathlib.Path(os.environ["ML_ROOT"], "output").mkdir(exist_ok=True)
        pathlib.Path(os.environ["ML_ROOT"], "output", "{note}").write_text("no label\\n")
        raise SystemExit(3)
        """,
    )
    with pytest.raises(StepFailedError) as failed:
        run(place, job)
    ending = failed.value.ending
    assert (failed.value.step, ending.code, ending.reason) == (job.name, 3, "no label")
    assert ending.last == [f"line {n}" for n in range(18, 30)]
    assert ending.log.read_text().startswith("line 0\n")
    assert job.program in ending.again


def test_a_job_that_runs_again_finds_its_checkpoints(place: Workplace, program: Program) -> None:
    program(
        "train_count.py",
        """
        import os, pathlib
        kept = pathlib.Path(os.environ["ML_ROOT"], "checkpoints", "count")
        kept.write_text(kept.read_text() + "x" if kept.exists() else "x")
        """,
    )
    job = Training("t", "count", {})
    run(place, job)
    assert (run(place, job) / "checkpoints/count").read_text() == "xx"
