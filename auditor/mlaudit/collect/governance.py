"""Collect who looks for personal data, and the lineage of columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc
from mlaudit.resources import Bucket, CatalogTable, DatasetLineage, PersonalDataScan

DESCRIBE_BUCKETS = Operation(
    "macie2", "DescribeBuckets", "buckets", "nextToken", "nextToken", ("maxResults", 50)
)
LIST_DOMAINS = Operation(
    "datazone", "ListDomains", "items", "nextToken", "nextToken", ("maxResults", 25)
)
LIST_EVENTS = Operation(
    "datazone", "ListLineageEvents", "items", "nextToken", "nextToken", ("maxResults", 50)
)
GET_EVENT = Operation("datazone", "GetLineageEvent")

_AT_A_TIME = 20
"""How many buckets one filter names."""


@collector(DESCRIBE_BUCKETS)
def personal_data_scans(reader: Reader, buckets: Sequence[Bucket]) -> Iterator[PersonalDataScan]:
    """What Macie does with each bucket of work; nothing where it is not switched on."""
    names = sorted(each.name for each in buckets)

    def fetch(some: Sequence[str]) -> list[Record]:
        return list(reader.items(DESCRIBE_BUCKETS, criteria={"bucketName": {"eq": some}}))

    parts = [names[at : at + _AT_A_TIME] for at in range(0, len(names), _AT_A_TIME)]
    for found in reader.each(parts, fetch):
        yield from (_scan(each, reader.region) for each in found)


def _scan(record: Record, region: str) -> PersonalDataScan:
    job = record.get("jobDetails") or {}
    moments = [record.get("lastAutomatedDiscoveryTime"), job.get("lastJobRunTime")]
    return PersonalDataScan(
        arn=f"{record['bucketArn']}#personal-data",
        region=region,
        bucket=record["bucketName"],
        watched=record.get("automatedDiscoveryMonitoringStatus") == "MONITORED"
        or job.get("isMonitoredByJob") == "TRUE",
        scanned_at=max((utc(each) for each in moments if each), default=None),
    )


@collector(LIST_DOMAINS, LIST_EVENTS, GET_EVENT)
def dataset_lineages(
    reader: Reader, buckets: Sequence[Bucket], tables: Sequence[CatalogTable]
) -> Iterator[DatasetLineage]:
    """The newest lineage event of the window for each data set in a bucket of work."""
    if not buckets:
        return
    used = {each.name for each in buckets}
    known = {f"{each.database}/{each.name}": each.arn for each in tables}

    def events_of(domain: Record) -> dict[str, Record]:
        listed = reader.items(
            LIST_EVENTS,
            domain["arn"],
            domainIdentifier=domain["id"],
            timestampAfter=reader.window.start,
            processingStatus="SUCCESS",
        )
        newest: dict[str, Record] = {}
        for each in sorted(listed, key=lambda each: (each["eventTime"], each["id"])):
            for place in _made(each, used, known):
                newest[place] = {**each, "arn": domain["arn"]}
        return newest

    def fetch(found: tuple[str, Record]) -> DatasetLineage:
        place, event = found
        arn = f"{event['arn']}#{event['id']}"
        reply = reader.one(
            GET_EVENT, arn, domainIdentifier=event["domainId"], identifier=event["id"]
        )
        content = json.loads(reply["event"])
        told = [each for each in content["outputs"] if _place(each, used, known) == place]
        return DatasetLineage(
            arn=f"{arn}#{place}",
            region=reader.region,
            place=place,
            columns=any(_tells_columns(each) for each in told),
            at=utc(event["eventTime"]),
        )

    domains = list(reader.items(LIST_DOMAINS, status="AVAILABLE"))
    for events in list(reader.each(domains, events_of)):
        yield from reader.each(sorted(events.items(), key=lambda each: each[0]), fetch)


def _made(event: Record, used: Iterable[str], known: Mapping[str, str]) -> Iterator[str]:
    summary = (event.get("eventSummary") or {}).get("openLineageRunEventSummary") or {}
    if summary.get("eventType") == "COMPLETE":
        for each in summary.get("outputs") or ():
            place = _place(each, used, known)
            if place:
                yield place


def _place(dataset: Record, used: Iterable[str], known: Mapping[str, str]) -> str | None:
    """A data set by OpenLineage's rules for names: of S3 or of the Glue catalogue."""
    namespace, name = dataset.get("namespace") or "", dataset.get("name") or ""
    scheme, _, bucket = namespace.partition("://")
    if scheme in {"s3", "s3a", "s3n"}:
        return f"s3://{bucket}/{name.lstrip('/')}" if bucket in used else None
    return known.get(name.removeprefix("table/")) if ":glue:" in namespace else None


def _tells_columns(output: Mapping[str, Any]) -> bool:
    facet = (output.get("facets") or {}).get("columnLineage") or {}
    return bool(facet.get("fields"))
