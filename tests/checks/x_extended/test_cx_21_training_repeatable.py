from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.drill import Link, Repeatability
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_21_training_repeatable import training_repeatable

DENIED = (gap("sagemaker:ListTrainingJobs"),)
ALL = (Link.DATA, Link.IMAGE, Link.COMMIT)
FIXED = Repeatability("arn:m", "model m", ALL, (), RECENT)
LOOSE = replace(FIXED, fixed=(Link.COMMIT,), loose=(Link.DATA, Link.IMAGE))
NOTHING = replace(FIXED, fixed=(), loose=ALL)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((FIXED,), (), Status.PASS),
        ((FIXED, LOOSE), (), Status.PARTIAL),
        ((FIXED, NOTHING), (), Status.PARTIAL),
        ((NOTHING,), (), Status.FAIL),
        ((LOOSE,), DENIED, Status.PARTIAL),
        ((FIXED,), DENIED, Status.NOT_ASSESSED),
        ((), (), Status.NOT_APPLICABLE),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Repeatability, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert training_repeatable(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (FIXED, "model m has its data, image, commit and seed on record"),
        (LOOSE, "model m lacks a fixed data version, image digest"),
        (NOTHING, "model m lacks a fixed data version, image digest, commit"),
    ],
)
def test_words(seen: Repeatability, words: str) -> None:
    assert training_repeatable(Evidence((seen,))).summary == words
