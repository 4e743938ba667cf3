import pytest

from mlaudit.capabilities.detectors import ControlledEndpoint, Detector, ModelQualityControl
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s6_monitoring.c6_4_model_evaluation_check import model_evaluation_check

DENIED = Gap("sagemaker:ListMonitoringSchedules", "eu-west-1", "AccessDenied", GapReason.DENIED)


def watched(*detectors: Detector) -> ModelQualityControl:
    return ModelQualityControl(ControlledEndpoint("arn:endpoint", "endpoint fraud", detectors))


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
def test_status(controls: Evidence[ModelQualityControl], status: Status) -> None:
    assert model_evaluation_check(controls).status is status


@pytest.mark.parametrize(
    ("detectors", "words"),
    [
        ((RUNS, BARE), "function watch watches the quality of answers"),
        ((IDLE, BARE), "pipeline compare watches the quality of answers, without a baseline"),
        ((), "nothing watches the quality of answers"),
    ],
)
def test_words(detectors: tuple[Detector, ...], words: str) -> None:
    found = model_evaluation_check(Evidence((watched(*detectors),)))
    assert found.summary == f"endpoint fraud: {words}"
