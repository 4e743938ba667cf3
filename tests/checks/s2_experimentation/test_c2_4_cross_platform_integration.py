import pytest

from mlaudit.capabilities.registry import ServedVersion
from mlaudit.capabilities.results import RegisteredResults, ResultsUse
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.resources import ModelPackage
from mlaudit.testing import RECENT, build, gap
from mlaudit_checks.s2_experimentation.c2_4_cross_platform_integration import (
    cross_platform_integration,
)

WORDS = "model fraud on endpoint fraud"
REGISTERED = ServedVersion("arn:model", WORDS, (), build(ModelPackage, "fraud/2"), (), ())
LOOSE = ServedVersion("arn:model", WORDS, (), None, (), ())

BLIND: Evidence[None] = Evidence((), (gap("sagemaker:ListProcessingJobs"),))
EMPTY: Evidence[None] = Evidence()
CARRIED = Evidence((RegisteredResults(REGISTERED, evaluated=True),))
BARE = Evidence((RegisteredResults(REGISTERED, evaluated=False),))
NOWHERE = Evidence((RegisteredResults(LOOSE, evaluated=False),))
READ = Evidence((ResultsUse(REGISTERED, readable=True, used_by="job compare", at=RECENT),))
UNREAD = Evidence((ResultsUse(REGISTERED, readable=True, used_by=None, at=None),))
NOTHING = Evidence((ResultsUse(LOOSE, readable=False, used_by=None, at=None),))


@pytest.mark.parametrize(
    ("registered", "uses", "status"),
    [
        (CARRIED, READ, Status.PASS),
        (CARRIED, UNREAD, Status.PARTIAL),
        (CARRIED, NOTHING, Status.PARTIAL),
        (BARE, READ, Status.PARTIAL),
        (BARE, NOTHING, Status.PARTIAL),
        (NOWHERE, NOTHING, Status.FAIL),
        (EMPTY, EMPTY, Status.NOT_APPLICABLE),
        (BLIND, READ, Status.NOT_ASSESSED),
        (CARRIED, BLIND, Status.NOT_ASSESSED),
        (BLIND, BLIND, Status.NOT_ASSESSED),
    ],
)
def test_status(
    registered: Evidence[RegisteredResults], uses: Evidence[ResultsUse], status: Status
) -> None:
    assert cross_platform_integration(registered, uses).status is status


@pytest.mark.parametrize(
    ("registered", "uses", "words"),
    [
        (
            CARRIED,
            READ,
            (
                "is registered with the results of its run",
                "is watched by what is registered with it: job compare read it",
            ),
        ),
        (
            BARE,
            UNREAD,
            (
                "is registered without results",
                "is registered with results that nothing of the window is known to have read",
            ),
        ),
        (
            NOWHERE,
            NOTHING,
            ("is in no registry, nor are its results", "gives monitoring nothing to compare with"),
        ),
    ],
)
def test_words(
    registered: Evidence[RegisteredResults],
    uses: Evidence[ResultsUse],
    words: tuple[str, str],
) -> None:
    found = cross_platform_integration(registered, uses)
    assert found.summary == "; ".join(f"{WORDS} {each}" for each in words)
