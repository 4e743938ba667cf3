"""The whole chain, with few records: what it reaches, and what it proves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.local import frameworks
from mlaudit_reference.local.chain import Plan, run_chain
from mlaudit_reference.local.dataset import Wish
from mlaudit_reference.local.failures import BelowThresholdsError
from mlaudit_reference.local.summary import Summary
from mlaudit_reference.local.tuning import Search

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.slow,
    pytest.mark.skipif(
        any(frameworks.missing(each) for each in frameworks.MODULES),
        reason="pip install 'mlaudit[reference]'",
    ),
]

ROWS = 6000
TRAINED = ("sklearn", "xgboost", "pytorch")


@dataclass(frozen=True)
class Ran:
    """A run and its folder."""

    summary: Summary
    out: Path
    told: list[str]

    def read(self, path: str) -> Any:
        return json.loads((self.out / path).read_text("utf-8"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out = tmp_path_factory.mktemp("reference")
    told: list[str] = []
    plan = Plan(out, Wish(ROWS, seed=3), TRAINED, Search(trials=2), streamed=800)
    return Ran(run_chain(plan, told.append), out, told)


def test_every_framework_learns(ran: Ran) -> None:
    assert {each.framework for each in ran.summary.trained} == set(TRAINED)
    assert all(each.validation_auc > 0.75 for each in ran.summary.trained)
    assert all(each.test_auc > 0.75 for each in ran.summary.trained)
    assert all(each.bias < 0.2 for each in ran.summary.trained)


def test_the_best_is_picked_and_registered(ran: Ran) -> None:
    summary = ran.summary
    best = max(summary.trained, key=lambda each: each.validation_auc)
    assert summary.trained[0] == best
    assert summary.picked == best.name
    assert summary.version == ran.out / "registry" / "consumer-credit" / "1"
    card = ran.read("registry/consumer-credit/1/package.json")
    assert card["status"] == "PendingManualApproval"
    assert card["metrics"] == {"validation:auc": best.validation_auc, "test:auc": best.test_auc}
    assert card["data_version"].startswith("sha256:")
    assert card["environment"]["numpy"]
    assert card["conditions"]["auc_min"]["met"] is True
    assert (summary.version / "model" / "framework.json").is_file()
    assert (summary.version / "baseline" / "statistics.json").is_file()
    assert (summary.version / "reports" / "bias" / "post_training.json").is_file()


def test_the_search_tried_as_often_as_it_was_told(ran: Ran) -> None:
    tuned = ran.summary.tuned
    assert tuned is not None
    assert tuned.trials == 2
    assert tuned.after > 0.75
    first = max(
        (each for each in ran.summary.trained if each.name.startswith("train-")),
        key=lambda each: each.validation_auc,
    )
    assert (tuned.framework, tuned.before) == (first.framework, first.validation_auc)


def test_streaming_loses_and_doubles_none(ran: Ran) -> None:
    stream = ran.summary.stream
    assert (stream.records, stream.lost, stream.doubled, stream.wrong) == (800, 0, 0, 0)
    assert stream.failures > 10
    assert stream.crashes > 0
    assert ran.summary.latency.requests == 200
    assert 0 < ran.summary.latency.p50 <= ran.summary.latency.p99


def test_training_that_was_killed_comes_to_the_same_model(ran: Ran) -> None:
    resumed = ran.summary.resumed
    assert resumed is not None
    assert (resumed.framework, resumed.exit_code) == ("pytorch", -9)
    assert 0 < resumed.from_epoch < resumed.epochs
    assert resumed.difference <= 1e-6


def test_drift_is_seen_where_there_is_some(ran: Ran) -> None:
    same, shifted = ran.summary.drift.same, ran.summary.drift.shifted
    assert same.psi is not None
    assert same.psi < 0.1
    assert same.quality == pytest.approx(ran.summary.trained[0].test_auc)
    assert (same.retrain, same.reasons) == (False, ("nothing calls for it",))
    assert shifted.psi is not None
    assert shifted.psi > 0.2
    assert shifted.retrain
    assert any(each.startswith("drift: the distribution moved") for each in shifted.reasons)
    assert any(each.startswith("quality:") for each in shifted.reasons)


def test_all_is_told_and_written(ran: Ran) -> None:
    assert ran.read("summary.json") == json.loads(json.dumps(ran.summary.document()))
    assert ran.read("summary.json")["rows"] == ROWS
    assert ran.told[0] == f"Generating {ROWS} records"
    assert "Training with xgboost" in ran.told


def test_what_reaches_no_threshold_is_not_registered(ran: Ran, tmp_path: Path) -> None:
    settings = ran.read("work/data/settings/settings.json")
    strict = {**settings, "thresholds": {**settings["thresholds"], "auc_min": 0.99}}
    data = Wish(0, 3, ran.out / "work" / "data", strict)
    with pytest.raises(BelowThresholdsError, match=r"train-sklearn: auc_min 0\.\d+ against 0.99"):
        run_chain(Plan(tmp_path, data, ("sklearn",), None), lambda _: None)
    assert not (tmp_path / "registry").exists()
