from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.serving import Placement, Scaling
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_26_more_than_one_instance import more_than_one_instance

DENIED = (gap("application-autoscaling:DescribeScalableTargets"),)


@pytest.mark.parametrize(
    ("least", "gaps", "status"),
    [
        ((2, 3), (), Status.PASS),
        ((2, 0), (), Status.PARTIAL),
        ((2, 1), (), Status.FAIL),
        ((1,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((2,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(
    least: tuple[int, ...], gaps: tuple[Any, ...], status: Status, placement: Placement
) -> None:
    seen = tuple(Scaling(placement, None, each) for each in least)
    assert more_than_one_instance(Evidence(seen, gaps)).status is status


def test_nobody_waits_for_what_is_asynchronous_or_without_instances(placement: Placement) -> None:
    later = replace(placement, config=replace(placement.config, asynchronous=True))
    without = replace(placement, variant=replace(placement.variant, serverless_concurrency=5))
    seen = (Scaling(later, None, 1), Scaling(without, "serverless", None))
    found = more_than_one_instance(Evidence(seen))
    assert found.status is Status.NOT_APPLICABLE
    assert found.summary == "nothing answers on instances of its own"


@pytest.mark.parametrize(
    ("least", "words"),
    [
        (3, "keeps 3 instances"),
        (1, "keeps a single instance"),
        (0, "keeps no instance while nobody asks"),
    ],
)
def test_words(least: int, words: str, placement: Placement) -> None:
    found = more_than_one_instance(Evidence((Scaling(placement, None, least),)))
    assert found.summary == f"endpoint fraud, variant main: {words}"
