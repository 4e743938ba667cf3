from typing import Any

import pytest

from mlaudit.capabilities.modules import ModularWorkflow
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_12_made_of_modules import made_of_modules

DENIED = (gap("sagemaker:ListPipelines"),)


def flow(*modules: str, ran: bool = True) -> ModularWorkflow:
    workflow = Workflow("arn:p", "p", Engine.PIPELINES, (), RECENT if ran else None)
    return ModularWorkflow(workflow, modules)


DIVIDED, IN_ONE = flow("Prepare", "Train"), flow("Train")
NEVER_RAN = flow("Prepare", "Train", ran=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((DIVIDED,), (), Status.PASS),
        ((DIVIDED, NEVER_RAN), (), Status.PARTIAL),
        ((DIVIDED, IN_ONE), (), Status.PARTIAL),
        ((IN_ONE,), (), Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((DIVIDED,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[ModularWorkflow, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert made_of_modules(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (DIVIDED, "does its work in 2 steps"),
        (NEVER_RAN, "does its work in 2 steps, and no success in the window"),
        (IN_ONE, "does all its work in one step"),
    ],
)
def test_words(seen: ModularWorkflow, words: str) -> None:
    assert made_of_modules(Evidence((seen,))).summary == f"SageMaker pipeline p {words}"
