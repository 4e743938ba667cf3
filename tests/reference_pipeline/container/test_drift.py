"""The drift job: what it measures, what it sends, and what it does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from mlaudit_reference.container.attribution import Effort, document, importance
from mlaudit_reference.container.batch import score_file
from mlaudit_reference.container.data import SETTINGS, Recipe, generate
from mlaudit_reference.container.drift import Plan, main, run, send
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.predictors import load
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.serving import Part, opened
from mlaudit_reference.container.statistics import constraints_of, statistics_of
from mlaudit_reference.container.tables import Table, write_file

PARTS = ("data_quality", "distribution", "concept", "quality")
PLAN = Plan(settings=Path("none.json"), endpoint="credit-rt", model="credit-7", fewest=200)


class Recorder:
    """Stands for CloudWatch's client."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def put_metric_data(self, **call: Any) -> None:
        self.calls.append(call)


@pytest.fixture
def inputs(ml_root: Path, model_folder: Path, table: Table, state: Preprocessor) -> Path:
    """The model and its baselines; nothing was asked yet."""
    folder = ml_root / "processing/input"
    shutil.copytree(model_folder, folder / "model")
    records = from_table(table, SETTINGS)
    statistics = statistics_of(records)
    write_json(folder / "baseline/statistics.json", statistics)
    write_json(folder / "baseline/constraints.json", constraints_of(statistics))
    vectors = state.transform(records)
    found = importance(load(model_folder)[1], (vectors, vectors), state.groups, Effort())
    write_json(folder / "explainability/analysis.json", document(found, 0.2))
    return folder


def _ask(inputs: Path, recipe: Recipe, *, labelled: bool = True) -> None:
    """Put requests, answers and labels where the job reads them."""
    asked = generate(recipe)
    write_file(inputs / "current/requests.csv", asked)
    served = opened(inputs / "model", Part.WHOLE)
    score_file(served, inputs / "current/requests.csv", inputs / "predictions/answers.jsonl")
    if labelled:
        names = (SETTINGS.record_id, SETTINGS.label)
        columns = {name: asked.columns[name] for name in names}
        write_file(inputs / "labels/labels.csv", Table(columns))


def _report(inputs: Path) -> Any:
    return json.loads((inputs.parent / "output/report/drift.json").read_text())


def test_more_of_the_same_has_not_drifted(inputs: Path) -> None:
    _ask(inputs, Recipe(1000, seed=11))
    assert run(PLAN, None) == 0
    report = _report(inputs)
    assert [report[part]["measured"] for part in PARTS] == [True] * 4
    metrics = report["metrics"]
    assert metrics["DataQualityViolations"] == 0
    assert metrics["DriftPsiMax"] < 0.1
    assert metrics["AttributionNdcg"] > 0.98
    assert 0.75 < metrics["QualityAuc"] < 0.87
    assert metrics["LabelledShare"] == 1


def test_shifted_requests_are_found(inputs: Path) -> None:
    _ask(inputs, Recipe(1000, seed=11, drift=1.0))
    assert run(PLAN, None) == 0
    report = _report(inputs)
    assert report["metrics"]["DriftPsiMax"] > 0.2
    assert report["metrics"]["DriftKsMax"] > 0.2
    assert report["metrics"]["DriftJensenShannonMax"] > 0.2
    assert report["metrics"]["DataQualityViolations"] >= 1
    assert {each["feature_name"] for each in report["data_quality"]["violations"]} == {"purpose"}


def test_a_changed_world_shows_in_the_labels_alone(inputs: Path) -> None:
    _ask(inputs, Recipe(1000, seed=11, concept=1.0))
    assert run(PLAN, None) == 0
    metrics = _report(inputs)["metrics"]
    assert metrics["DriftPsiMax"] < 0.1
    assert metrics["QualityAuc"] < 0.68


def test_metrics_go_to_cloudwatch_with_their_dimensions(inputs: Path) -> None:
    _ask(inputs, Recipe(300, seed=11))
    recorder = Recorder()
    assert run(PLAN, recorder) == 0
    (call,) = recorder.calls
    assert call["Namespace"] == "MLPipeline/consumer-credit"
    sent = {each["MetricName"]: each for each in call["MetricData"]}
    assert {name: each["Value"] for name, each in sent.items()} == _report(inputs)["metrics"]
    assert sent["QualityAuc"]["Dimensions"] == [
        {"Name": "Endpoint", "Value": "credit-rt"},
        {"Name": "Model", "Value": "credit-7"},
    ]
    assert sent["DataQualityViolations"]["Unit"] == "Count"


def test_cloudwatch_takes_what_is_sent() -> None:
    client = boto3.client(
        "cloudwatch",
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    with Stubber(client) as stubber:
        stubber.add_response(
            "put_metric_data", {}, {"Namespace": "MLPipeline/credit", "MetricData": ANY}
        )
        send(client, "MLPipeline/credit", PLAN, {"DriftPsiMax": 0.1, "DataQualityViolations": 2.0})


def test_no_labels_yet_is_said_and_is_not_a_zero(inputs: Path) -> None:
    _ask(inputs, Recipe(300, seed=11), labelled=False)
    assert run(PLAN, None) == 0
    report = _report(inputs)
    assert report["quality"] == {"measured": False, "reason": "there are no labels yet"}
    assert not {"QualityAuc", "QualityAccuracy", "LabelledShare"} & report["metrics"].keys()
    assert "DriftPsiMax" in report["metrics"]


def test_a_handful_of_records_tells_nothing(inputs: Path) -> None:
    _ask(inputs, Recipe(199, seed=11))
    recorder = Recorder()
    assert run(PLAN, recorder) == 0
    report = _report(inputs)
    assert [report[part]["measured"] for part in PARTS] == [False] * 4
    assert "199 records were asked about; fewer than 200" in report["distribution"]["reason"]
    assert "199 predictions have labels" in report["quality"]["reason"]
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("lost", "parts"),
    [
        ("baseline", {"data_quality", "distribution"}),
        ("baseline/constraints.json", {"data_quality"}),
        ("explainability", {"concept"}),
        ("predictions", {"quality"}),
        ("current", {"data_quality", "distribution", "concept"}),
        ("model/framework.json", {"concept"}),
    ],
)
def test_a_part_that_lacks_something_says_so_and_the_others_go_on(
    inputs: Path, lost: str, parts: set[str]
) -> None:
    _ask(inputs, Recipe(300, seed=11))
    path = inputs / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert run(PLAN, None) == 0
    report = _report(inputs)
    assert {part for part in PARTS if not report[part]["measured"]} == parts
    assert all(report[part]["reason"] for part in parts)


def test_attributions_of_other_features_are_not_compared(inputs: Path) -> None:
    _ask(inputs, Recipe(300, seed=11))
    write_json(inputs / "explainability/analysis.json", document({"shoe_size": 1.0}, 0.2))
    assert run(PLAN, None) == 0
    assert "other features" in _report(inputs)["concept"]["reason"]


def test_the_program_takes_its_names_from_arguments(inputs: Path) -> None:
    _ask(inputs, Recipe(50, seed=11))
    assert main(["--endpoint", "e", "--model-name", "m", "--fewest", "20"]) == 0
    report = _report(inputs)
    assert (report["endpoint"], report["model"]) == ("e", "m")
    assert report["distribution"]["measured"] is True
