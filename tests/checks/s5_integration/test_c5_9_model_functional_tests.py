from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.gates import ModelGate, ServedRegistration
from mlaudit.capabilities.serving import ServedModel
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import Model
from mlaudit.testing import build
from mlaudit_checks.s5_integration.c5_9_model_functional_tests import model_functional_tests

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListPipelines", "eu-west-1", "AccessDenied", GapReason.DENIED)
FLOW = Workflow("arn:pipeline/train", "train", Engine.PIPELINES, (), NOW)
SERVED = ServedModel(build(Model, "fraud"), "on endpoint fraud", (), (), ())

RAN = ModelGate(FLOW, ("Evaluate",), stops=True)
NEVER_RAN = ModelGate(replace(FLOW, succeeded_at=None), ("Evaluate",), stops=True)
OPEN = ModelGate(FLOW, ("Evaluate",), stops=False)
UNTESTED = ModelGate(FLOW, (), stops=False)
GATED = ServedRegistration(SERVED, registered=True, gated=True)
BYPASSED = ServedRegistration(SERVED, registered=True, gated=False)
UNREGISTERED = ServedRegistration(SERVED, registered=False, gated=False)


@pytest.mark.parametrize(
    ("gates", "models", "status"),
    [
        (Evidence((RAN,)), Evidence((GATED,)), Status.PASS),
        # nothing serves yet: the gate decides
        (Evidence((RAN,)), Evidence(), Status.PASS),
        (Evidence((UNTESTED, RAN)), Evidence((GATED,)), Status.PASS),
        (Evidence((NEVER_RAN,)), Evidence((GATED,)), Status.PARTIAL),
        (Evidence((OPEN,)), Evidence((BYPASSED,)), Status.PARTIAL),
        (Evidence((RAN,)), Evidence((BYPASSED,)), Status.PARTIAL),
        (Evidence((RAN,)), Evidence((GATED, UNREGISTERED)), Status.PARTIAL),
        (Evidence((UNTESTED,)), Evidence((BYPASSED,)), Status.FAIL),
        (Evidence(), Evidence((UNREGISTERED,)), Status.FAIL),
        (Evidence(), Evidence(), Status.FAIL),
        (Evidence((), (DENIED,)), Evidence((GATED,)), Status.NOT_ASSESSED),
        (Evidence((RAN,)), Evidence((GATED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((UNTESTED,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((UNTESTED,), (DENIED,)), Evidence((BYPASSED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(
    gates: Evidence[ModelGate], models: Evidence[ServedRegistration], status: Status
) -> None:
    assert model_functional_tests(gates, models).status is status


def test_words() -> None:
    assert model_functional_tests(Evidence((OPEN,)), Evidence((UNREGISTERED,))).summary == (
        "SageMaker pipeline train tests models in Evaluate, and no condition on it stops a bad one;"
        " model fraud on endpoint fraud was never registered"
    )
    assert model_functional_tests(Evidence((RAN,)), Evidence((GATED,))).summary == (
        "SageMaker pipeline train lets out only models that pass Evaluate; "
        "model fraud on endpoint fraud passed a test to be registered"
    )
