import pytest

from mlaudit.capabilities.data import DataStore
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_1_data_repository import data_repository

DENIED = Gap("s3:GetBucketVersioning", "eu-west-1", "AccessDenied", GapReason.DENIED)
A, B, C = "s3://lake/a", "s3://lake/b", "s3://lake/c"


def store(unkept: tuple[str, ...] = (), unrecorded: tuple[str, ...] = ()) -> DataStore:
    return DataStore("arn:aws:s3:::lake", "lake", 3, unkept, unrecorded)


GOOD = store()
UNRECORDED = store(unrecorded=(A,))
SOME_LOST = store(unkept=(A,))
LOST = store(unkept=(A, B, C))


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((GOOD,)), Status.PASS),
        (Evidence((UNRECORDED,)), Status.PARTIAL),
        (Evidence((SOME_LOST,)), Status.PARTIAL),
        (Evidence((GOOD, LOST)), Status.PARTIAL),
        (Evidence((UNRECORDED,), (DENIED,)), Status.PARTIAL),
        (Evidence((LOST,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((GOOD,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[DataStore], status: Status) -> None:
    assert data_repository(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (GOOD, "bucket lake keeps the past and the origin of all 3 places in use"),
        (UNRECORDED, f"bucket lake keeps its past, the origin of {A} is not on record"),
        (SOME_LOST, f"bucket lake keeps the past of some places, not of {A}"),
        (LOST, f"bucket lake keeps no past of {A}, {B} and 1 more"),
    ],
)
def test_words(seen: DataStore, words: str) -> None:
    assert data_repository(Evidence((seen,))).summary == words
