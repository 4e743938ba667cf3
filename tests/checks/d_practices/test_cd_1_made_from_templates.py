from typing import Any

import pytest

from mlaudit.capabilities.templates import TemplatedWorkflow
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_1_made_from_templates import made_from_templates

DENIED = (gap("sagemaker:ListPipelines"),)


def made(*, ran: bool) -> TemplatedWorkflow:
    flow = Workflow("arn:p", "p", Engine.PIPELINES, (), RECENT if ran else None)
    return TemplatedWorkflow(flow, "stack s", None, None)


MADE, NEVER_RAN = made(ran=True), made(ran=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((MADE,), (), Status.PASS),
        ((MADE, NEVER_RAN), (), Status.PARTIAL),
        ((NEVER_RAN,), (), Status.PARTIAL),
        ((), (), Status.FAIL),
        ((MADE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[TemplatedWorkflow, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert made_from_templates(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ((MADE,), "SageMaker pipeline p was made by stack s, and runs"),
        (
            (NEVER_RAN,),
            "SageMaker pipeline p was made by stack s, and did not succeed in the window",
        ),
        ((), "no workflow trains or scores"),
    ],
)
def test_words(seen: tuple[TemplatedWorkflow, ...], words: str) -> None:
    assert made_from_templates(Evidence(seen)).summary == words
