import pytest

from mlaudit.capabilities.inspection import HostWatch, InspectedJob
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s2_experimentation.c2_5_run_debugging import run_debugging

TOOLED = InspectedJob("arn:1", "training job fit on 2 x ml.g5.xlarge", ("TensorBoard",), RECENT)
BARE = InspectedJob("arn:2", "training job fit-2 on 1 x ml.p3.2xlarge", (), RECENT)
SHOWN = Evidence((HostWatch("arn:d", "dashboard training shows"),))

BLIND: Evidence[None] = Evidence((), (gap("cloudwatch:ListDashboards"),))
EMPTY: Evidence[None] = Evidence()


@pytest.mark.parametrize(
    ("jobs", "watches", "status"),
    [
        (Evidence((TOOLED,)), SHOWN, Status.PASS),
        (Evidence((TOOLED, BARE)), SHOWN, Status.PARTIAL),
        (Evidence((BARE,)), SHOWN, Status.PARTIAL),
        (Evidence((BARE,)), EMPTY, Status.FAIL),
        (EMPTY, EMPTY, Status.NOT_APPLICABLE),
        (Evidence((TOOLED,)), BLIND, Status.NOT_ASSESSED),
        (BLIND, SHOWN, Status.NOT_ASSESSED),
        (BLIND, BLIND, Status.NOT_ASSESSED),
    ],
)
def test_status(jobs: Evidence[InspectedJob], watches: Evidence[HostWatch], status: Status) -> None:
    assert run_debugging(jobs, watches).status is status


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (TOOLED, "training job fit on 2 x ml.g5.xlarge is inspected by TensorBoard"),
        (BARE, "training job fit-2 on 1 x ml.p3.2xlarge has nothing that inspects it"),
    ],
)
def test_words(job: InspectedJob, words: str) -> None:
    found = run_debugging(Evidence((job,)), SHOWN)
    assert [each.fact for each in found.observations] == [
        words,
        "dashboard training shows how busy the hosts of training jobs are",
    ]


def test_words_where_no_job_is_large() -> None:
    assert run_debugging(EMPTY, EMPTY).summary == (
        "no training job took long or had accelerators, but for those that tuning tried"
    )
