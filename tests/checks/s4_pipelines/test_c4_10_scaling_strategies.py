from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.serving import Placement, Scaling, VerticalPath
from mlaudit.capabilities.training import TrainingShapes
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status, Verdict
from mlaudit_checks.s4_pipelines.c4_10_scaling_strategies import scaling_strategies

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap(
    "application-autoscaling:DescribeScalableTargets", "eu-west-1", "Denied", GapReason.DENIED
)
BLIND: Evidence[None] = Evidence((), (DENIED,))
NONE: Evidence[None] = Evidence()


def shapes(*names: str, parameters: tuple[str, ...] = ()) -> Evidence[TrainingShapes]:
    return Evidence((TrainingShapes("arn:job", names, parameters, NOW),))


def path(*, used: bool) -> Evidence[VerticalPath]:
    return Evidence((VerticalPath("arn:job", "recommendation job a is completed", used, NOW),))


SCALES: Evidence[str | None] = Evidence(("scales by requests, 1 to 4",))
FIXED: Evidence[str | None] = Evidence((None,))
MIXED = Evidence(("scales by requests, 1 to 4", None))
SIZED, PLANNED = path(used=True), path(used=False)
VARIED = shapes("1 x ml.m5.large", "2 x ml.m5.large")
PARAMETRISED = shapes("1 x ml.m5.large", parameters=("InstanceType",))
ALWAYS_THE_SAME = shapes("1 x ml.m5.large")


def judged(
    placement: Placement,
    scaled_by: Evidence[str | None],
    sizes: Evidence[VerticalPath],
    trained_on: Evidence[TrainingShapes],
) -> Verdict:
    scalings = tuple(Scaling(placement, by, 1) for by in scaled_by.items)
    return scaling_strategies(Evidence(scalings, scaled_by.gaps), sizes, trained_on)


@pytest.mark.parametrize(
    ("scaled_by", "sizes", "trained_on", "status"),
    [
        (SCALES, SIZED, VARIED, Status.PASS),
        (SCALES, SIZED, NONE, Status.PASS),
        # nothing serves: training decides alone
        (NONE, NONE, VARIED, Status.PASS),
        (NONE, NONE, PARAMETRISED, Status.PARTIAL),
        (NONE, NONE, ALWAYS_THE_SAME, Status.FAIL),
        (MIXED, SIZED, VARIED, Status.PARTIAL),
        (FIXED, SIZED, VARIED, Status.PARTIAL),
        (SCALES, PLANNED, VARIED, Status.PARTIAL),
        (SCALES, NONE, VARIED, Status.PARTIAL),
        (SCALES, SIZED, PARAMETRISED, Status.PARTIAL),
        (SCALES, SIZED, ALWAYS_THE_SAME, Status.PARTIAL),
        (FIXED, NONE, ALWAYS_THE_SAME, Status.FAIL),
        (FIXED, NONE, NONE, Status.FAIL),
        (NONE, NONE, NONE, Status.NOT_APPLICABLE),
        (BLIND, SIZED, VARIED, Status.NOT_ASSESSED),
        (SCALES, BLIND, VARIED, Status.NOT_ASSESSED),
        (SCALES, SIZED, BLIND, Status.NOT_ASSESSED),
        (BLIND, BLIND, BLIND, Status.NOT_ASSESSED),
        (FIXED, NONE, BLIND, Status.NOT_ASSESSED),
        # known to be short whatever the rest shows
        (MIXED, BLIND, BLIND, Status.PARTIAL),
    ],
)
def test_status(
    placement: Placement,
    scaled_by: Evidence[str | None],
    sizes: Evidence[VerticalPath],
    trained_on: Evidence[TrainingShapes],
    status: Status,
) -> None:
    assert judged(placement, scaled_by, sizes, trained_on).status is status


def test_words(placement: Placement) -> None:
    assert judged(placement, FIXED, SIZED, ALWAYS_THE_SAME).summary == (
        "endpoint fraud, variant main: fixed capacity; trained on 1 x ml.m5.large only"
    )
    assert judged(placement, SCALES, SIZED, PARAMETRISED).summary == (
        "training takes parameters: InstanceType"
    )
