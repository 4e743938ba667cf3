"""What is wrong with data, feature by feature, against a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.statistics import Document, feature, shares_of, statistics_of
from mlaudit_reference.container.tables import Table, numbers
from mlaudit_reference.container.validate import readable
from mlaudit_reference.container.violations import Violation, against, violation

_SHOWN = 5
_OUTSIDE = 0.01
"""The share of values beyond the baseline's range from which it counts as a violation."""


@dataclass(frozen=True)
class Quality:
    """What was found.

    Attributes:
        features: Counts for each feature.
        violations: The constraints that are broken.
    """

    features: dict[str, dict[str, Any]]
    violations: list[Violation]

    @property
    def broken(self) -> int:
        """How many features break a constraint."""
        return len({each["feature_name"] for each in self.violations})


def quality_of(
    table: Table, settings: Settings, statistics: Document, constraints: Document
) -> Quality:
    """Compare data with a baseline."""
    features = {
        **{name: _number(table, name, statistics) for name in settings.numeric},
        **{name: _text(table, name, statistics) for name in settings.categorical},
    }
    records = readable(table, settings)
    found = against(constraints, statistics_of(records)) if table.rows else []
    for name, counts in features.items():
        if counts.get("mistyped"):
            found.append(violation(name, "data_type_check", f"{counts['mistyped']} no numbers"))
        if counts.get("out_of_range", 0) > _OUTSIDE * table.rows:
            text = f"{counts['out_of_range']} values beyond the range of the baseline"
            found.append(violation(name, "range_check", text))
    return Quality(features, found)


def _number(table: Table, name: str, statistics: Document) -> dict[str, Any]:
    if name not in table.columns:
        return {}
    values, bad = numbers(table.columns[name])
    missing = int(np.sum(np.isnan(values) & ~bad))
    counts: dict[str, Any] = {"missing": missing, "mistyped": int(bad.sum())}
    known = (feature(statistics, name) or {}).get("numerical_statistics", {})
    if "min" in known:
        outside = (values < known["min"]) | (values > known["max"])
        counts["out_of_range"] = int(outside.sum())
    return counts


def _text(table: Table, name: str, statistics: Document) -> dict[str, Any]:
    if name not in table.columns:
        return {}
    values = table.columns[name]
    known = {*shares_of(statistics, name), ""}
    new = [value for value in values if value not in known]
    return {
        "missing": sum(not value for value in values),
        "new": len(new),
        "new_categories": sorted(set(new))[:_SHOWN],
    }
