import pytest

from mlaudit.capabilities.drill import Drill, Link
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_8_traceable_issues import traceable_issues

DENIED = gap("ecr:DescribeImages")


def drill(*missing: Link) -> Drill:
    found = tuple(each for each in Link if each not in missing)
    return Drill("arn:model", "model fraud on endpoint fraud", found, missing, RECENT)


COMPLETE = drill()
HALF = drill(Link.COMMIT, Link.RUN, Link.LOGS)
LESS = drill(Link.DATA, Link.COMMIT, Link.RUN, Link.LOGS)
UNSEEN = Drill("arn:model", "model fraud on endpoint fraud", tuple(Link)[:4], (Link.LOGS,), RECENT)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((COMPLETE, COMPLETE)), Status.PASS),
        (Evidence((COMPLETE, HALF)), Status.PARTIAL),
        (Evidence((COMPLETE, LESS)), Status.PARTIAL),
        (Evidence((HALF,)), Status.PARTIAL),
        (Evidence((UNSEEN,), (DENIED,)), Status.PARTIAL),
        (Evidence((LESS,)), Status.FAIL),
        (Evidence((COMPLETE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(evidence: Evidence[Drill], status: Status) -> None:
    assert traceable_issues(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            COMPLETE,
            (
                "is traced to its data version, image digest, commit, hyperparameters, "
                "pipeline run, training logs"
            ),
        ),
        (HALF, "is not traced to its commit, pipeline run, training logs"),
        (LESS, "is not traced to its data version, commit, pipeline run, training logs"),
    ],
)
def test_words(found: Drill, words: str) -> None:
    assert traceable_issues(Evidence((found,))).summary == f"model fraud on endpoint fraud {words}"
