"""How much each feature moves predictions: Shapley values, by sampling orders of features.

For one record and one background record the features are brought in one after the other, in a
random order; what each changes is its share, so that the shares sum up to the difference of the two
predictions exactly. The mean over orders and background records is the Shapley value (Štrumbelj and
Kononenko, 2014), of which KernelSHAP in SageMaker Clarify is another estimate: hence the same place
in the document. For a model that is linear in its output no order matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.predictors import Predict

METHOD = "Shapley values by permutation sampling"


@dataclass(frozen=True)
class Effort:
    """How much is reckoned; predictions made are about records x orders x features.

    Attributes:
        records: The most records to explain.
        orders: Pairs of an order of features and a background record for each.
        seed: Where chance starts from.
    """

    records: int = 400
    orders: int = 8
    seed: int = 0


def shapley(
    predict: Predict,
    vectors: tuple[Matrix, Matrix],
    groups: Mapping[str, Sequence[int]],
    effort: Effort,
) -> Floats:
    """The Shapley value of each feature for each record.

    Args:
        predict: The model.
        vectors: What to explain, and the background that stands for "nothing known".
        groups: The places in the vector that each feature fills.
        effort: How many orders are tried, and where chance starts from.

    Returns:
        Records x features, in units of probability, features in the order of ``groups``.
    """
    explained, background = vectors
    random = np.random.default_rng(effort.seed)
    names = list(groups)
    values = np.zeros((len(explained), len(names)))
    for _ in range(effort.orders):
        mixed = background[random.integers(0, len(background), len(explained))].copy()
        before = predict(mixed)
        for place in random.permutation(len(names)):
            columns = list(groups[names[place]])
            mixed[:, columns] = explained[:, columns]
            after = predict(mixed)
            values[:, place] += after - before
            before = after
    result: Floats = values / effort.orders
    return result


def importance(
    predict: Predict,
    vectors: tuple[Matrix, Matrix],
    groups: Mapping[str, Sequence[int]],
    effort: Effort,
) -> dict[str, float]:
    """The mean absolute Shapley value of each feature over (at most so many) records."""
    explained, background = vectors
    random = np.random.default_rng(effort.seed)
    chosen = random.permutation(len(explained))[: effort.records]
    values = shapley(predict, (explained[chosen], background), groups, effort)
    return dict(zip(groups, np.abs(values).mean(axis=0).tolist(), strict=True))


def document(found: Mapping[str, float], expected: float) -> dict[str, Any]:
    """``analysis.json`` in the shape of SageMaker Clarify.

    Args:
        found: The importance of each feature.
        expected: The mean prediction over the background.
    """
    label = {"global_shap_values": dict(found), "expected_value": expected}
    return {"version": "1.0", "method": METHOD, "explanations": {"kernel_shap": {"label0": label}}}


def importance_in(analysis: Mapping[str, Any]) -> dict[str, float]:
    """The importance of each feature in an ``analysis.json``.

    Raises:
        KeyError: It has none.
    """
    label = analysis["explanations"]["kernel_shap"]["label0"]
    return {name: float(value) for name, value in label["global_shap_values"].items()}
