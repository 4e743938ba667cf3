"""The one post-processing: from a probability to a decision and the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.predictors import Predict

_REASONS = 3
_DIGITS = 6


def contributions(
    predict: Predict, vectors: Matrix, groups: Mapping[str, Sequence[int]], average: Matrix
) -> dict[str, Floats]:
    """What each feature adds to the probability of each record, against the average of training.

    One feature at a time is put back to its average, and the model is asked once for all of them.
    That is cheap enough for every request; it is not the Shapley values of the reports.

    Args:
        predict: The model.
        vectors: The records, records x width.
        groups: The places in the vector that each feature fills.
        average: The mean vector of training, 1 x width.
    """
    base = np.tile(vectors, (len(groups) + 1, 1))
    rows = len(vectors)
    for number, columns in enumerate(map(list, groups.values()), start=1):
        base[number * rows : (number + 1) * rows, columns] = average[:, columns]
    scores = predict(base).reshape(len(groups) + 1, rows)
    return {name: scores[0] - scores[number] for number, name in enumerate(groups, start=1)}


def decide(probability: float, threshold: float, moved: Mapping[str, float]) -> dict[str, Any]:
    """The decision about one record.

    Args:
        probability: Of label 1.
        threshold: The probability from which the decision is 1.
        moved: What each feature adds to the probability; empty where that was not asked for.

    Returns:
        ``probability``, ``decision`` (0 or 1) and ``reasons``: the features that speak most for the
        decision, the strongest first.
    """
    decision = int(probability >= threshold)
    sign = 1 if decision else -1
    speaking = sorted(
        ((name, value) for name, value in moved.items() if sign * value > 0),
        key=lambda pair: -sign * pair[1],
    )
    reasons = [
        {"feature": name, "contribution": round(value, _DIGITS)}
        for name, value in speaking[:_REASONS]
    ]
    return {"probability": probability, "decision": decision, "reasons": reasons}
