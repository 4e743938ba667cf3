import pytest

from mlaudit.capabilities.alarms import AlarmedPlace, Watch
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import WatchedMetric
from mlaudit_checks.s6_monitoring.c6_latency_latency_alarms import latency_alarms

DENIED = Gap("cloudwatch:DescribeAlarms", "eu-west-1", "AccessDenied", GapReason.DENIED)


def place(
    statistic: str | None = None, *, metric: str = "ModelLatency", has_data: bool = True
) -> AlarmedPlace:
    """A variant with one alarm, or none without a statistic."""
    found = Watch("alarm slow", (WatchedMetric("AWS/SageMaker", metric, statistic, {}),), has_data)
    return AlarmedPlace(
        "arn:endpoint", "endpoint fraud, variant main", (found,) if statistic else ()
    )


HIGH = (place("p99"), place("p90"), place("p99.9"), place("Maximum"), place("p100"))
ASYNC = place("p95", metric="TotalProcessingTime")
OWN = place("p95", metric="scoring_duration_ms")
LOW = (place("Average"), place("p50"), place("p89"))
WITHOUT_DATA = place("p99", has_data=False)
OTHER = place("p99", metric="Invocations")
NONE = place()


@pytest.mark.parametrize(
    ("places", "status"),
    [
        *((Evidence((each, ASYNC, OWN)), Status.PASS) for each in HIGH),
        *((Evidence((each,)), Status.PARTIAL) for each in LOW),
        (Evidence((HIGH[0], NONE)), Status.PARTIAL),
        (Evidence((WITHOUT_DATA,)), Status.PARTIAL),
        (Evidence((OTHER,)), Status.FAIL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((HIGH[0],), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(places: Evidence[AlarmedPlace], status: Status) -> None:
    assert latency_alarms(places).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (HIGH[0], "alarm slow on a high percentile of latency"),
        (LOW[0], "latency alarmed by Average only"),
        (WITHOUT_DATA, "alarm slow on a high percentile of latency has nothing to judge"),
        (NONE, "no alarm on latency"),
    ],
)
def test_words(seen: AlarmedPlace, words: str) -> None:
    assert latency_alarms(Evidence((seen,))).summary == f"endpoint fraud, variant main: {words}"
