from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.gates import ModelGate, ServedRegistration
from mlaudit.capabilities.requests import RequestCheck
from mlaudit.capabilities.serving import ServedModel
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import Model
from mlaudit.testing import build
from mlaudit_checks.s8_training.c8_1_input_validation import input_validation

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("apigateway:GetRestApis", "eu-west-1", "AccessDenied", GapReason.DENIED)
FLOW = Workflow("arn:pipeline/train", "train", Engine.PIPELINES, (), NOW)
SERVED = ServedModel(build(Model, "fraud"), "on endpoint fraud", (), (), ())
TESTED = (
    Evidence((ModelGate(FLOW, ("Evaluate",), stops=True),)),
    Evidence((ServedRegistration(SERVED, registered=True, gated=True),)),
)
UNTESTED = (
    Evidence((ModelGate(FLOW, (), stops=False),)),
    Evidence((ServedRegistration(SERVED, registered=True, gated=False),)),
)
UNSEEN = (Evidence[ModelGate]((), (DENIED,)), Evidence[ServedRegistration]((), (DENIED,)))
CHECKED = RequestCheck("arn:e", "fraud", ("POST /score of API scoring",), NOW)
IDLE = replace(CHECKED, answered_at=None)
Tests = tuple[Evidence[ModelGate], Evidence[ServedRegistration]]


@pytest.mark.parametrize(
    ("tests", "requests", "status"),
    [
        (TESTED, Evidence((CHECKED,)), Status.PASS),
        (TESTED, Evidence(), Status.PASS),
        (TESTED, Evidence((IDLE,)), Status.PARTIAL),
        (TESTED, Evidence((CHECKED, IDLE)), Status.PARTIAL),
        (UNTESTED, Evidence((CHECKED,)), Status.PARTIAL),
        (UNTESTED, Evidence(), Status.FAIL),
        (TESTED, Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (TESTED, Evidence((CHECKED,), (DENIED,)), Status.NOT_ASSESSED),
        (UNTESTED, Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (UNSEEN, Evidence((CHECKED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(tests: Tests, requests: Evidence[RequestCheck], status: Status) -> None:
    assert input_validation(*tests, requests).status is status


def test_words() -> None:
    words = "endpoint fraud has its requests checked by POST /score of API scoring"
    assert words in input_validation(*TESTED, Evidence((CHECKED,))).summary
    assert input_validation(*TESTED, Evidence((IDLE,))).summary == (
        f"{words}, and answered none in the window"
    )
