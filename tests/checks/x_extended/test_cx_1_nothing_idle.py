from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.capacity import PaidVariant
from mlaudit.evidence import Evidence
from mlaudit.model import Status, Waste
from mlaudit.testing import NOW, gap
from mlaudit_checks.x_extended.cx_1_nothing_idle import nothing_idle

DENIED = (gap("cloudwatch:GetMetricData"),)
BUSY: dict[str, Any] = {}
NEVER: dict[str, Any] = {"requests": 0.0, "last_at": None}
LATELY: dict[str, Any] = {"last_at": NOW - timedelta(days=14)}
LONG_AGO: dict[str, Any] = {"last_at": NOW - timedelta(days=15)}
YOUNG = {**NEVER, "since": NOW - timedelta(days=13)}
ASLEEP = {**NEVER, "least": 0, "cents_a_month": 0}
UNPRICED = {**NEVER, "cents_a_month": None}


@pytest.mark.parametrize(
    ("seen", "gaps", "status", "waste"),
    [
        ([BUSY, LATELY, ASLEEP], (), Status.PASS, None),
        ([BUSY, YOUNG], (), Status.PARTIAL, None),
        ([BUSY, NEVER], (), Status.FAIL, Waste(83.95, 0)),
        ([LONG_AGO, NEVER], DENIED, Status.FAIL, Waste(167.9, 0)),
        ([NEVER, UNPRICED], (), Status.FAIL, Waste(83.95, 1)),
        ([UNPRICED], (), Status.FAIL, Waste(None, 1)),
        ([], (), Status.NOT_APPLICABLE, None),
        ([BUSY], DENIED, Status.NOT_ASSESSED, None),
        ([], DENIED, Status.NOT_ASSESSED, None),
    ],
)
def test_status(
    seen: list[dict[str, Any]],
    gaps: tuple[Any, ...],
    status: Status,
    waste: Waste | None,
    paid: Callable[..., PaidVariant],
) -> None:
    found = nothing_idle(Evidence(tuple(paid(**each) for each in seen), gaps))
    assert (found.status, found.waste) == (status, waste)


COST = "for about 83.95 USD a month at us-east-1 list prices"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (BUSY, "answered 9 requests in the window"),
        (YOUNG, "is new, and answered no request yet"),
        (ASLEEP, "keeps no instance while nobody asks"),
        (
            NEVER,
            f"answered nothing for 14 days on 1 x ml.m5.large, {COST}",
        ),
        (UNPRICED, "answered nothing for 14 days on 1 x ml.m5.large, at an unknown price"),
        (
            {**NEVER, "counted_from": NOW - timedelta(days=7)},
            f"answered nothing for 7 days on 1 x ml.m5.large, {COST}",
        ),
    ],
)
def test_words(given: dict[str, Any], words: str, paid: Callable[..., PaidVariant]) -> None:
    found = nothing_idle(Evidence((paid(**given),)))
    assert found.summary == f"endpoint fraud, variant main: {words}"
