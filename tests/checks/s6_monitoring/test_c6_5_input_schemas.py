from dataclasses import replace

import pytest

from mlaudit.capabilities.captures import CapturedSchema
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.s6_monitoring.c6_5_input_schemas import input_schemas

WORDS = "model fraud on endpoint fraud"
DENIED = gap("sagemaker:ListProcessingJobs")
USED = CapturedSchema("arn:model", WORDS, ("s3://b/schema.json",), "job compare", None, RECENT)
STORED = replace(USED, used_by=None, at=None)
WATCHED = replace(STORED, stored=(), watched_by="function watch")
NOTHING = replace(WATCHED, watched_by=None)


@pytest.mark.parametrize(
    ("models", "status"),
    [
        (Evidence((USED,)), Status.PASS),
        (Evidence((USED, STORED)), Status.PARTIAL),
        (Evidence((WATCHED,)), Status.PARTIAL),
        (Evidence((USED, NOTHING)), Status.PARTIAL),
        (Evidence((NOTHING,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((USED,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(models: Evidence[CapturedSchema], status: Status) -> None:
    assert input_schemas(models).status is status


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (USED, "has the schema of its data on record, and job compare read it"),
        (STORED, "has the schema of its data on record, and nothing of the window read it"),
        (WATCHED, "has no schema on record with its version, though function watch watches data"),
        (NOTHING, "has no schema of its data on record"),
    ],
)
def test_words(model: CapturedSchema, words: str) -> None:
    assert input_schemas(Evidence((model,))).summary == f"{WORDS} {words}"
