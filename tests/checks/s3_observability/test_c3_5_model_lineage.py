from dataclasses import replace

import pytest

from mlaudit.capabilities.provenance import TrainingRecord
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_5_model_lineage import model_lineage

DENIED = gap("sagemaker:DescribeTrainingJob")
WHOLE = TrainingRecord(
    arn="arn:model",
    words="model fraud on endpoint fraud",
    jobs=("fraud-1",),
    single=True,
    described=True,
    tied=True,
    at=RECENT,
)
UNKNOWN = replace(WHOLE, jobs=(), single=False, tied=False)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((WHOLE,)), Status.PASS),
        (Evidence((replace(WHOLE, tied=False),)), Status.PARTIAL),
        (Evidence((replace(WHOLE, single=False),)), Status.PARTIAL),
        (Evidence((replace(WHOLE, described=False),)), Status.PARTIAL),
        (Evidence((WHOLE, UNKNOWN)), Status.PARTIAL),
        (Evidence((UNKNOWN,)), Status.FAIL),
        (Evidence((WHOLE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(evidence: Evidence[TrainingRecord], status: Status) -> None:
    assert model_lineage(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (WHOLE, "leads to training job fraud-1 in the run that registered it"),
        (
            replace(WHOLE, tied=False),
            "leads to training job fraud-1 by the place of its artefact alone",
        ),
        (UNKNOWN, "leads to no training job"),
    ],
)
def test_words(found: TrainingRecord, words: str) -> None:
    assert model_lineage(Evidence((found,))).summary == f"model fraud on endpoint fraud {words}"
