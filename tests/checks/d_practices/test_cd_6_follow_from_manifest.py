from typing import Any

import pytest

from mlaudit.capabilities.templates import DescribedWorkflow, TemplatedWorkflow
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.d_practices.cd_6_follow_from_manifest import follow_from_manifest

DENIED = (gap("codepipeline:ListPipelines"),)


def made(by: str | None = "delivery pipeline d", *, ran: bool = True) -> DescribedWorkflow:
    flow = Workflow("arn:p", "p", Engine.PIPELINES, (), RECENT)
    templated = TemplatedWorkflow(flow, "stack s", by, RECENT if by and ran else None)
    return DescribedWorkflow(templated)


FOLLOWS, BY_HAND, LONG_AGO = made(), made(None), made(ran=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((FOLLOWS,), (), Status.PASS),
        ((FOLLOWS, BY_HAND), (), Status.PARTIAL),
        ((LONG_AGO,), (), Status.PARTIAL),
        ((), (), Status.FAIL),
        ((FOLLOWS,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[DescribedWorkflow, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert follow_from_manifest(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (FOLLOWS, "which delivery pipeline d makes"),
        (BY_HAND, "which no delivery pipeline makes"),
        (LONG_AGO, "which delivery pipeline d did not make in the window"),
    ],
)
def test_words(seen: DescribedWorkflow, words: str) -> None:
    found = follow_from_manifest(Evidence((seen,)))
    assert found.summary == f"SageMaker pipeline p was made by stack s, {words}"
