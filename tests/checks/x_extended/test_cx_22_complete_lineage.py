from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.provenance import Provenance
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_22_complete_lineage import complete_lineage

DENIED = (gap("sagemaker:ListTrainingJobs"),)
WHOLE = Provenance(
    arn="arn:m",
    words="model m on endpoint e",
    version="fraud/2",
    trained=True,
    jobs=("fraud-2",),
    whole=True,
    data=("s3://b/train",),
    at=RECENT,
)
DATALESS, JOBLESS = replace(WHOLE, data=()), replace(WHOLE, jobs=())
HALF, LOOSE = replace(WHOLE, whole=False), replace(WHOLE, version=None, jobs=())
PROVIDED = replace(LOOSE, trained=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WHOLE, PROVIDED), (), Status.PASS),
        ((WHOLE, DATALESS), (), Status.PARTIAL),
        ((WHOLE, JOBLESS), (), Status.FAIL),
        ((HALF,), (), Status.FAIL),
        ((LOOSE,), DENIED, Status.FAIL),
        ((PROVIDED,), (), Status.NOT_APPLICABLE),
        ((), (), Status.NOT_APPLICABLE),
        ((WHOLE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Provenance, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert complete_lineage(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WHOLE, "is traced over fraud/2 to its data"),
        (DATALESS, "has no edge to its data"),
        (LOOSE, "has no edge to a registered version and to a training job"),
    ],
)
def test_words(seen: Provenance, words: str) -> None:
    assert complete_lineage(Evidence((seen,))).summary == f"model m on endpoint e {words}"
