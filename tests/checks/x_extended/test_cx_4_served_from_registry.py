from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.registry import ServedVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_4_served_from_registry import served_from_registry

DENIED = (gap("sagemaker:ListModelPackages"),)
NAMED: dict[str, Any] = {}
SAME: dict[str, Any] = {"containers": ()}
OUTSIDE: dict[str, Any] = {"package": None, "containers": ()}


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ([NAMED], (), Status.PASS),
        ([NAMED, SAME], (), Status.PARTIAL),
        ([NAMED, OUTSIDE], (), Status.FAIL),
        ([OUTSIDE], DENIED, Status.FAIL),
        ([], (), Status.NOT_APPLICABLE),
        ([NAMED], DENIED, Status.NOT_ASSESSED),
        ([], DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(
    seen: list[dict[str, Any]],
    gaps: tuple[Any, ...],
    status: Status,
    version: Callable[..., ServedVersion],
) -> None:
    evidence = Evidence(tuple(version(**each) for each in seen), gaps)
    assert served_from_registry(evidence).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (NAMED, "is created from fraud/2"),
        (SAME, "holds the artefact of fraud/2, and does not name it"),
        (OUTSIDE, "is no version of any registry"),
    ],
)
def test_words(given: dict[str, Any], words: str, version: Callable[..., ServedVersion]) -> None:
    found = served_from_registry(Evidence((version(**given),)))
    assert found.summary == f"model fraud on endpoint fraud {words}"
