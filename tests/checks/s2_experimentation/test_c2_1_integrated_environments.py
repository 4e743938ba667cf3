from dataclasses import replace

import pytest

from mlaudit.capabilities.workbenches import Workbench
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s2_experimentation.c2_1_integrated_environments import integrated_environments

DENIED = gap("sagemaker:ListDomains")
TIED = Workbench("arn:space", "Studio space ana", ("a repository attached",), used=True, at=RECENT)
IDLE = replace(TIED, used=False)
LOOSE = replace(TIED, tied=())


@pytest.mark.parametrize(
    ("environments", "status"),
    [
        (Evidence((TIED, LOOSE)), Status.PASS),
        (Evidence((TIED,), (DENIED,)), Status.PASS),
        (Evidence((IDLE,)), Status.PARTIAL),
        (Evidence((LOOSE,)), Status.PARTIAL),
        (Evidence(), Status.FAIL),
        (Evidence((LOOSE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(environments: Evidence[Workbench], status: Status) -> None:
    assert integrated_environments(environments).status is status


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (TIED, "has a repository attached and is in use"),
        (IDLE, "has a repository attached, and nobody used it in the window"),
        (LOOSE, "is not tied to a repository"),
    ],
)
def test_words(environment: Workbench, words: str) -> None:
    found = integrated_environments(Evidence((environment,)))
    assert found.summary == f"Studio space ana {words}"
