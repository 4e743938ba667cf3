"""Statistics and constraints of data in the open format that SageMaker Model Monitor defined.

The service is closed to new customers; the format is documented, and tools read it. Source: "Schema
for Statistics" and "Schema for Constraints" in the SageMaker developer guide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import read_json
from mlaudit_reference.container.records import Records

Document = dict[str, Any]

_BUCKETS = 10
_SKETCH = 2048
_PARAMETERS = {"c": 0.64, "k": float(_SKETCH)}
_SLACK = 0.05
"""How much less complete data may be than the baseline, where that was not complete."""

CONFIG: Document = {
    "evaluate_constraints": "Enabled",
    "emit_metrics": "Enabled",
    "datatype_check_threshold": 1.0,
    "domain_content_threshold": 0.99,
    "distribution_constraints": {
        "perform_comparison": "Enabled",
        "comparison_threshold": 0.1,
        "comparison_method": "Robust",
        "categorical_comparison_threshold": 0.1,
        "categorical_drift_method": "LInfinity",
    },
}


def statistics_of(records: Records) -> Document:
    """Statistics of every feature."""
    numeric = [numeric_statistics(name, each) for name, each in records.numeric.items()]
    texts = [text_statistics(name, each) for name, each in records.categorical.items()]
    return {
        "version": 0.0,
        "dataset": {"item_count": len(records.ids)},
        "features": [*numeric, *texts],
    }


def numeric_statistics(name: str, values: Floats) -> Document:
    """Statistics of a numeric feature; without any value only the counts."""
    present = np.sort(values[~np.isnan(values)])
    common = {"num_present": len(present), "num_missing": len(values) - len(present)}
    found: Document = {"common": common}
    if len(present):
        found |= {
            "mean": float(present.mean()),
            "sum": float(present.sum()),
            "std_dev": float(present.std()),
            "min": float(present[0]),
            "max": float(present[-1]),
            "distribution": {"kll": {"buckets": _buckets(present), "sketch": _sketch(present)}},
        }
    whole = bool((present == np.round(present)).all())
    kind = "Integral" if whole else "Fractional"
    return {"name": name, "inferred_type": kind, "numerical_statistics": found}


def text_statistics(name: str, values: Sequence[str]) -> Document:
    """Statistics of a categorical feature."""
    found, counts = np.unique(np.asarray(values, dtype=np.str_), return_counts=True)
    pairs = list(zip(found.tolist(), counts.tolist(), strict=True))
    buckets = [{"value": value, "count": count} for value, count in pairs if value]
    missing = sum(count for value, count in pairs if not value)
    return {
        "name": name,
        "inferred_type": "String",
        "string_statistics": {
            "common": {"num_present": len(values) - missing, "num_missing": missing},
            "distinct_count": float(len(buckets)),
            "distribution": {"categorical": {"buckets": buckets}},
        },
    }


def _buckets(present: Floats) -> list[Document]:
    counts, edges = np.histogram(present, bins=_BUCKETS)
    bounds = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    return [
        {"lower_bound": lower, "upper_bound": upper, "count": float(count)}
        for lower, upper, count in bounds
    ]


def _sketch(present: Floats) -> Document:
    """A KLL sketch with one level filled: each value at level n stands for 2 to the n values."""
    level = max(0, math.ceil(math.log2(len(present) / _SKETCH)))
    step = 1 << level
    kept = present[step // 2 :: step].tolist() or present[:1].tolist()
    return {"parameters": _PARAMETERS, "data": [*([] for _ in range(level)), kept]}


def read(path: Path) -> Document:
    """Statistics or constraints in a file.

    Raises:
        InputError: It is not there, or is neither.
    """
    found = read_json(path)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(
        isinstance(each, dict) and {"name", "inferred_type"} <= each.keys() for each in features
    ):
        raise InputError(f"{path} holds no features")
    return {**found, "features": features}


def feature(statistics: Document, name: str) -> Document | None:
    """The statistics of one feature, if they are there."""
    return next((each for each in statistics["features"] if each["name"] == name), None)


def sample_of(statistics: Document, name: str) -> Floats:
    """Values that stand for the distribution of a numeric feature, sorted; empty without any."""
    found = feature(statistics, name) or {}
    kll = found.get("numerical_statistics", {}).get("distribution", {}).get("kll", {})
    levels: list[list[float]] = kll.get("sketch", {}).get("data", [])
    # A sketch of somebody else may fill several levels; only how they compare counts.
    lowest = next((height for height, level in enumerate(levels) if level), 0)
    values = [
        np.repeat(level, 1 << (height - lowest)) for height, level in enumerate(levels) if level
    ]
    joined: Floats = np.concatenate(values) if values else np.zeros(0)
    return np.sort(joined)


def shares_of(statistics: Document, name: str) -> dict[str, float]:
    """The share of each category of a feature, with missing ones as ``""``; empty without data."""
    found = (feature(statistics, name) or {}).get("string_statistics", {})
    buckets = found.get("distribution", {}).get("categorical", {}).get("buckets", [])
    counts = {each["value"]: float(each["count"]) for each in buckets}
    missing = found.get("common", {}).get("num_missing", 0)
    if missing:
        counts[""] = float(missing)
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()} if total else {}


def constraints_of(statistics: Document) -> Document:
    """What data must keep to be like the data the statistics are of."""
    return {
        "version": 0.0,
        "features": [_constraint(each) for each in statistics["features"]],
        "monitoring_config": CONFIG,
    }


def _constraint(found: Document) -> Document:
    kind = found["inferred_type"]
    said = found["string_statistics" if kind == "String" else "numerical_statistics"]
    share = completeness(said["common"])
    floor = 1.0 if share == 1.0 else max(0.0, round(share - _SLACK, 4))
    constraint: Document = {"name": found["name"], "inferred_type": kind, "completeness": floor}
    if kind == "String":
        buckets = said["distribution"]["categorical"]["buckets"]
        constraint["string_constraints"] = {"domains": [each["value"] for each in buckets]}
    else:
        constraint["num_constraints"] = {"is_non_negative": said.get("min", 0.0) >= 0}
    return constraint


def completeness(common: Mapping[str, int]) -> float:
    """The share of values that are there; 1 where there is no record."""
    total = common["num_present"] + common["num_missing"]
    return common["num_present"] / total if total else 1.0
