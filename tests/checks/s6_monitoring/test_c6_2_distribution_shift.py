import pytest

from mlaudit.capabilities.detectors import ControlledEndpoint, DataDriftControl, Detector
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s6_monitoring.c6_2_distribution_shift import distribution_shift

DENIED = Gap("sagemaker:ListMonitoringSchedules", "eu-west-1", "AccessDenied", GapReason.DENIED)


def watched(*detectors: Detector) -> DataDriftControl:
    return DataDriftControl(ControlledEndpoint("arn:endpoint", "endpoint fraud", detectors))


RUNS = Detector("function watch", (), None)
BARE = Detector("pipeline compare", ("a baseline",), None)
IDLE = Detector("pipeline idle", ("an active schedule", "a baseline"), None)


@pytest.mark.parametrize(
    ("controls", "status"),
    [
        (Evidence((watched(RUNS), watched(IDLE, RUNS))), Status.PASS),
        (Evidence((watched(RUNS), watched())), Status.PARTIAL),
        (Evidence((watched(BARE),)), Status.PARTIAL),
        (Evidence((watched(),)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((watched(RUNS),), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(controls: Evidence[DataDriftControl], status: Status) -> None:
    assert distribution_shift(controls).status is status


@pytest.mark.parametrize(
    ("detectors", "words"),
    [
        ((RUNS, BARE), "function watch watches the distribution of live data"),
        (
            (IDLE, BARE),
            "pipeline compare watches the distribution of live data, without a baseline",
        ),
        ((), "nothing watches the distribution of live data"),
    ],
)
def test_words(detectors: tuple[Detector, ...], words: str) -> None:
    found = distribution_shift(Evidence((watched(*detectors),)))
    assert found.summary == f"endpoint fraud: {words}"
