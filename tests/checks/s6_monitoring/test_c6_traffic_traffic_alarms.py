import pytest

from mlaudit.capabilities.alarms import AlarmedPlace, Watch, WatchedPlace
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import WatchedMetric
from mlaudit_checks.s6_monitoring.c6_traffic_traffic_alarms import traffic_alarms

DENIED = Gap("cloudwatch:DescribeAlarms", "eu-west-1", "AccessDenied", GapReason.DENIED)


def place(*names: str, has_data: bool = True) -> WatchedPlace:
    """A variant with one alarm on some metrics, or with none."""
    metrics = tuple(WatchedMetric("AWS/SageMaker", name, "Sum", {}) for name in names)
    watches = (Watch("alarm silent", metrics, has_data),) if names else ()
    return WatchedPlace(AlarmedPlace("arn:endpoint", "endpoint fraud, variant main", watches))


COUNTED = place("Invocations")
QUEUED = place("ApproximateBacklogSize")
OWN = place("ScoringRequests")
WITHOUT_DATA = place("Invocations", has_data=False)
RATE = place("Invocations", "Invocation5XXErrors")
FAILED = place("FailedRequests")
NONE = place()


@pytest.mark.parametrize(
    ("places", "status"),
    [
        (Evidence((COUNTED, QUEUED, OWN)), Status.PASS),
        (Evidence((COUNTED, NONE)), Status.PARTIAL),
        (Evidence((WITHOUT_DATA,)), Status.PARTIAL),
        (Evidence((RATE,)), Status.FAIL),
        (Evidence((FAILED,)), Status.FAIL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((COUNTED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(places: Evidence[WatchedPlace], status: Status) -> None:
    assert traffic_alarms(places).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (COUNTED, "alarm silent on traffic"),
        (WITHOUT_DATA, "alarm silent on traffic has nothing to judge"),
        (NONE, "no alarm on traffic"),
    ],
)
def test_words(seen: WatchedPlace, words: str) -> None:
    assert traffic_alarms(Evidence((seen,))).summary == f"endpoint fraud, variant main: {words}"
