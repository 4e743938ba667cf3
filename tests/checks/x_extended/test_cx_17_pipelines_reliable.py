from typing import Any

import pytest

from mlaudit.capabilities.reliability import FlowRuns
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_17_pipelines_reliable import pipelines_reliable

DENIED = (gap("sagemaker:ListPipelineExecutions"),)


def flow(succeeded: int, failed: int, *, newest_failed: bool = False) -> FlowRuns:
    return FlowRuns("arn:p", "pipeline p", succeeded, failed, newest_failed, RECENT)


STEADY, BROKEN_NOW = flow(3, 1), flow(9, 1, newest_failed=True)
SHAKY, EVEN, BAD = flow(2, 1), flow(1, 1), flow(1, 2)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((STEADY,), (), Status.PASS),
        ((STEADY, BROKEN_NOW), (), Status.PARTIAL),
        ((SHAKY,), (), Status.PARTIAL),
        ((EVEN,), (), Status.PARTIAL),
        ((STEADY, BAD), (), Status.FAIL),
        ((BAD,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((STEADY,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[FlowRuns, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert pipelines_reliable(Evidence(seen, gaps)).status is status


def test_words() -> None:
    steady = pipelines_reliable(Evidence((STEADY,)))
    assert steady.summary == "pipeline p: 3 of 4 runs succeeded"
    broken = pipelines_reliable(Evidence((BROKEN_NOW,)))
    assert broken.summary == "pipeline p: 9 of 10 runs succeeded, the newest failed"
