from typing import Any

import pytest

from mlaudit.capabilities.searches import ModelSearch
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_18_tuned_by_bayesian_search import tuned_by_bayesian_search

DENIED = (gap("sagemaker:ListTrainingJobs"),)


def model(*strategies: str) -> ModelSearch:
    return ModelSearch("arn:m", "model m on endpoint e", strategies)


LEARNED, AUTO = model("Bayesian", "Random"), model("AutoML")
RANDOM, NEVER = model("Random"), model()


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((LEARNED, AUTO), (), Status.PASS),
        ((LEARNED, RANDOM), (), Status.PARTIAL),
        ((LEARNED, NEVER), (), Status.FAIL),
        ((NEVER,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((LEARNED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ModelSearch, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert tuned_by_bayesian_search(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (LEARNED, "tuned by Bayesian, Random"),
        (RANDOM, "tuned by Random"),
        (NEVER, "nothing tuned it"),
    ],
)
def test_words(seen: ModelSearch, words: str) -> None:
    found = tuned_by_bayesian_search(Evidence((seen,)))
    assert found.summary == f"model m on endpoint e: {words}"
