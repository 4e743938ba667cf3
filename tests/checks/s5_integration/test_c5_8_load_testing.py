from typing import Any

import pytest

from mlaudit.capabilities.load import LoadedVariant
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s5_integration.c5_8_load_testing import load_testing

DENIED = gap("sagemaker:ListInferenceRecommendationsJobs")


def variant(**values: Any) -> LoadedVariant:
    usual: dict[str, Any] = {
        "arn": "arn:endpoint",
        "words": "endpoint fraud, variant main",
        "tests": ("recommendation job load",),
        "nearly": (),
        "measured": 600,
        "target": 600.0,
        "at": RECENT,
    }
    return LoadedVariant(**{**usual, **values})


TESTED = variant()
UNSCALED = variant(target=None)
BY_OWN_TOOL = variant(measured=None, target=900.0)
TOO_LATE = variant(target=601.0)
NEARLY = variant(tests=(), nearly=("recommendation job sizing",), measured=None)
UNTESTED = variant(tests=(), measured=None)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((TESTED, UNSCALED, BY_OWN_TOOL)), Status.PASS),
        (Evidence((TESTED, TOO_LATE)), Status.PARTIAL),
        (Evidence((NEARLY,)), Status.PARTIAL),
        (Evidence((TESTED, UNTESTED)), Status.PARTIAL),
        (Evidence((UNTESTED,)), Status.FAIL),
        (Evidence((TESTED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(evidence: Evidence[LoadedVariant], status: Status) -> None:
    assert load_testing(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (TESTED, "was under load in recommendation job load"),
        (
            TOO_LATE,
            (
                "scales out at 601 requests a minute for each machine, which bore 600 in "
                "recommendation job load"
            ),
        ),
        (NEARLY, "was not tested itself, unlike in recommendation job sizing"),
        (UNTESTED, "was under no load test in the window"),
    ],
)
def test_words(found: LoadedVariant, words: str) -> None:
    assert load_testing(Evidence((found,))).summary == f"endpoint fraud, variant main {words}"
