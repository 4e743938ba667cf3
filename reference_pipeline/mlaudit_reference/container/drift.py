"""Processing step: has what comes in, what decides, or how good it is moved away from training?

Four parts, each on its own (guide items 6.1 to 6.4): data quality, distribution shift, concept
drift by attribution, and quality against the ground truth. They go into one report and, as metrics,
to CloudWatch, where alarms judge; the job itself ends with 0. A part that cannot be reckoned says
why and sends nothing: a metric that is not there is not a good one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from mlaudit_reference.container import attribution, features, metrics, shift
from mlaudit_reference.container import ground_truth as truth
from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.archives import unpacked
from mlaudit_reference.container.data_quality import quality_of
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.files import read_json, write_json
from mlaudit_reference.container.locations import processing_input, processing_output
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.predictors import load
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.statistics import read as read_statistics
from mlaudit_reference.container.tables import Table, read_folder
from mlaudit_reference.container.validate import readable

Document = dict[str, Any]
Values = dict[str, float]
Found = tuple[Document, Values]
"""What a part says in the report, and its metrics."""

_SHIFTS = {"psi": "DriftPsiMax", "ks": "DriftKsMax", "jensen_shannon": "DriftJensenShannonMax"}
_COUNTS = {"DataQualityViolations"}


class Metrics(Protocol):
    """boto3's client for CloudWatch."""

    def put_metric_data(self, *, Namespace: str, MetricData: list[Document]) -> object:  # noqa: N803
        """PutMetricData."""
        ...


@dataclass(frozen=True)
class Plan:
    """What to look at.

    Attributes:
        settings: Where the settings are, unless they lie with the model.
        endpoint: The endpoint whose requests these are.
        model: The model that answered them.
        fewest: Records below which nothing is said: chance alone would look like drift.
    """

    settings: Path
    endpoint: str
    model: str
    fewest: int


@dataclass(frozen=True)
class Window:
    """What was asked, and what it is compared with.

    Attributes:
        settings: The settings.
        fewest: Records below which nothing is said.
        model: The folder of the model; it may hold none.
    """

    settings: Settings
    fewest: int
    model: Path

    @cached_property
    def asked(self) -> Table:
        """The records that were asked about.

        Raises:
            InputError: There are none, or too few.
        """
        table = read_folder(processing_input("current"))
        self.check(table.rows, "records were asked about")
        return table

    @cached_property
    def statistics(self) -> Document:
        """Statistics of the baseline."""
        return read_statistics(processing_input("baseline") / "statistics.json")

    def check(self, count: int, what: str) -> None:
        """Refuse to judge by too few.

        Raises:
            InputError: They are.
        """
        if count < self.fewest:
            raise InputError(f"{count} {what}; fewer than {self.fewest} tell nothing")


def main(argv: Sequence[str] | None = None) -> int:
    """Look for drift."""
    parser = argparse.ArgumentParser(description="Look for drift, and report it.")
    settings_file.option(parser)
    said = os.environ.get
    parser.add_argument("--endpoint", default=said("ENDPOINT_NAME", "none"), help="whose requests")
    parser.add_argument("--model-name", default=said("MODEL_NAME", "none"), help="whose answers")
    parser.add_argument(
        "--fewest", type=int, default=200, help="records below which to say nothing"
    )
    is_on = said("EMIT_METRICS", "").lower() == "true"
    parser.add_argument("--emit", action="store_true", default=is_on, help="send metrics")
    given = parser.parse_args(argv)
    plan = Plan(given.settings, given.endpoint, given.model_name, given.fewest)
    return ended(lambda: run(plan, _cloudwatch() if given.emit else None), "message")


def _cloudwatch() -> Metrics:
    import boto3  # noqa: PLC0415 - only where AWS is called

    client: Metrics = boto3.client("cloudwatch")
    return client


def run(plan: Plan, client: Metrics | None) -> int:
    """Write the report, and send the metrics if there is a client to send them with."""
    with unpacked(processing_input("model")) as folder:
        settings = settings_file.first([plan.settings, folder / settings_file.FILE])
        window = Window(settings, plan.fewest, folder)
        report, values = examine(window)
    report |= {"endpoint": plan.endpoint, "model": plan.model, "metrics": values}
    write_json(processing_output("report") / "drift.json", report)
    if client is not None and values:
        send(client, f"MLPipeline/{settings.name}", plan, values)
    log("drift", endpoint=plan.endpoint, sent=client is not None, **values)
    return 0


