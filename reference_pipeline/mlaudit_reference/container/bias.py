"""Bias between groups, before training (in the labels) and after it (in the predictions).

The metrics and the document are those of SageMaker Clarify ("Measure Pre-training Bias", "Measure
Post-training Data and Model Bias", ``analysis.json``); the arithmetic is our own, so that no job of
that service is needed. Group *a* is the privileged one, group *d* each other one, and the positive
label is 1. A metric that is not defined for the data has the value ``None`` and says why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Flags, Floats
from mlaudit_reference.container.failures import InputError

Document = dict[str, Any]
Values = dict[str, float | None]

_NAMES = {
    "CI": "Class Imbalance (CI)",
    "DPL": "Difference in Positive Proportions in Labels (DPL)",
    "KL": "Kullback-Liebler Divergence (KL)",
    "JS": "Jensen-Shannon Divergence (JS)",
    "LP": "L-p Norm (LP)",
    "TVD": "Total Variation Distance (TVD)",
    "KS": "Kolmogorov-Smirnov Distance (KS)",
    "DPPL": "Difference in Positive Proportions in Predicted Labels (DPPL)",
    "DI": "Disparate Impact (DI)",
    "DCAcc": "Difference in Conditional Acceptance (DCAcc)",
    "DCR": "Difference in Conditional Rejection (DCR)",
    "RD": "Recall Difference (RD)",
    "SD": "Specificity Difference (SD)",
    "DAR": "Difference in Acceptance Rates (DAR)",
    "DRR": "Difference in Rejection Rates (DRR)",
    "AD": "Accuracy Difference (AD)",
    "TE": "Treatment Equality (TE)",
}


@dataclass(frozen=True)
class Group:
    """How the predictions of one group compare with its labels.

    Attributes:
        true_positive: Predicted 1, and it is.
        false_positive: Predicted 1, and it is 0.
        false_negative: Predicted 0, and it is 1.
        true_negative: Predicted 0, and it is.
    """

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def size(self) -> int:
        """How many records it has."""
        return self.true_positive + self.false_positive + self.false_negative + self.true_negative

    @property
    def predicted_yes(self) -> int:
        """How many are predicted 1."""
        return self.true_positive + self.false_positive

    @property
    def predicted_no(self) -> int:
        """How many are predicted 0."""
        return self.false_negative + self.true_negative

    @property
    def labelled_yes(self) -> int:
        """How many are 1."""
        return self.true_positive + self.false_negative

    @property
    def labelled_no(self) -> int:
        """How many are 0."""
        return self.false_positive + self.true_negative


def pre_training(facets: Mapping[str, Any]) -> Document:
    """Bias in labels.

    Args:
        facets: ``facets.json``: how often each label comes with each group.

    Raises:
        InputError: The privileged group does not occur.
    """
    counts = facets["counts"]
    _check(counts, facets)
    a = (counts[facets["privileged"]]["0"], counts[facets["privileged"]]["1"])
    others = {name: (each["0"], each["1"]) for name, each in counts.items()}
    found = {
        name: label_metrics(a, d) for name, d in others.items() if name != facets["privileged"]
    }
    return _document("pre_training_bias_metrics", facets, found)


def post_training(
    labels: Floats, decisions: Floats, groups: Sequence[str], facets: Mapping[str, Any]
) -> Document:
    """Bias in predictions.

    Args:
        labels: 0 or 1 for each record.
        decisions: What was predicted, 0 or 1.
        groups: The group of each record.
        facets: Names the label, the attribute and the privileged group.

    Raises:
        InputError: The privileged group does not occur.
    """
    named = np.asarray(groups, dtype=np.str_)
    by_group = {
        name: _group(labels, decisions, named == name) for name in sorted(set(named.tolist()))
    }
    _check(by_group, facets)
    a = by_group.pop(facets["privileged"])
    found = {name: prediction_metrics(a, d) for name, d in by_group.items()}
    return _document("post_training_bias_metrics", facets, found)


def label_metrics(a: tuple[int, int], d: tuple[int, int]) -> Values:
    """Metrics of labels.

    Args:
        a: How many records of the privileged group have label 0, and label 1.
        d: The same of the other group.
    """
    p = [_ratio(each, sum(a)) or 0.0 for each in a]
    q = [_ratio(each, sum(d)) or 0.0 for each in d]
    middle = [(one + other) / 2 for one, other in zip(p, q, strict=True)]
    apart = [abs(one - other) for one, other in zip(p, q, strict=True)]
    # Divergences from the middle are always defined: it is 0 only where both are.
    halves = [_divergence(each, middle) or 0.0 for each in (p, q)]
    return {
        "CI": _ratio(sum(a) - sum(d), sum(a) + sum(d)),
        "DPL": p[1] - q[1],
        "KL": _divergence(p, q),
        "JS": sum(halves) / 2,
        "LP": math.sqrt(sum(each**2 for each in apart)),
        "TVD": sum(apart) / 2,
        "KS": max(apart),
    }


def prediction_metrics(a: Group, d: Group) -> Values:
    """Metrics of predictions, group *a* being the privileged one."""
    yes_a, yes_d = _ratio(a.predicted_yes, a.size), _ratio(d.predicted_yes, d.size)
    return {
        "DPPL": _minus(yes_a, yes_d),
        "DI": None if not yes_a or yes_d is None else yes_d / yes_a,
        "DCAcc": _minus(
            _ratio(a.labelled_yes, a.predicted_yes), _ratio(d.labelled_yes, d.predicted_yes)
        ),
        "DCR": _minus(_ratio(d.labelled_no, d.predicted_no), _ratio(a.labelled_no, a.predicted_no)),
        "RD": _minus(
            _ratio(a.true_positive, a.labelled_yes), _ratio(d.true_positive, d.labelled_yes)
        ),
        "SD": _minus(
            _ratio(d.true_negative, d.labelled_no), _ratio(a.true_negative, a.labelled_no)
        ),
        "DAR": _minus(
            _ratio(a.true_positive, a.predicted_yes), _ratio(d.true_positive, d.predicted_yes)
        ),
        "DRR": _minus(
            _ratio(d.true_negative, d.predicted_no), _ratio(a.true_negative, a.predicted_no)
        ),
        "AD": _minus(
            _ratio(a.true_positive + a.true_negative, a.size),
            _ratio(d.true_positive + d.true_negative, d.size),
        ),
        "TE": _minus(
            _ratio(d.false_negative, d.false_positive), _ratio(a.false_negative, a.false_positive)
        ),
    }


def greatest(document: Document, metric: str) -> float | None:
    """The greatest absolute value of a metric over all groups; ``None`` where none is defined."""
    facets = next(each["facets"] for each in document.values() if isinstance(each, dict))
    values = [
        abs(each["value"])
        for groups in facets.values()
        for group in groups
        for each in group["metrics"]
        if each["name"] == metric and each["value"] is not None
    ]
    return max(values, default=None)


def _document(section: str, facets: Mapping[str, Any], found: Mapping[str, Values]) -> Document:
    groups = [
        {"value_or_threshold": name, "metrics": [_metric(*pair) for pair in values.items()]}
        for name, values in found.items()
    ]
    return {
        "version": "1.0",
        section: {
            "label": facets["label"],
            "label_value_or_threshold": "1",
            "facets": {facets["attribute"]: groups},
        },
    }


def _metric(name: str, value: float | None) -> Document:
    said: Document = {"name": name, "description": _NAMES[name], "value": value}
    return said if value is not None else {**said, "error": "not defined: a count is zero"}


def _group(labels: Floats, decisions: Floats, members: Flags) -> Group:
    label, decision = labels[members] == 1, decisions[members] == 1
    return Group(
        int(np.sum(label & decision)),
        int(np.sum(~label & decision)),
        int(np.sum(label & ~decision)),
        int(np.sum(~label & ~decision)),
    )


def _check(groups: Mapping[str, Any], facets: Mapping[str, Any]) -> None:
    if facets["privileged"] not in groups:
        named = f"{facets['attribute']} {facets['privileged']!r}"
        raise InputError(f"the privileged group ({named}) does not occur in the data")


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _divergence(p: Sequence[float], q: Sequence[float]) -> float | None:
    """Kullback and Leibler's, in nats; ``None`` where q rules out what p knows."""
    pairs = [(one, other) for one, other in zip(p, q, strict=True) if one]
    if any(not other for _, other in pairs):
        return None
    return sum(one * math.log(one / other) for one, other in pairs)
