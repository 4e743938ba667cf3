"""``mlaudit reference run --local``: what it refuses, how failures end, and what it approves."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.local import frameworks, registry
from mlaudit_reference.manifest import example

End = Callable[..., Any]

COLUMNS = (
    "application_id", "applied_at", "age_group", "income", "debt_ratio", "loan_amount",
    "months_employed", "open_accounts", "purpose", "housing", "region", "defaulted",
)  # fmt: skip
ONE_RECORD = f"{','.join(COLUMNS)}\n1,now,old,x,x,x,x,x,car,rent,north,0\n"


@pytest.fixture
def equipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """All frameworks seem to be there; the steps that come before training need none."""
    monkeypatch.setattr(frameworks, "find_spec", lambda _: object())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Say --local to run the pipeline on this machine."),
        (("--local", "--manifest", "none.yaml"), "There is no none.yaml. Start from one:"),
        (("--local", "--framework", "lisp"), "There is no framework 'lisp'"),
        (("--local", "--data", "nowhere"), "--data nowhere holds no CSV file"),
        (("--local", "--out", "a-file"), "a-file cannot be used"),
        (("--local", "--approve", "credit"), "No version of 'credit' is registered"),
    ],
)
@pytest.mark.usefixtures("equipped")
def test_what_cannot_be_used_is_said(
    end: End, elsewhere: Path, arguments: tuple[str, ...], says: str
) -> None:
    (elsewhere / "a-file").write_text("")
    ended = end("reference", "run", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_missing_frameworks_are_named_with_what_installs_them(
    end: End, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frameworks, "find_spec", lambda name: None if name == "torch" else name)
    ended = end("reference", "run", "--local", "--framework", "pytorch")
    assert ended.code == 2
    assert "needs torch, which is not installed" in ended.err
    assert "pip install 'mlaudit[reference]'" in ended.err
    assert not (elsewhere / "out").exists()


@pytest.mark.usefixtures("equipped")
def test_a_step_that_fails_is_told_with_its_log(end: End, elsewhere: Path) -> None:
    (elsewhere / "pipeline.yaml").write_text(example())
    (elsewhere / "mine").mkdir()
    (elsewhere / "mine" / "a.csv").write_text(ONE_RECORD)
    ended = end(
        "reference", "run", "--local", "--manifest", "pipeline.yaml", "--data", "mine", "--out", "o"
    )
    assert ended.code == 4
    assert "mlaudit: error: The step validate failed: exit code 1." in ended.err
    log = elsewhere / "o/work/steps/validate/log.txt"
    assert f"The whole log: {log}" in ended.err
    assert log.read_text()


def test_the_newest_version_is_approved(end: End, elsewhere: Path) -> None:
    (elsewhere / "model").mkdir()
    package = registry.Package("credit", elsewhere / "model", {}, {})
    version = registry.register(elsewhere / "out/reference/registry", package)
    ended = end("reference", "run", "--local", "--approve", "credit")
    assert ended.code == 0
    assert ended.out == f"Approved {version.relative_to(elsewhere)}\n"
    assert json.loads((version / "package.json").read_text())["status"] == "Approved"


@pytest.mark.usefixtures("equipped")
def test_what_runs_is_shown_where_somebody_watches(
    end: End, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    (elsewhere / "pipeline.yaml").write_text(example())
    (elsewhere / "mine").mkdir()
    (elsewhere / "mine" / "a.csv").write_text(ONE_RECORD)
    arguments = ("run", "--local", "--manifest", "pipeline.yaml", "--data", "mine")
    assert "Validating the data" in end("reference", *arguments).err
    assert "Validating the data" not in end("reference", *arguments, "--quiet").err


@pytest.mark.frameworks
@pytest.mark.slow
@pytest.mark.skipif(
    bool(frameworks.missing("sklearn")) or not find_spec("optuna"),
    reason="pip install 'mlaudit[reference]'",
)
def test_a_run_tells_what_it_reached(end: End, elsewhere: Path) -> None:
    arguments = ("run", "--local", "--rows", "3000", "--framework", "sklearn")
    described = ("--manifest", "pipeline.yaml")
    (elsewhere / "pipeline.yaml").write_text(f"{example()}tuning: {{max_jobs: 2}}\n")
    ended = end("reference", *arguments, *described)
    assert (ended.code, ended.err) == (0, "")
    words = " ".join(ended.out.split())
    assert "AUC on validation AUC on test bias" in words
    assert "picked" in words
    assert "in 2 trials" in words
    assert "0 lost, 0 doubled." in words
    assert "Drift with a shift: training starts anew (" in words
    approve = "mlaudit reference run --local --approve consumer-credit --out out/reference"
    assert f"Approve it with: {approve}" in words
    summary = json.loads((elsewhere / "out/reference/summary.json").read_text())
    assert summary["rows"] == 3000

    strict = example().replace("auc_min: 0.70", "auc_min: 0.99")
    (elsewhere / "pipeline.yaml").write_text(f"{strict}tuning: {{enabled: false}}\n")
    ended = end("reference", *arguments, *described)
    assert (ended.code, ended.out) == (1, "")
    assert "No model reaches the thresholds, so none is registered." in ended.err
