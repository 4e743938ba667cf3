import pytest

from mlaudit.capabilities.alarms import AlarmedPlace, Watch
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import WatchedMetric
from mlaudit_checks.s6_monitoring.c6_errors_error_alarms import error_alarms

DENIED = Gap("cloudwatch:DescribeAlarms", "eu-west-1", "AccessDenied", GapReason.DENIED)


def place(*metrics: str, has_data: bool = True) -> AlarmedPlace:
    """A variant with one alarm on each metric."""
    found = tuple(
        Watch(f"alarm {name.lower()}", (WatchedMetric("AWS/SageMaker", name, "Sum", {}),), has_data)
        for name in metrics
    )
    return AlarmedPlace("arn:endpoint", "endpoint fraud, variant main", found)


BROKEN, FAULTS = place("Invocation5XXErrors"), place("ModelFaults")
ASYNC = place("InvocationFailures")
WITHOUT_DATA = place("Invocation5XXErrors", has_data=False)
OTHER = place("Invocations", "ModelLatency")
NONE = place()


@pytest.mark.parametrize(
    ("places", "status"),
    [
        (Evidence((BROKEN, FAULTS, ASYNC)), Status.PASS),
        (Evidence((BROKEN, NONE)), Status.PARTIAL),
        (Evidence((WITHOUT_DATA,)), Status.PARTIAL),
        (Evidence((OTHER,)), Status.FAIL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((BROKEN,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(places: Evidence[AlarmedPlace], status: Status) -> None:
    assert error_alarms(places).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BROKEN, "alarm invocation5xxerrors on errors"),
        (WITHOUT_DATA, "alarm invocation5xxerrors on errors has nothing to judge"),
        (OTHER, "no alarm on errors"),
    ],
)
def test_words(seen: AlarmedPlace, words: str) -> None:
    assert error_alarms(Evidence((seen,))).summary == f"endpoint fraud, variant main: {words}"
