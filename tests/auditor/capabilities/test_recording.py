"""Variants that are to record requests, and when a record would have to be there."""

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.recording import recording_variants
from mlaudit.resources import CapturedRecords, DataCapture, Traffic
from mlaudit.sight import View
from mlaudit.testing import NOW, OLD, RECENT, build, gap, serving, view_of

HALF: dict[str, Any] = {"enabled": True, "sampling_percent": 50}
ALL = {**HALF, "sampling_percent": 100}
UNCHANGED: dict[str, Any] = {"modified_at": OLD}
DOUBT = ["whether endpoint/fraud got requests of which records are missing"]


def recording(
    capture: dict[str, Any],
    endpoint: dict[str, Any],
    counted: dict[str, Any] | None,
    looked: dict[str, Any] | None,
    **variant: Any,
) -> View:
    config = {"data_capture": build(DataCapture, **capture)}
    some = serving("fraud", config=config, endpoint=endpoint, **variant)
    arn = f"{some[0].arn}#main"
    facts: list[Any] = []
    if counted is not None:
        facts.append(build(Traffic, **{"arn": arn, "requests": 40.0, "last_at": RECENT, **counted}))
    if looked is not None:
        facts.append(build(CapturedRecords, arn=f"{arn}#captured", since=OLD, **looked))
    return view_of(*some, others=facts)


@pytest.mark.parametrize(
    ("capture", "endpoint", "counted", "told"),
    [
        (HALF, UNCHANGED, {}, True),
        (HALF, UNCHANGED, {"requests": 39.0}, False),
        (HALF, {"modified_at": RECENT}, {"requests": 4000.0}, False),
        (ALL, {"modified_at": RECENT}, {"requests": 1.0}, True),
        (ALL, {"modified_at": RECENT + timedelta(hours=1)}, {"requests": 4000.0}, False),
        (ALL, UNCHANGED, {"last_at": NOW - timedelta(hours=1)}, False),
    ],
)
def test_a_missing_record_is_told_where_one_would_have_to_be_there(
    capture: dict[str, Any],
    endpoint: dict[str, Any],
    counted: dict[str, Any],
    told: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    found = recording_variants(recording(capture, endpoint, counted, {}))
    assert [each.written_at for each in found.items] == [None] * told
    assert [each.words for each in found.gaps] == DOUBT * (not told)


def test_a_record_is_told_however_few_requests_came() -> None:
    looked = {"written_at": RECENT}
    found = recording_variants(recording(HALF, {}, {"requests": 1.0}, looked))
    assert [(each.percent, each.requests, each.written_at) for each in found.items] == [
        (50, 1.0, RECENT)
    ]
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("capture", "counted", "variant", "doubts"),
    [
        ({**HALF, "enabled": False}, {}, {}, []),
        (HALF, {"requests": 0.0, "last_at": None}, {}, []),
        (HALF, {"requests": 0.0, "last_at": None}, {"model_name": None}, DOUBT),
    ],
)
def test_what_nobody_asked_is_left_out(
    capture: dict[str, Any], counted: dict[str, Any], variant: dict[str, Any], doubts: list[str]
) -> None:
    found = recording_variants(recording(capture, {}, counted, None, **variant))
    assert (found.items, [each.words for each in found.gaps]) == ((), doubts)


@pytest.mark.parametrize(
    "operation",
    ["s3:ListObjectsV2", "cloudwatch:GetMetricData", "sagemaker:DescribeEndpointConfig"],
)
def test_what_hides_records_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert recording_variants(view_of(gaps=[missing])).gaps == (missing,)
