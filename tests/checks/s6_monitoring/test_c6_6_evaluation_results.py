from dataclasses import replace

import pytest

from mlaudit.capabilities.captures import EvaluatedVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s6_monitoring.c6_6_evaluation_results import evaluation_results

DENIED = gap("sagemaker:ListModelPackages")
NOTHING = EvaluatedVersion(
    "arn:1", "version fraud/1", reported=False, validation=(), metrics=(), tested_in=(), at=RECENT
)
REPORTED = replace(NOTHING, reported=True)
VALIDATED = replace(NOTHING, validation=("validation:auc",), metrics=("train:auc",))
TRAINED = replace(NOTHING, metrics=("train:auc",))
TESTED = replace(NOTHING, tested_in=("Evaluate",))


@pytest.mark.parametrize(
    ("versions", "status"),
    [
        (Evidence((REPORTED, VALIDATED)), Status.PASS),
        (Evidence((REPORTED, NOTHING)), Status.PARTIAL),
        (Evidence((TRAINED,)), Status.PARTIAL),
        (Evidence((TESTED,)), Status.PARTIAL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((REPORTED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(versions: Evidence[EvaluatedVersion], status: Status) -> None:
    assert evaluation_results(versions).status is status


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (REPORTED, "has its evaluation in the registry"),
        (VALIDATED, "has validation:auc on record from its training"),
        (TRAINED, "has no metric of validation data on record, only train:auc"),
        (TESTED, "was tested in Evaluate, with no result on record"),
        (NOTHING, "has no evaluation on record"),
    ],
)
def test_words(version: EvaluatedVersion, words: str) -> None:
    assert evaluation_results(Evidence((version,))).summary == f"version fraud/1 {words}"
