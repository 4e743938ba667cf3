import pytest

from mlaudit.capabilities.detectors import ConceptDriftControl, ControlledEndpoint, Detector
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s6_monitoring.c6_3_concept_drift import concept_drift

DENIED = Gap("sagemaker:ListMonitoringSchedules", "eu-west-1", "AccessDenied", GapReason.DENIED)
RUNS = Detector("function watch", (), None)
BARE = Detector("pipeline compare", ("a baseline",), None)


def endpoint(*detectors: Detector) -> ControlledEndpoint:
    return ControlledEndpoint("arn:endpoint", "endpoint fraud", detectors)


WATCHED = ConceptDriftControl(endpoint(RUNS), endpoint())
LACKING = ConceptDriftControl(endpoint(BARE), endpoint(RUNS))
RESULTS_ONLY = ConceptDriftControl(endpoint(), endpoint(RUNS))
NOTHING = ConceptDriftControl(endpoint(), endpoint())


@pytest.mark.parametrize(
    ("controls", "status"),
    [
        (Evidence((WATCHED,)), Status.PASS),
        (Evidence((WATCHED, NOTHING)), Status.PARTIAL),
        (Evidence((LACKING,)), Status.PARTIAL),
        (Evidence((RESULTS_ONLY,)), Status.PARTIAL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((WATCHED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(controls: Evidence[ConceptDriftControl], status: Status) -> None:
    assert concept_drift(controls).status is status


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (WATCHED, "function watch watches the relation of input and answer"),
        (LACKING, "pipeline compare watches the relation of input and answer, without a baseline"),
        (RESULTS_ONLY, "function watch watches the quality of answers only"),
        (NOTHING, "nothing watches the relation of input and answer"),
    ],
)
def test_words(control: ConceptDriftControl, words: str) -> None:
    assert concept_drift(Evidence((control,))).summary == f"endpoint fraud: {words}"
