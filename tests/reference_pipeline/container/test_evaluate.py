"""Evaluation as a step: all reports, and when a model is good enough."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container import archives
from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.evaluate import main, quality_constraints
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.preprocess import facets_of
from mlaudit_reference.container.settings import Settings, Thresholds
from mlaudit_reference.container.tables import Table, write_file


@pytest.fixture
def inputs(ml_root: Path, model_folder: Path, table: Table) -> Path:
    """What the step reads."""
    folder = ml_root / "processing/input"
    shutil.copytree(model_folder, folder / "model")
    write_file(folder / "test/records.csv", table)
    write_json(folder / "baseline/facets.json", facets_of(table, SETTINGS))
    return folder


def _report(inputs: Path, name: str) -> Any:
    return json.loads((inputs.parent / "output" / name).read_text())


def test_every_report_is_written_in_its_shape(inputs: Path) -> None:
    assert main([]) == 0
    found = _report(inputs, "evaluation/evaluation.json")
    assert 0.75 < found["metrics"]["auc"]["value"] < 0.85
    assert found["accepted"] is True
    quality = _report(inputs, "model_quality/statistics.json")["binary_classification_metrics"]
    assert quality["auc"] == found["metrics"]["auc"]
    assert sum(sum(row.values()) for row in quality["confusion_matrix"].values()) == 3000
    after = _report(inputs, "bias/post_training.json")["post_training_bias_metrics"]
    assert [each["value_or_threshold"] for each in after["facets"]["age_group"]] == ["up-to-40"]
    assert "pre_training_bias_metrics" in _report(inputs, "bias/pre_training.json")
    shap = _report(inputs, "explainability/analysis.json")["explanations"]["kernel_shap"]["label0"]
    assert set(shap["global_shap_values"]) == set(SETTINGS.features)
    names = [each["name"] for each in _report(inputs, "model_data/constraints.json")["features"]]
    assert names == [*SETTINGS.numeric, "probability", *SETTINGS.categorical]


def test_an_archive_is_evaluated_as_its_folder_is(inputs: Path) -> None:
    assert main([]) == 0
    before = _report(inputs, "evaluation/evaluation.json")
    (inputs / "model").rename(inputs / "folder")
    archives.pack(inputs / "folder", inputs / "model/model.tar.gz")
    assert main([]) == 0
    assert _report(inputs, "evaluation/evaluation.json") == before


@pytest.mark.parametrize(
    ("thresholds", "unmet"),
    [
        (Thresholds(), []),
        (Thresholds(auc_min=0.99), ["auc_min"]),
        (Thresholds(bias_max=0.0), ["bias_max"]),
    ],
)
def test_a_model_must_meet_every_condition(
    inputs: Path, thresholds: Thresholds, unmet: list[str]
) -> None:
    path = inputs / "settings/settings.json"
    write_json(path, replace(SETTINGS, thresholds=thresholds).document())
    assert main(["--settings", str(path)]) == 0
    found = _report(inputs, "evaluation/evaluation.json")
    assert [name for name, each in found["conditions"].items() if not each["met"]] == unmet
    assert found["accepted"] is not unmet or not unmet
    assert found["accepted"] == (not unmet)


def _fails(inputs: Path, capsys: pytest.CaptureFixture[str], settings: Settings) -> str:
    write_json(inputs / "settings/settings.json", settings.document())
    assert main([]) == 1
    return capsys.readouterr().err


def test_labels_of_one_kind_cannot_be_evaluated(
    inputs: Path, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    ones = Table({**table.columns, SETTINGS.label: ["1"] * table.rows})
    write_file(inputs / "test/records.csv", ones)
    assert "labels of one kind only" in _fails(inputs, capsys, SETTINGS)


def test_a_group_that_does_not_occur_is_named(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_json(
        inputs / "baseline/facets.json",
        {"label": "defaulted", "attribute": "age_group", "privileged": "x", "counts": {}},
    )
    assert "privileged group (age_group 'x')" in _fails(inputs, capsys, SETTINGS)


def test_a_metric_may_fall_and_a_loss_may_rise_by_three_deviations() -> None:
    quality = {
        "confusion_matrix": {},
        "auc": {"value": 0.8, "standard_deviation": 0.01},
        "log_loss": {"value": 0.4, "standard_deviation": 0.01},
        "recall": {"value": 0.5},
    }
    assert quality_constraints(quality)["binary_classification_constraints"] == {
        "auc": {"threshold": pytest.approx(0.77), "comparison_operator": "LessThanThreshold"},
        "log_loss": {
            "threshold": pytest.approx(0.43),
            "comparison_operator": "GreaterThanThreshold",
        },
        "recall": {"threshold": 0.5, "comparison_operator": "LessThanThreshold"},
    }
