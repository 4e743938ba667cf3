from typing import Any

import pytest

from mlaudit.capabilities.environment import Environment
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_4_environment_lineage import environment_lineage

DENIED = gap("ecr:DescribeImages")


def model(**values: Any) -> Environment:
    usual: dict[str, Any] = {
        "arn": "arn:model",
        "words": "model fraud on endpoint fraud",
        "images": ("fit:1", "serve:1"),
        "gone": (),
        "loose": (),
        "trained": True,
        "whole": True,
        "at": RECENT,
    }
    return Environment(**{**usual, **values})


KEPT = model()
PROVIDED = model(trained=False, whole=False)
LOOSE = model(loose=("fit:1",))
BY_HAND = model(whole=False)
GONE = model(gone=("fit:1",), loose=("fit:1",))
NOTHING = model(images=())


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((KEPT, PROVIDED)), Status.PASS),
        (Evidence((KEPT, LOOSE)), Status.PARTIAL),
        (Evidence((BY_HAND,)), Status.PARTIAL),
        (Evidence((KEPT, GONE)), Status.PARTIAL),
        (Evidence((GONE,)), Status.FAIL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence((KEPT,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence(), Status.NOT_APPLICABLE),
    ],
)
def test_status(evidence: Evidence[Environment], status: Status) -> None:
    assert environment_lineage(evidence).status is status


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (KEPT, "has its images on record: fit:1, serve:1"),
        (LOOSE, "has images known by a tag that can be moved: fit:1"),
        (BY_HAND, "has no record of what it was trained in"),
        (GONE, "has an image that is gone from its repository: fit:1"),
        (NOTHING, "has no image on record"),
    ],
)
def test_words(found: Environment, words: str) -> None:
    assert environment_lineage(Evidence((found,))).summary == (
        f"model fraud on endpoint fraud {words}"
    )
