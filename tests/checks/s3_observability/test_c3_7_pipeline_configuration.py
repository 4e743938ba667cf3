import pytest

from mlaudit.capabilities.provenance import RunOfModel
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_7_pipeline_configuration import pipeline_configuration

DENIED = gap("sagemaker:ListPipelineExecutionSteps")
RUN = "arn:aws:sagemaker:eu-west-1:1:pipeline/train/execution/abc"


def model(registered_by: str | None = None, trained_by: str | None = None) -> RunOfModel:
    return RunOfModel(
        "arn:model", "model fraud on endpoint fraud", registered_by, trained_by, RECENT
    )


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((model(RUN, RUN),)), Status.PASS),
        # trained before, registered by a run of its own
        (Evidence((model(RUN),)), Status.PASS),
        (Evidence((model(None, RUN),)), Status.PARTIAL),
        (Evidence((model(RUN), model())), Status.PARTIAL),
        (Evidence((model(),)), Status.FAIL),
        (Evidence((model(RUN),), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(evidence: Evidence[RunOfModel], status: Status) -> None:
    assert pipeline_configuration(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (model(RUN), "was registered by run train/execution/abc"),
        (model(None, RUN), "was trained by run train/execution/abc, which did not register it"),
        (model(), "was made by no pipeline run"),
    ],
)
def test_words(found: RunOfModel, words: str) -> None:
    assert pipeline_configuration(Evidence((found,))).summary == (
        f"model fraud on endpoint fraud {words}"
    )
