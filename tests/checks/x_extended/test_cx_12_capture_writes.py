from datetime import datetime
from typing import Any

import pytest

from mlaudit.capabilities.recording import RecordingVariant
from mlaudit.capabilities.serving import Placement
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.resources import Endpoint, EndpointConfig, Variant
from mlaudit.testing import OLD, RECENT, build, gap
from mlaudit_checks.x_extended.cx_12_capture_writes import capture_writes

DENIED = (gap("s3:ListObjectsV2"),)


def recording(written_at: datetime | None) -> RecordingVariant:
    placement = Placement(
        build(Endpoint, "fraud"), build(EndpointConfig, "fraud"), build(Variant, "main")
    )
    return RecordingVariant(placement, 812.0, 50, OLD, written_at)


WRITES, SILENT = recording(RECENT), recording(None)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((WRITES,), (), Status.PASS),
        ((WRITES, SILENT), (), Status.FAIL),
        ((SILENT,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((WRITES,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[RecordingVariant, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert capture_writes(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (WRITES, "records arrived, as on 2026-03-13"),
        (
            SILENT,
            "50 % of requests are to be recorded, 812 came, and no record since 2025-12-04",
        ),
    ],
)
def test_words(given: RecordingVariant, words: str) -> None:
    found = capture_writes(Evidence((given,)))
    assert found.summary == f"endpoint fraud, variant main: {words}"
