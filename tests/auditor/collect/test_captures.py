"""Whether records of requests arrive: what is asked for, and since when."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import captures
from mlaudit.resources import CapturedRecords, DataCapture, Endpoint, EndpointConfig, Traffic
from mlaudit.testing import build

THEN = datetime(2026, 5, 25, 9, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CAPTURE: dict[str, Any] = {
    "enabled": True,
    "sampling_percent": 50,
    "destination": "s3://records/some/where/",
}


def asked(reader: Any, changed_at: datetime = LONG_AGO, **values: Any) -> list[Any]:
    endpoint = build(Endpoint, "fraud", config_name="fraud", modified_at=changed_at)
    capture = build(DataCapture, **{**CAPTURE, **values})
    config = build(EndpointConfig, "fraud", data_capture=capture)
    counted = build(
        Traffic,
        "fraud#main",
        arn=f"{endpoint.arn}#main",
        endpoint_arn=endpoint.arn,
        variant_name="main",
        last_at=THEN,
    )
    return list(captures.captured_records.run(reader, [endpoint], [config], [counted]))


@pytest.mark.parametrize(
    ("values", "prefix", "since"),
    [
        ({}, "some/where/fraud/main/", datetime(2026, 5, 2, tzinfo=UTC)),
        ({"destination": "s3://records"}, "fraud/main/", datetime(2026, 5, 2, tzinfo=UTC)),
        ({"changed_at": THEN}, "some/where/fraud/main/", THEN),
        (
            {"sampling_percent": 100},
            "some/where/fraud/main/",
            datetime(2026, 5, 18, 9, tzinfo=UTC),
        ),
    ],
)
def test_records_are_looked_for_by_hour(
    values: dict[str, Any], prefix: str, since: datetime, reader_of: Any, answers: Any
) -> None:
    written = datetime.fromisoformat("2026-05-25T12:00:00+02:00")
    api = answers(ListObjectsV2={"Contents": [{"Key": "k", "LastModified": written}]})
    (found,) = asked(reader_of(api), **values)
    assert (found.since, found.written_at) == (since, written.astimezone(UTC))
    assert api.asked == [
        (
            "ListObjectsV2",
            {
                "Bucket": "records",
                "Prefix": prefix,
                "StartAfter": f"{prefix}{since:%Y/%m/%d/%H}",
                "MaxKeys": 1,
            },
        )
    ]


def test_no_record_is_told(reader_of: Any, answers: Any) -> None:
    (found,) = asked(reader_of(answers()))
    assert found.written_at is None


@pytest.mark.parametrize("values", [{"enabled": False}, {"destination": None}])
def test_what_records_nothing_is_not_asked(
    values: dict[str, Any], reader_of: Any, answers: Any
) -> None:
    api = answers()
    assert asked(reader_of(api), **values) == []
    assert api.asked == []


def test_the_recorded_account_has_records_of_one_variant(snapshot: Any) -> None:
    kept = snapshot.of(CapturedRecords, "eu-west-1")
    found = {each.arn.split("#")[1]: each.written_at for each in kept}
    assert found == {"main": datetime(2026, 5, 25, 1, tzinfo=UTC)}
