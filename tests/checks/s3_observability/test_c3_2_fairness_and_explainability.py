from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.fairness import FairnessReports
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.s3_observability.c3_2_fairness_and_explainability import (
    fairness_and_explainability,
)

DENIED = gap("sagemaker:ListProcessingJobs")
ALL = FairnessReports(
    arn="arn:model",
    words="model fraud on endpoint fraud",
    explained=True,
    data_bias=True,
    bias=True,
    explained_before=False,
    bias_before=False,
    analysed_by=(),
)
NONE: dict[str, Any] = {"explained": False, "data_bias": False, "bias": False}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, Status.PASS),
        ({"explained": False}, Status.PARTIAL),
        ({"explained": False, "explained_before": True}, Status.PARTIAL),
        ({"data_bias": False}, Status.PARTIAL),
        ({"bias": False}, Status.PARTIAL),
        ({"bias": False, "data_bias": False}, Status.PARTIAL),
        ({**NONE, "explained_before": True}, Status.PARTIAL),
        ({**NONE, "bias_before": True}, Status.PARTIAL),
        ({**NONE, "analysed_by": ("bias-1",)}, Status.PARTIAL),
        (NONE, Status.FAIL),
    ],
)
def test_status(values: dict[str, Any], status: Status) -> None:
    assert fairness_and_explainability(Evidence((replace(ALL, **values),))).status is status


def test_unseen_is_neither_missing_nor_fine() -> None:
    for items in ((), (ALL,)):
        found = fairness_and_explainability(Evidence(items, (DENIED,)))
        assert found.status is Status.NOT_ASSESSED


def test_nothing_that_serves_explains_nothing() -> None:
    assert fairness_and_explainability(Evidence()).status is Status.NOT_APPLICABLE


def test_words() -> None:
    assert fairness_and_explainability(Evidence((replace(ALL, **NONE),))).summary == (
        "model fraud on endpoint fraud has no explanation registered;"
        " model fraud on endpoint fraud has no report on bias registered"
    )
    assert fairness_and_explainability(Evidence((replace(ALL, data_bias=False),))).summary == (
        "model fraud on endpoint fraud is registered with a report on bias, not on that of its data"
    )
