"""How good predictions are, against labels: plain arithmetic on numpy arrays.

The document has the shape of ``binary_classification_metrics`` in the model-quality statistics that
the model registry and SageMaker Model Monitor use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats

Metric = Callable[[Floats, Floats], float]

_LEAST = 1e-12
_SAMPLES = 5
_SAMPLED = 0.8
_FEWEST = 200
"""Model Monitor gives no standard deviation for fewer records."""


def auc(labels: Floats, scores: Floats) -> float | None:
    """The area under the ROC curve: how often a positive scores above a negative, ties half.

    ``None`` without both kinds of labels: then there is nothing to tell apart.
    """
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    # The mean rank of each group of equal scores, from 1.
    ranks = np.cumsum(counts) - (counts - 1) / 2
    over = ranks[place][labels == 1].sum() - positives * (positives + 1) / 2
    return float(over / (positives * negatives))


def log_loss(labels: Floats, scores: Floats) -> float:
    """The mean negative log-likelihood of the labels, in nats."""
    safe = np.clip(scores, _LEAST, 1 - _LEAST)
    return float(-np.mean(labels * np.log(safe) + (1 - labels) * np.log(1 - safe)))


def confusion(labels: Floats, decisions: Floats) -> dict[str, dict[str, int]]:
    """How many records of each label (outer) got each decision (inner)."""
    return {
        str(actual): {
            str(said): int(np.sum((labels == actual) & (decisions == said))) for said in (0, 1)
        }
        for actual in (0, 1)
    }


def rates(matrix: dict[str, dict[str, int]]) -> dict[str, float]:
    """What follows from a confusion matrix; 0 where nothing is there to take a share of."""
    negative, positive = matrix["0"], matrix["1"]
    right_yes, right_no = positive["1"], negative["0"]
    recall = share(right_yes, positive["0"] + positive["1"])
    precision = share(right_yes, right_yes + negative["1"])
    true_negative = share(right_no, negative["0"] + negative["1"])
    return {
        "accuracy": share(right_yes + right_no, sum(negative.values()) + sum(positive.values())),
        "precision": precision,
        "recall": recall,
        "f1": share(2 * precision * recall, precision + recall),
        "true_positive_rate": recall,
        "true_negative_rate": true_negative,
        "false_positive_rate": share(negative["1"], negative["0"] + negative["1"]),
        "false_negative_rate": share(positive["0"], positive["0"] + positive["1"]),
    }


def share(part: float, whole: float) -> float:
    """A share; 0 of nothing."""
    return part / whole if whole else 0.0


def quality(labels: Floats, scores: Floats, threshold: float, seed: int = 0) -> dict[str, Any]:
    """All metrics with their standard deviations, and the confusion matrix.

    Args:
        labels: 0 or 1 for each record; both must occur.
        scores: The probability of 1 for each record.
        threshold: The probability from which the decision is 1.
        seed: Which samples the standard deviations come from.
    """
    found = _values(labels, scores, threshold)
    spread = _deviations(labels, scores, threshold, seed)
    metrics = {
        name: {"value": value, **({"standard_deviation": spread[name]} if name in spread else {})}
        for name, value in found.items()
    }
    return {"confusion_matrix": confusion(labels, decided(scores, threshold)), **metrics}


def decided(scores: Floats, threshold: float) -> Floats:
    """1 from the threshold on, else 0."""
    return (scores >= threshold).astype(np.float64)


def _values(labels: Floats, scores: Floats, threshold: float) -> dict[str, float]:
    found = rates(confusion(labels, decided(scores, threshold)))
    found["log_loss"] = log_loss(labels, scores)
    area = auc(labels, scores)
    return found if area is None else {**found, "auc": area}


def _deviations(labels: Floats, scores: Floats, threshold: float, seed: int) -> dict[str, float]:
    """As Model Monitor does: of five samples of four fifths of the records."""
    if len(labels) < _FEWEST:
        return {}
    random = np.random.default_rng(seed)
    size = int(_SAMPLED * len(labels))
    chosen = [random.permutation(len(labels))[:size] for _ in range(_SAMPLES)]
    found = [_values(labels[each], scores[each], threshold) for each in chosen]
    names = set.intersection(*(set(each) for each in found))
    return {name: float(np.std([each[name] for each in found])) for name in sorted(names)}
