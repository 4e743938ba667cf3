"""Processing step: what the model is worth on data it never saw, and whom it treats how.

Writes quality, bias before and after training, and feature attribution in the formats that the
model registry takes (ModelMetrics of CreateModelPackage), and whether the model is good enough.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container import attribution, bias, features, metrics
from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.archives import unpacked
from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.files import read_json, write_json
from mlaudit_reference.container.locations import processing_input, processing_output
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.predictors import Predict, load
from mlaudit_reference.container.preprocess import labels_of
from mlaudit_reference.container.records import Records, from_table
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.statistics import constraints_of, statistics_of
from mlaudit_reference.container.tables import Table, read_folder

Document = dict[str, Any]

_QUALITY_SLACK = 3.0
"""How many standard deviations a metric may lose before it breaks its constraint."""


@dataclass(frozen=True)
class Scored:
    """The test data and what the model says of it.

    Attributes:
        settings: The settings.
        table: The raw records.
        records: Their features.
        vectors: What the model sees.
        labels: 0 or 1 for each record.
        scores: The probability of 1 for each record.
    """

    settings: Settings
    table: Table
    records: Records
    vectors: Matrix
    labels: Floats
    scores: Floats


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate ``model`` on ``test``."""
    parser = argparse.ArgumentParser(description="Evaluate a model.")
    settings_file.option(parser)
    path: Path = parser.parse_args(argv).settings
    return ended(lambda: _evaluate(path), "message")


def _evaluate(path: Path) -> int:
    with unpacked(processing_input("model")) as folder:
        settings = settings_file.first([path, folder / settings_file.FILE])
        state = features.read(folder)
        framework, predict = load(folder)
        scored = _score(settings, state, predict)
        analysis = _explain(scored, state, predict)
    reports = _reports(scored, read_json(processing_input("baseline") / "facets.json"))
    reports["explainability/analysis.json"] = analysis
    for name, document in reports.items():
        folder_name, _, file = name.partition("/")
        write_json(processing_output(folder_name) / file, document)
    found = reports["evaluation/evaluation.json"]
    log("evaluated", framework=framework, rows=len(scored.labels), accepted=found["accepted"],
        auc=found["metrics"]["auc"]["value"], **found["bias"])  # fmt: skip
    return 0


def _score(settings: Settings, state: features.Preprocessor, predict: Predict) -> Scored:
    table = read_folder(processing_input("test"))
    records = from_table(table, settings)
    vectors = state.transform(records)
    labels = labels_of(table, settings)
    if len(set(labels.tolist())) < 2:  # noqa: PLR2004 - there are two labels
        raise InputError("the test data has labels of one kind only")
    scores = predict(vectors)
    if not np.isfinite(scores).all():
        raise InputError("the model gives no numbers for the test data")
    return Scored(settings, table, records, vectors, labels, scores)


def _explain(scored: Scored, state: features.Preprocessor, predict: Predict) -> Document:
    effort = attribution.Effort(seed=scored.settings.seed)
    vectors = (scored.vectors, scored.vectors)
    found = attribution.importance(predict, vectors, state.groups, effort)
    return attribution.document(found, float(scored.scores.mean()))


def _reports(scored: Scored, facets: Document) -> dict[str, Document]:
    """All documents but the attribution, by where they are written."""
    settings = scored.settings
    quality = metrics.quality(
        scored.labels, scored.scores, settings.thresholds.decision, settings.seed
    )
    before = bias.pre_training(facets)
    decisions = metrics.decided(scored.scores, settings.thresholds.decision)
    groups = scored.table.column(settings.protected)
    after = bias.post_training(scored.labels, decisions, groups, facets)
    model_data = _model_data(scored)
    return {
        "evaluation/evaluation.json": evaluation(quality, before, after, settings),
        "model_quality/statistics.json": _quality_statistics(quality, len(scored.labels)),
        "model_quality/constraints.json": quality_constraints(quality),
        "bias/pre_training.json": before,
        "bias/post_training.json": after,
        "model_data/statistics.json": model_data,
        "model_data/constraints.json": constraints_of(model_data),
    }


def evaluation(
    quality: Document, before: Document, after: Document, settings: Settings
) -> Document:
    """The summary on which a pipeline decides."""
    found = {name: each for name, each in quality.items() if name != "confusion_matrix"}
    unequal = {
        "max_abs_dpl": bias.greatest(before, "DPL"),
        "max_abs_dppl": bias.greatest(after, "DPPL"),
        "max_abs_ad": bias.greatest(after, "AD"),
        "max_abs_rd": bias.greatest(after, "RD"),
    }
    wanted = settings.thresholds
    area, gap = found["auc"]["value"], unequal["max_abs_dppl"]
    conditions = {
        "auc_min": {"value": area, "threshold": wanted.auc_min, "met": area >= wanted.auc_min},
        # What is not known to be fair is not taken for fair.
        "bias_max": {
            "value": gap,
            "threshold": wanted.bias_max,
            "met": gap is not None and gap <= wanted.bias_max,
        },
    }
    accepted = all(each["met"] for each in conditions.values())
    return {"metrics": found, "bias": unequal, "conditions": conditions, "accepted": accepted}


def _quality_statistics(quality: Document, rows: int) -> Document:
    return {
        "version": 0.0,
        "dataset": {"item_count": rows},
        "binary_classification_metrics": quality,
    }


def quality_constraints(quality: Document) -> Document:
    """How far a metric may fall, or rise if it is a loss, in production."""
    limits: Document = {}
    for name, each in quality.items():
        if name == "confusion_matrix":
            continue
        is_loss = name in {"log_loss", "false_positive_rate", "false_negative_rate"}
        slack = _QUALITY_SLACK * each.get("standard_deviation", 0.0)
        operator = "GreaterThanThreshold" if is_loss else "LessThanThreshold"
        limit = each["value"] + slack if is_loss else each["value"] - slack
        limits[name] = {"threshold": limit, "comparison_operator": operator}
    return {"version": 0.0, "binary_classification_constraints": limits}


def _model_data(scored: Scored) -> Document:
    """Statistics of what goes into the model and what comes out: the baseline of serving."""
    records = scored.records
    numeric = {**records.numeric, "probability": scored.scores.astype(np.float64)}
    return statistics_of(Records(records.ids, numeric, records.categorical))


if __name__ == "__main__":
    sys.exit(main())
