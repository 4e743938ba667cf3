from dataclasses import replace

import pytest

from mlaudit.capabilities.features import FeatureImportance, FeatureTest
from mlaudit.capabilities.registry import ServedVersion
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s5_integration.c5_4_feature_tests import feature_tests

MODEL = ServedVersion("arn:model", "model fraud on endpoint fraud", (), None, (), ())
FLOW = Workflow("arn:pipeline", "train", Engine.PIPELINES, (), RECENT)
REGISTERED = FeatureImportance(MODEL, registered=True, computed_in=None, of_version=False)
COMPUTED = replace(REGISTERED, registered=False, computed_in="Explain", of_version=True)
LOOSE = replace(COMPUTED, of_version=False)
UNKNOWN = replace(LOOSE, computed_in=None)
STOPS = FeatureTest(FLOW, ("Explain",), stops=True)
IDLE = replace(STOPS, flow=replace(FLOW, succeeded_at=None))
COMPUTES = replace(STOPS, stops=False)
BLINDLY = FeatureTest(FLOW, (), stops=False)

BLIND: Evidence[None] = Evidence((), (gap("sagemaker:ListPipelines"),))
EMPTY: Evidence[None] = Evidence()


@pytest.mark.parametrize(
    ("models", "tests", "status"),
    [
        (Evidence((REGISTERED, COMPUTED)), Evidence((STOPS, BLINDLY)), Status.PASS),
        (Evidence((REGISTERED,)), Evidence((COMPUTES,)), Status.PARTIAL),
        (Evidence((REGISTERED,)), Evidence((IDLE,)), Status.PARTIAL),
        (Evidence((REGISTERED,)), EMPTY, Status.PARTIAL),
        (Evidence((LOOSE,)), Evidence((STOPS,)), Status.PARTIAL),
        (Evidence((UNKNOWN,)), Evidence((STOPS,)), Status.PARTIAL),
        (EMPTY, Evidence((STOPS,)), Status.PASS),
        (Evidence((UNKNOWN,)), Evidence((BLINDLY,)), Status.FAIL),
        (EMPTY, EMPTY, Status.FAIL),
        (Evidence((REGISTERED,)), BLIND, Status.NOT_ASSESSED),
        (BLIND, Evidence((STOPS,)), Status.NOT_ASSESSED),
        (BLIND, BLIND, Status.NOT_ASSESSED),
    ],
)
def test_status(
    models: Evidence[FeatureImportance], tests: Evidence[FeatureTest], status: Status
) -> None:
    assert feature_tests(models, tests).status is status


ON = "model fraud on endpoint fraud"
IN = "SageMaker pipeline train"


@pytest.mark.parametrize(
    ("model", "test", "of_model", "of_test"),
    [
        (
            REGISTERED,
            STOPS,
            f"{ON} is registered with the importance of features",
            f"{IN} lets out only models whose importance of features passes Explain",
        ),
        (
            LOOSE,
            COMPUTES,
            f"{ON} is not registered with the importance of features, which step Explain is about",
            f"{IN} computes the importance of features in Explain, and nothing stops on a change",
        ),
        (
            UNKNOWN,
            BLINDLY,
            f"{ON} has no importance of features on record",
            f"{IN} makes models without a look at their features",
        ),
    ],
)
def test_words(model: FeatureImportance, test: FeatureTest, of_model: str, of_test: str) -> None:
    found = feature_tests(Evidence((model,)), Evidence((test,)))
    assert found.summary == f"{of_model}; {of_test}"


def test_words_of_what_ran_for_the_version_and_of_what_never_ran() -> None:
    found = feature_tests(Evidence((COMPUTED,)), Evidence((IDLE,)))
    assert [each.fact for each in found.observations] == [
        f"{ON} has the importance of its features from step Explain of its run",
        f"{IN} compares the importance of features in Explain, with no success in the window",
    ]
