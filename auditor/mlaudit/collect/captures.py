"""Collect whether what endpoints are to record of requests arrives: by names of objects only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader
from mlaudit.collect.values import utc
from mlaudit.resources import CapturedRecords, DataCapture, Endpoint, EndpointConfig, Traffic

LIST_OBJECTS = Operation("s3", "ListObjectsV2", iam="s3:ListBucket")

_ALL = 100
_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the records of one variant are to be, and from when on."""

    traffic: Traffic
    bucket: str
    prefix: str
    since: datetime


@collector(LIST_OBJECTS)
def captured_records(
    reader: Reader,
    endpoints: Sequence[Endpoint],
    configs: Sequence[EndpointConfig],
    traffic: Sequence[Traffic],
) -> Iterator[CapturedRecords]:
    """Whether a record arrived of each variant that answered requests and is to record them."""
    captures = {each.name: each.data_capture for each in configs}
    serving = {each.arn: each for each in endpoints if each.serving}
    places = [
        place
        for each in traffic
        if each.last_at and (endpoint := serving.get(each.endpoint_arn))
        if (place := _place(reader, endpoint, captures.get(endpoint.config_name or ""), each))
    ]

    def look(place: _Place) -> CapturedRecords:
        found = reader.one(
            LIST_OBJECTS,
            place.traffic.endpoint_arn,
            Bucket=place.bucket,
            Prefix=place.prefix,
            StartAfter=f"{place.prefix}{place.since:%Y/%m/%d/%H}",
            MaxKeys=1,
        )
        written = [utc(each["LastModified"]) for each in found.get("Contents") or ()]
        return CapturedRecords(
            arn=f"{place.traffic.arn}#captured",
            region=reader.region,
            since=place.since,
            written_at=written[0] if written else None,
        )

    yield from reader.referenced(places, look)


def _place(
    reader: Reader, endpoint: Endpoint, capture: DataCapture | None, traffic: Traffic
) -> _Place | None:
    """Records lie by endpoint, variant and hour; of all requests, there must be some lately."""
    uri = (capture and capture.enabled and capture.destination) or ""
    if not capture or not uri.startswith("s3://"):
        return None
    bucket, _, path = uri.removeprefix("s3://").partition("/")
    folders = (*path.split("/"), endpoint.name, traffic.variant_name)
    since = max(reader.window.start, endpoint.modified_at)
    if capture.sampling_percent == _ALL and traffic.last_at:
        since = max(since, traffic.last_at - _LATELY)
    return _Place(traffic, bucket, "".join(f"{each}/" for each in folders if each), since)
