import pytest

from mlaudit.capabilities.data import TrainingData
from mlaudit.capabilities.registry import ServedVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_4_versioned_training_data import versioned_training_data

DENIED = Gap("s3:GetBucketVersioning", "eu-west-1", "AccessDenied", GapReason.DENIED)
VERSION = ServedVersion("arn:model", "model fraud on endpoint fraud", (), None, (), ())
KEPT = TrainingData(VERSION, ("s3://lake/a",), ())
MUTABLE = TrainingData(VERSION, ("s3://lake/a", "s3://lake/b"), ("s3://lake/b",))


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((KEPT,)), Status.PASS),
        (Evidence((MUTABLE,)), Status.PARTIAL),
        (Evidence((KEPT, MUTABLE)), Status.PARTIAL),
        (Evidence((MUTABLE,), (DENIED,)), Status.PARTIAL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((KEPT,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[TrainingData], status: Status) -> None:
    assert versioned_training_data(evidence).status is status


def test_words() -> None:
    words = "model fraud on endpoint fraud was trained on data that"
    assert versioned_training_data(Evidence((KEPT,))).summary == (
        f"{words} keeps its past: s3://lake/a"
    )
    assert versioned_training_data(Evidence((MUTABLE,))).summary == (
        f"{words} can be overwritten: s3://lake/b"
    )
