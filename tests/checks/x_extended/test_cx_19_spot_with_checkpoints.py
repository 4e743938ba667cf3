from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.machines import TrainingCapacity
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_19_spot_with_checkpoints import spot_with_checkpoints

DENIED = (gap("sagemaker:ListTrainingJobs"),)


def job(hours: float, *, spot: bool, checkpoints: bool = False) -> TrainingCapacity:
    return TrainingCapacity("arn:j", "j", spot, checkpoints, timedelta(hours=hours), RECENT)


SAFE = job(3, spot=True, checkpoints=True)
SHORT = job(1, spot=True)
ON_DEMAND = job(1.5, spot=False)
RISKY = job(1.5, spot=True)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((SAFE, SHORT), (), Status.PASS),
        ((SAFE, ON_DEMAND), (), Status.PARTIAL),
        ((SAFE, RISKY), (), Status.FAIL),
        ((RISKY,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((SAFE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[TrainingCapacity, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert spot_with_checkpoints(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (SAFE, "ran for 3.0 hours on spot capacity with checkpoints"),
        (SHORT, "is short enough to start over"),
        (ON_DEMAND, "ran for 1.5 hours on demand"),
        (RISKY, "ran for 1.5 hours on spot capacity without checkpoints"),
    ],
)
def test_words(seen: TrainingCapacity, words: str) -> None:
    assert spot_with_checkpoints(Evidence((seen,))).summary == f"training job j {words}"
