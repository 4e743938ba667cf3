import pytest

from mlaudit.capabilities.drill import Drill, Link
from mlaudit.capabilities.retention import KeptData
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s9_governance.c9_3_reproducible_models import reproducible_models

DENIED = gap("s3:GetBucketLifecycleConfiguration")
WORDS = "model fraud on endpoint fraud"


def drill(*missing: Link) -> Drill:
    found = tuple(each for each in Link if each not in missing)
    return Drill("arn:model", WORDS, found, missing, RECENT)


def data(*short: str) -> KeptData:
    return KeptData("arn:model", WORDS, ("s3://lake/train",), short, 30, RECENT)


COMPLETE, HALF, LESS = drill(), drill(Link.COMMIT), drill(*tuple(Link)[1:])
KEPT, SHORT = data(), data("s3://lake/train")


@pytest.mark.parametrize(
    ("models", "kept", "status"),
    [
        (Evidence((COMPLETE,)), Evidence((KEPT,)), Status.PASS),
        (Evidence((COMPLETE,)), Evidence((SHORT,)), Status.PARTIAL),
        (Evidence((COMPLETE, COMPLETE)), Evidence((KEPT, SHORT)), Status.PARTIAL),
        (Evidence((HALF,)), Evidence((KEPT,)), Status.PARTIAL),
        (Evidence((LESS,)), Evidence((KEPT,)), Status.PARTIAL),
        (Evidence((LESS,)), Evidence((SHORT,)), Status.FAIL),
        # what no job trained leads nowhere, and has no data to keep
        (Evidence((LESS,)), Evidence(), Status.FAIL),
        (Evidence((COMPLETE,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((KEPT,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(models: Evidence[Drill], kept: Evidence[KeptData], status: Status) -> None:
    assert reproducible_models(models, kept).status is status


def test_words() -> None:
    found = reproducible_models(Evidence((HALF,)), Evidence((SHORT,)))
    assert found.summary == (
        f"{WORDS} is not traced to its commit; "
        f"{WORDS} was trained 30 days ago, and its data may be deleted: s3://lake/train"
    )
    found = reproducible_models(Evidence((COMPLETE,)), Evidence((KEPT,)))
    assert found.summary == (
        f"{WORDS} has all on record that made it; "
        f"{WORDS} was trained 30 days ago, and nothing has deleted its data since"
    )
