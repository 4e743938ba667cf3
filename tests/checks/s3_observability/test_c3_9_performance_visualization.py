import pytest

from mlaudit.capabilities.dashboards import ShownPerformance, ShownPlace
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s3_observability.c3_9_performance_visualization import performance_visualization

DENIED = Gap("cloudwatch:ListDashboards", "eu-west-1", "AccessDenied", GapReason.DENIED)
PLACE = "endpoint fraud, variant main"


def place(
    compute: tuple[str, ...] = (), whole: tuple[str, ...] = (), *, idle: bool = False
) -> ShownPerformance:
    return ShownPerformance(ShownPlace("arn:endpoint", PLACE, compute, whole, idle))


BOTH, MACHINES, NONE = place(("ops", "all"), ("all",)), place(("ops",)), place()
IDLE = place(("all",), ("all",), idle=True)


@pytest.mark.parametrize(
    ("places", "status"),
    [
        (Evidence((BOTH, BOTH)), Status.PASS),
        (Evidence((BOTH, MACHINES)), Status.PARTIAL),
        (Evidence((MACHINES,)), Status.PARTIAL),
        (Evidence((IDLE,)), Status.PARTIAL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((BOTH,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((MACHINES,), (DENIED,)), Status.PARTIAL),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(places: Evidence[ShownPerformance], status: Status) -> None:
    assert performance_visualization(places).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BOTH, "dashboard all shows its machines and its results"),
        (MACHINES, "dashboard ops shows its machines only"),
        (IDLE, "dashboard all has no request of the window to show"),
        (NONE, "no dashboard shows its machines"),
    ],
)
def test_words(seen: ShownPerformance, words: str) -> None:
    assert performance_visualization(Evidence((seen,))).summary == f"{PLACE}: {words}"
