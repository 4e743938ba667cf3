from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.editors import OpenEditor
from mlaudit.evidence import Evidence
from mlaudit.model import Status, Waste
from mlaudit.testing import NOW, gap
from mlaudit_checks.x_extended.cx_24_no_idle_editors import no_idle_editors

DENIED = (gap("sagemaker:ListApps"),)
LONG = NOW - timedelta(days=20)
USED: dict[str, Any] = {"started_at": LONG, "used_at": NOW - timedelta(days=14)}
STARTED: dict[str, Any] = {"started_at": NOW - timedelta(days=14)}
CLOSING: dict[str, Any] = {"started_at": LONG, "closes": True}
ON_END: dict[str, Any] = {"started_at": LONG}
UNUSED: dict[str, Any] = {**CLOSING, "used_at": NOW - timedelta(days=15)}
UNPRICED: dict[str, Any] = {**UNUSED, "cents_a_month": None}


def editor(**values: Any) -> OpenEditor:
    usual = {"used_at": None, "closes": False, "cents_a_month": 3650, "now": NOW}
    return OpenEditor("arn:ana", "Studio app ana", **{**usual, **values})


@pytest.mark.parametrize(
    ("seen", "gaps", "status", "waste"),
    [
        ([USED, STARTED], (), Status.PASS, None),
        ([USED, CLOSING], (), Status.PARTIAL, None),
        ([USED, ON_END], (), Status.FAIL, None),
        ([CLOSING, UNUSED], DENIED, Status.FAIL, Waste(36.5, 0)),
        ([UNUSED, UNPRICED, ON_END], (), Status.FAIL, Waste(36.5, 1)),
        ([], (), Status.NOT_APPLICABLE, None),
        ([USED], DENIED, Status.NOT_ASSESSED, None),
        ([CLOSING], DENIED, Status.NOT_ASSESSED, None),
        ([], DENIED, Status.NOT_ASSESSED, None),
    ],
)
def test_status(
    seen: list[dict[str, Any]], gaps: tuple[Any, ...], status: Status, waste: Waste | None
) -> None:
    found = no_idle_editors(Evidence(tuple(editor(**each) for each in seen), gaps))
    assert (found.status, found.waste) == (status, waste)


COST = "for about 36.50 USD a month at us-east-1 list prices"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (USED, "was used 14 days ago"),
        ({**USED, "used_at": NOW}, "was used within the last day"),
        (STARTED, "was started 14 days ago"),
        (CLOSING, "runs for 20 days, and is to be shut down when idle"),
        (ON_END, f"runs for 20 days on end with nothing to stop it, {COST}"),
        (UNUSED, f"runs and was not used for 15 days, {COST}"),
        (UNPRICED, "runs and was not used for 15 days, at an unknown price"),
    ],
)
def test_words(given: dict[str, Any], words: str) -> None:
    assert no_idle_editors(Evidence((editor(**given),))).summary == f"Studio app ana {words}"
