import pytest

from mlaudit.capabilities.anomalies import AnomalyControl
from mlaudit.capabilities.detectors import ControlledEndpoint, Detector
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s6_monitoring.c6_anomalies_anomaly_detection import anomaly_detection

DENIED = Gap("logs:ListLogAnomalyDetectors", "eu-west-1", "AccessDenied", GapReason.DENIED)


def endpoint(*detectors: Detector) -> AnomalyControl:
    return AnomalyControl(ControlledEndpoint("arn:endpoint", "endpoint fraud", detectors))


WORKS = endpoint(Detector("log anomaly detector d", (), None))
UNTRAINED = endpoint(Detector("detector x", ("a trained model",), None))
NONE = endpoint()


@pytest.mark.parametrize(
    ("controls", "status"),
    [
        (Evidence((WORKS, WORKS)), Status.PASS),
        (Evidence((WORKS, NONE)), Status.PARTIAL),
        (Evidence((UNTRAINED,)), Status.PARTIAL),
        (Evidence((NONE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((WORKS,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(controls: Evidence[AnomalyControl], status: Status) -> None:
    assert anomaly_detection(controls).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (WORKS, "log anomaly detector d watches inputs and answers for anomalies"),
        (
            UNTRAINED,
            "detector x watches inputs and answers for anomalies, without a trained model",
        ),
        (NONE, "nothing watches inputs and answers for anomalies"),
    ],
)
def test_words(seen: AnomalyControl, words: str) -> None:
    assert anomaly_detection(Evidence((seen,))).summary == f"endpoint fraud: {words}"
