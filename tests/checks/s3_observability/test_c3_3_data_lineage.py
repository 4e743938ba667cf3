from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.provenance import Provenance
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s3_observability.c3_3_data_lineage import data_lineage

DENIED = gap("sagemaker:DescribeTrainingJob")
TRACED = Provenance(
    arn="arn:model",
    words="model fraud on endpoint fraud",
    version="fraud/2",
    trained=True,
    jobs=("fraud-1",),
    whole=True,
    data=("s3://b/train",),
    at=RECENT,
)


def test_a_whole_chain_passes() -> None:
    found = data_lineage(Evidence((TRACED,)))
    assert found.status is Status.PASS
    assert found.summary == (
        "model fraud on endpoint fraud is traced over fraud/2 and training job fraud-1"
        " to s3://b/train"
    )


NO_JOB: dict[str, Any] = {"jobs": (), "data": (), "whole": False}


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ({"version": None}, "its training job and its data"),
        (NO_JOB, "its version"),
        ({"data": ()}, "its version and its training job"),
        # a second artefact that no job is known for
        ({"whole": False}, "its version and its data"),
        # a model AWS provides, or one that is its image
        ({**NO_JOB, "trained": False, "whole": True}, "its version"),
    ],
)
def test_a_broken_chain_is_partial(values: dict[str, Any], known: str) -> None:
    found = data_lineage(Evidence((replace(TRACED, **values),)))
    assert found.status is Status.PARTIAL
    assert found.summary == f"model fraud on endpoint fraud is traced no further than {known}"


def test_no_chain_fails() -> None:
    found = data_lineage(Evidence((replace(TRACED, version=None, **NO_JOB),)))
    assert found.status is Status.FAIL
    assert found.summary.endswith("has no record of where it comes from")


def test_unseen_is_neither_missing_nor_fine() -> None:
    assert data_lineage(Evidence((), (DENIED,))).status is Status.NOT_ASSESSED
    assert data_lineage(Evidence((TRACED,), (DENIED,))).status is Status.NOT_ASSESSED


def test_nothing_that_serves_has_no_lineage() -> None:
    assert data_lineage(Evidence()).status is Status.NOT_APPLICABLE
