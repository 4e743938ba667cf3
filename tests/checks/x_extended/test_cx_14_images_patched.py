from datetime import date
from typing import Any

import pytest

from mlaudit.capabilities.dependencies import Dependency
from mlaudit.capabilities.patches import ImageInUse
from mlaudit.evidence import Evidence
from mlaudit.lifecycle import images
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_14_images_patched import images_patched

DENIED = (gap("sagemaker:ListTrainingJobs"),)
NOTICE = images()["pytorch-inference:2.10"]


def on(day: date, *, fixed: bool = True) -> ImageInUse:
    return ImageInUse(Dependency("arn:m", "model m is on p:2.10", NOTICE, day), fixed)


LONG, SOON = on(date(2026, 10, 22)), on(date(2026, 10, 23))
LAST_DAY, OVER = on(date(2027, 1, 21)), on(date(2027, 1, 22))
LOOSE = on(date(2026, 1, 1), fixed=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((LONG,), (), Status.PASS),
        ((LONG, SOON), (), Status.PARTIAL),
        ((LAST_DAY,), (), Status.PARTIAL),
        ((LONG, OVER), (), Status.FAIL),
        ((LONG, LOOSE), (), Status.FAIL),
        ((OVER,), DENIED, Status.FAIL),
        ((LONG,), DENIED, Status.NOT_ASSESSED),
        ((), (), Status.NOT_APPLICABLE),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ImageInUse, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert images_patched(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (LONG, "model m is on p:2.10"),
        (SOON, "model m is on p:2.10, which is patched until 2027-01-21; there is an image of"),
        (OVER, "model m is on p:2.10, which is not patched since 2027-01-21; there is an image"),
        (LOOSE, "model m is on p:2.10, which names no version"),
    ],
)
def test_words(seen: ImageInUse, words: str) -> None:
    assert images_patched(Evidence((seen,))).summary.startswith(words)
