"""Bias metrics against examples reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlaudit_reference.container.bias import (
    Group,
    greatest,
    label_metrics,
    post_training,
    pre_training,
    prediction_metrics,
)
from mlaudit_reference.container.failures import InputError

FACETS = {
    "label": "defaulted",
    "attribute": "age_group",
    "privileged": "old",
    "counts": {"old": {"0": 60, "1": 40}, "young": {"0": 80, "1": 20}},
}


def test_labels() -> None:
    found = label_metrics((60, 40), (80, 20))
    half = 0.5 * (0.6 * math.log(0.6 / 0.7) + 0.4 * math.log(0.4 / 0.3))
    other = 0.5 * (0.8 * math.log(0.8 / 0.7) + 0.2 * math.log(0.2 / 0.3))
    assert found == {
        "CI": 0,
        "DPL": pytest.approx(0.2),
        "KL": pytest.approx(0.6 * math.log(0.6 / 0.8) + 0.4 * math.log(0.4 / 0.2)),
        "JS": pytest.approx(half + other),
        "LP": pytest.approx(math.sqrt(0.08)),
        "TVD": pytest.approx(0.2),
        "KS": pytest.approx(0.2),
    }


def test_imbalance_of_the_groups() -> None:
    assert label_metrics((60, 30), (8, 2))["CI"] == pytest.approx(0.8)


def test_a_label_that_one_group_never_has() -> None:
    assert label_metrics((5, 5), (10, 0))["KL"] is None
    assert label_metrics((10, 0), (5, 5))["KL"] == pytest.approx(math.log(2))
    assert label_metrics((5, 5), (10, 0))["JS"] == pytest.approx(
        0.5 * (0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25)) + 0.5 * math.log(1 / 0.75)
    )


def test_predictions() -> None:
    a = Group(true_positive=30, false_positive=20, false_negative=10, true_negative=40)
    d = Group(true_positive=10, false_positive=10, false_negative=20, true_negative=60)
    assert prediction_metrics(a, d) == {
        "DPPL": pytest.approx(0.5 - 0.2),
        "DI": pytest.approx(0.4),
        "DCAcc": pytest.approx(40 / 50 - 30 / 20),
        "DCR": pytest.approx(70 / 80 - 60 / 50),
        "RD": pytest.approx(30 / 40 - 10 / 30),
        "SD": pytest.approx(60 / 70 - 40 / 60),
        "DAR": pytest.approx(30 / 50 - 10 / 20),
        "DRR": pytest.approx(60 / 80 - 40 / 50),
        "AD": pytest.approx(0.7 - 0.7),
        "TE": pytest.approx(20 / 10 - 10 / 20),
    }


def test_what_is_not_defined_is_none() -> None:
    nobody = Group(0, 0, 0, 10)
    found = prediction_metrics(nobody, nobody)
    assert {name for name, value in found.items() if value is None} == {
        "DI",
        "DCAcc",
        "RD",
        "DAR",
        "TE",
    }


def test_the_document_before_training() -> None:
    document = pre_training(FACETS)
    section = document["pre_training_bias_metrics"]
    assert (section["label"], section["label_value_or_threshold"]) == ("defaulted", "1")
    (group,) = section["facets"]["age_group"]
    assert group["value_or_threshold"] == "young"
    assert group["metrics"][1] == {
        "name": "DPL",
        "description": "Difference in Positive Proportions in Labels (DPL)",
        "value": pytest.approx(0.2),
    }


def test_the_document_after_training_counts_each_group_and_says_what_is_not_defined() -> None:
    labels = np.array([1.0, 0, 1, 0, 1, 0])
    decisions = np.array([1.0, 0, 1, 1, 0, 0])
    document = post_training(labels, decisions, ["old"] * 4 + ["young", "young"], FACETS)
    assert greatest(document, "DPPL") == pytest.approx(0.75)
    assert greatest(document, "AD") == pytest.approx(0.25)
    assert greatest(document, "DCAcc") is None
    (group,) = document["post_training_bias_metrics"]["facets"]["age_group"]
    undefined = {each["name"] for each in group["metrics"] if "error" in each}
    assert undefined == {"DCAcc", "DAR", "TE"}


def test_the_greatest_is_taken_over_all_groups() -> None:
    counts = {**FACETS["counts"], "middle": {"0": 95, "1": 5}}  # type: ignore[dict-item]
    assert greatest(pre_training({**FACETS, "counts": counts}), "DPL") == pytest.approx(0.35)


def test_without_the_privileged_group_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(InputError, match="age_group 'ancient'"):
        pre_training({**FACETS, "privileged": "ancient"})
