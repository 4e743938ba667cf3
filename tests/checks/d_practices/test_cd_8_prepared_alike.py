from typing import Any

import pytest

from mlaudit.capabilities.transforms import SharedPreparation
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.d_practices.cd_8_prepared_alike import prepared_alike

DENIED = (gap("sagemaker:ListModels"),)
ALIKE = SharedPreparation(
    "arn:a", "model a prepares requests with p, as training does", shared=True
)
APART = SharedPreparation("arn:b", "model b prepares requests with nothing", shared=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((ALIKE,), (), Status.PASS),
        ((ALIKE, APART), (), Status.PARTIAL),
        ((APART,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((ALIKE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[SharedPreparation, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert prepared_alike(Evidence(seen, gaps)).status is status


def test_words() -> None:
    assert prepared_alike(Evidence((ALIKE, APART))).summary == APART.words
