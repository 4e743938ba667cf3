"""Where data breaks the constraints of a baseline (``constraint_violations`` of Model Monitor)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mlaudit_reference.container.statistics import (
    CONFIG,
    Document,
    completeness,
    feature,
    shares_of,
)

Violation = dict[str, str]


def violation(name: str, check: str, description: str) -> Violation:
    """One violation as it stands in ``violations.json``."""
    return {"feature_name": name, "constraint_check_type": check, "description": description}


def document(found: Sequence[Violation]) -> Document:
    """``violations.json``."""
    return {"violations": list(found)}


def against(constraints: Document, statistics: Document) -> list[Violation]:
    """Where statistics break the constraints feature by feature: presence, completeness, values.

    The constraints may come from Model Monitor itself; what they do not say is not checked.

    A shift of the distribution is no violation here: new data to train on may have shifted, and
    often that is why there is training. ``drift`` measures it.
    """
    config = constraints.get("monitoring_config", CONFIG)
    threshold = float(config.get("domain_content_threshold", CONFIG["domain_content_threshold"]))
    return [
        each
        for constraint in constraints["features"]
        for each in _of_feature(constraint, statistics, threshold)
    ]


def _of_feature(
    constraint: Document, statistics: Document, threshold: float
) -> Iterator[Violation]:
    name = constraint["name"]
    found = feature(statistics, name)
    if found is None:
        yield violation(name, "missing_column_check", "the column is missing")
        return
    is_text = found["inferred_type"] == "String"
    if is_text != (constraint["inferred_type"] == "String"):
        kinds = f"{found['inferred_type']}, expected {constraint['inferred_type']}"
        yield violation(name, "data_type_check", kinds)
        return
    said = found["string_statistics" if is_text else "numerical_statistics"]
    share = completeness(said["common"])
    rows = sum(said["common"].values())
    wanted = float(constraint.get("completeness", 0.0))
    if share < wanted - _chance(wanted, rows):
        text = f"{share:.4f} of the values are there, expected {wanted:g}"
        yield violation(name, "completeness_check", text)
    yield from (
        _of_text(constraint, statistics, threshold) if is_text else _of_number(constraint, said)
    )


def _of_number(constraint: Document, said: Document) -> Iterator[Violation]:
    is_limited = constraint.get("num_constraints", {}).get("is_non_negative", False)
    if is_limited and said.get("min", 0.0) < 0:
        yield violation(constraint["name"], "non_negative_check", "there are negative values")


def _of_text(constraint: Document, statistics: Document, threshold: float) -> Iterator[Violation]:
    if "string_constraints" not in constraint:
        return
    domain = {*constraint["string_constraints"]["domains"], ""}
    name = constraint["name"]
    shares = shares_of(statistics, name)
    known = sum(share for value, share in shares.items() if value in domain)
    rows = sum((feature(statistics, name) or {})["string_statistics"]["common"].values())
    if shares and known < threshold - _chance(threshold, rows):
        text = f"{known:.4f} of the values are known categories, expected {threshold}"
        yield violation(name, "categorical_values_check", text)


def _chance(share: float, rows: int) -> float:
    """How far a share of so few records may be off by chance: three standard deviations."""
    return 3 * math.sqrt(share * (1 - share) / max(1, rows))
