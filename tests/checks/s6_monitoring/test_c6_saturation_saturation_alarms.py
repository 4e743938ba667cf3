import pytest

from mlaudit.capabilities.alarms import AlarmedPlace, Watch
from mlaudit.capabilities.dashboards import ShownCompute, ShownPlace
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import WatchedMetric
from mlaudit_checks.s6_monitoring.c6_saturation_saturation_alarms import saturation_alarms

DENIED = Gap("cloudwatch:DescribeAlarms", "eu-west-1", "AccessDenied", GapReason.DENIED)
ELSEWHERE = Gap.unread("cloudwatch:ListDashboards", "eu-west-1", "DashboardElsewhere", "a:b:c")
PLACE = "endpoint fraud, variant main"


def place(metric: str | None, *, has_data: bool = True) -> Evidence[AlarmedPlace]:
    """A variant with one alarm, or none."""
    watched = WatchedMetric("own", metric or "", "Maximum", {})
    watches = (Watch("alarm full", (watched,), has_data),) if metric else ()
    return Evidence((AlarmedPlace("arn:endpoint", PLACE, watches),))


FULL = [
    "CPUUtilization",
    "MemoryUtilization",
    "GPUMemoryUtilization",
    "DiskUtilization",
    "disk_used_percent",
    "mem.utilisation",
    "ConcurrentRequestsPerModel",
]
SHOWN = Evidence(
    (ShownCompute(ShownPlace("arn:endpoint", PLACE, ("operations",), (), idle=False)),)
)
BLANK = Evidence((ShownCompute(ShownPlace("arn:endpoint", PLACE, (), (), idle=False)),))
UNSHOWN = Evidence[ShownCompute]((), (ELSEWHERE,))
NOTHING = Evidence[AlarmedPlace]()


@pytest.mark.parametrize(
    ("places", "shown", "status"),
    [
        *((place(name), SHOWN, Status.PASS) for name in FULL),
        (place(FULL[0]), BLANK, Status.PARTIAL),
        (place(FULL[0]), UNSHOWN, Status.NOT_ASSESSED),
        (place(FULL[0], has_data=False), SHOWN, Status.PARTIAL),
        (place(FULL[0], has_data=False), UNSHOWN, Status.PARTIAL),
        (Evidence((*place(FULL[0]).items, *place(None).items)), SHOWN, Status.PARTIAL),
        (place("ModelLatency"), SHOWN, Status.FAIL),
        (place("Invocations"), UNSHOWN, Status.FAIL),
        (place(None), SHOWN, Status.FAIL),
        (place(None), UNSHOWN, Status.FAIL),
        (NOTHING, Evidence(), Status.NOT_APPLICABLE),
        (Evidence(place(FULL[0]).items, (DENIED,)), SHOWN, Status.NOT_ASSESSED),
        (Evidence(place(None).items, (DENIED,)), SHOWN, Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(
    places: Evidence[AlarmedPlace], shown: Evidence[ShownCompute], status: Status
) -> None:
    assert saturation_alarms(places, shown).status is status


@pytest.mark.parametrize(
    ("places", "shown", "words"),
    [
        (
            place("CPUUtilization"),
            SHOWN,
            f"{PLACE}: alarm full on saturation; {PLACE}: dashboard operations shows its machines",
        ),
        (
            place("CPUUtilization"),
            UNSHOWN,
            "could not be seen: whether a dashboard outside of CloudWatch shows c",
        ),
        (place("ModelLatency"), SHOWN, f"{PLACE}: no alarm on saturation"),
    ],
)
def test_words(places: Evidence[AlarmedPlace], shown: Evidence[ShownCompute], words: str) -> None:
    assert saturation_alarms(places, shown).summary == words