def examine(window: Window) -> Found:
    """The report of all parts, and all metrics."""
    report: Document = {}
    values: Values = {}
    for name, part in _PARTS.items():
        try:
            said, measured = part(window)
        except InputError as reason:
            report[name] = {"measured": False, "reason": str(reason)}
            continue
        report[name] = {"measured": True, **said}
        values |= measured
    return report, values


def send(client: Metrics, namespace: str, plan: Plan, values: Mapping[str, float]) -> None:
    """Send metrics to CloudWatch."""
    dimensions = [
        {"Name": "Endpoint", "Value": plan.endpoint},
        {"Name": "Model", "Value": plan.model},
    ]
    data = [
        {
            "MetricName": name,
            "Dimensions": dimensions,
            "Value": value,
            "Unit": "Count" if name in _COUNTS else "None",
        }
        for name, value in values.items()
    ]
    client.put_metric_data(Namespace=namespace, MetricData=data)


def data_quality(window: Window) -> Found:
    """Missing, mistyped, out of range, new: how many features break a constraint."""
    constraints = read_statistics(processing_input("baseline") / "constraints.json")
    found = quality_of(window.asked, window.settings, window.statistics, constraints)
    said = {"rows": window.asked.rows, "features": found.features, "violations": found.violations}
    return said, {"DataQualityViolations": float(found.broken)}


def distribution(window: Window) -> Found:
    """How far each feature moved, and the one that moved most."""
    records = readable(window.asked, window.settings)
    moved: dict[str, shift.Shift] = {}
    try:
        for name, values in records.numeric.items():
            moved[name] = shift.numeric_shift(window.statistics, name, values)
        for name, texts in records.categorical.items():
            moved[name] = shift.categorical_shift(window.statistics, name, texts)
    except KeyError as missing:
        raise InputError(f"the baseline has no values of {missing}") from missing
    most = {
        metric: max((each[kind] for each in moved.values() if kind in each), default=None)
        for kind, metric in _SHIFTS.items()
    }
    return {"features": moved}, {name: most_ for name, most_ in most.items() if most_ is not None}


def concept(window: Window) -> Found:
    """Whether other features move the answers than in training."""
    before = _importance(processing_input("explainability") / "analysis.json")
    _, predict = load(window.model)
    state = features.read(window.model)
    vectors = state.transform(readable(window.asked, window.settings))
    effort = attribution.Effort(seed=window.settings.seed)
    now = attribution.importance(predict, (vectors, vectors), state.groups, effort)
    if before.keys() != now.keys():
        raise InputError("the attributions of the baseline are of other features")
    values = {"AttributionNdcg": shift.ndcg(before, now)}
    correlation = shift.rank_correlation([*before.values()], [now[name] for name in before])
    if correlation is not None:
        values["AttributionRankCorrelation"] = correlation
    return {"baseline": before, "now": now}, values


def _importance(path: Path) -> dict[str, float]:
    try:
        return attribution.importance_in(read_json(path))
    except (KeyError, TypeError) as missing:
        raise InputError(f"{path} holds no attributions: {missing}") from missing


def quality(window: Window) -> Found:
    """How good the predictions were, as far as labels are known."""
    predictions = truth.predictions_in(processing_input("predictions"))
    folder = processing_input("labels")
    if not any(folder.rglob("*.csv")):
        raise InputError("there are no labels yet")
    pairs = truth.joined(predictions, truth.labels_in(folder, window.settings))
    window.check(len(pairs.labels), "predictions have labels")
    threshold = window.settings.thresholds.decision
    found = metrics.quality(pairs.labels, pairs.scores, threshold, window.settings.seed)
    values = {
        "QualityAccuracy": found["accuracy"]["value"],
        "LabelledShare": pairs.labelled_share,
    }
    if "auc" in found:
        values["QualityAuc"] = found["auc"]["value"]
    return {"rows": len(pairs.labels), "binary_classification_metrics": found}, values


_PARTS: dict[str, Callable[[Window], Found]] = {
    "data_quality": data_quality,
    "distribution": distribution,
    "concept": concept,
    "quality": quality,
}


if __name__ == "__main__":
    sys.exit(main())
