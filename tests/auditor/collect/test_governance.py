"""Who looks for personal data, and the lineage of columns."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import governance
from mlaudit.collect.collector import Collector
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Bucket, CatalogTable
from mlaudit.testing import build

MAY = datetime(2026, 5, 20, tzinfo=UTC)
LAKE = build(Bucket, "lake")
TABLE = build(CatalogTable, "t", arn="arn:table", database="db", name="t")
GONE = Gap("", "", "AccessDeniedException", GapReason.GONE)


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, (False, None)),
        ({"automatedDiscoveryMonitoringStatus": "NOT_MONITORED"}, (False, None)),
        (
            {
                "automatedDiscoveryMonitoringStatus": "MONITORED",
                "lastAutomatedDiscoveryTime": MAY,
                "jobDetails": {"lastJobRunTime": MAY.replace(day=1)},
            },
            (True, MAY),
        ),
        (
            {"jobDetails": {"isMonitoredByJob": "TRUE", "lastJobRunTime": MAY}},
            (True, MAY),
        ),
        ({"jobDetails": {"isMonitoredByJob": "FALSE", "lastJobRunTime": MAY}}, (False, MAY)),
    ],
)
def test_a_bucket_is_looked_into_or_not(
    record: dict[str, Any], expected: tuple[bool, Any], reader_of: Any, answers: Any
) -> None:
    named = {"bucketArn": LAKE.arn, "bucketName": "lake", **record}
    api = answers(DescribeBuckets={"buckets": [named]})
    (found,) = _run(governance.personal_data_scans, reader_of(api), [LAKE])
    assert (found.watched, found.scanned_at) == expected
    assert (found.arn, found.bucket) == (f"{LAKE.arn}#personal-data", "lake")
    assert dict(api.asked)["DescribeBuckets"]["criteria"] == {"bucketName": {"eq": ["lake"]}}


def test_where_macie_is_off_there_is_nothing(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(DescribeBuckets=GONE))
    assert _run(governance.personal_data_scans, reader, [LAKE]) == []
    assert reader.ledger.gaps == []


def dataset(namespace: str, name: str) -> dict[str, Any]:
    return {"namespace": namespace, "name": name}


IN_LAKE = dataset("s3://lake", "made")
IN_GLUE = dataset("arn:aws:glue:eu-west-1:1", "table/db/t")


def event(id_: str, *outputs: dict[str, Any], day: int = 20, kind: str = "COMPLETE") -> Any:
    summary = {"eventType": kind, "outputs": list(outputs)}
    return {
        "id": id_,
        "domainId": "d",
        "eventTime": MAY.replace(day=day),
        "eventSummary": {"openLineageRunEventSummary": summary},
    }


def answered(answers: Any, events: list[Any], fields: Any = None) -> Any:
    facets = {"facets": {"columnLineage": {"fields": fields}}} if fields else {}
    outputs = [{**each, **facets} for each in (IN_LAKE, IN_GLUE)]
    return answers(
        ListDomains={"items": [{"id": "d", "arn": "arn:domain"}]},
        ListLineageEvents={"items": events},
        GetLineageEvent={"event": json.dumps({"outputs": outputs}).encode()},
    )


@pytest.mark.parametrize(("fields", "columns"), [({"a": {"inputFields": []}}, True), (None, False)])
def test_an_event_tells_columns_or_not(
    fields: Any, columns: Any, reader_of: Any, answers: Any
) -> None:
    api = answered(answers, [event("1", IN_LAKE)], fields)
    (found,) = _run(governance.dataset_lineages, reader_of(api), [LAKE], [TABLE])
    assert (found.place, found.columns, found.at) == ("s3://lake/made", columns, MAY)
    asked = dict(api.asked)
    assert asked["ListDomains"]["status"] == "AVAILABLE"
    assert asked["ListLineageEvents"]["processingStatus"] == "SUCCESS"
    assert asked["ListLineageEvents"]["timestampAfter"] == datetime(2026, 5, 2, tzinfo=UTC)


def test_the_newest_event_of_each_data_set_of_work_is_read(reader_of: Any, answers: Any) -> None:
    events = [
        event("new", IN_LAKE, day=21),
        event("old", IN_LAKE, day=19),
        event("table", IN_GLUE),
        event("begun", IN_LAKE, day=22, kind="START"),
        event("other", dataset("s3://other", "made"), dataset("kafka://broker", "topic")),
        event("unknown", dataset("arn:aws:glue:eu-west-1:1", "table/db/u")),
    ]
    api = answered(answers, events)
    found = _run(governance.dataset_lineages, reader_of(api), [LAKE], [TABLE])
    assert [each.place for each in found] == ["arn:table", "s3://lake/made"]
    read = [asked["identifier"] for name, asked in api.asked if name == "GetLineageEvent"]
    assert sorted(read) == ["new", "table"]


def test_an_event_that_is_not_understood_is_a_gap(reader_of: Any, answers: Any) -> None:
    api = answered(answers, [event("1", IN_LAKE)])
    api.replies["GetLineageEvent"] = {"event": b"no json"}
    reader = reader_of(api)
    assert _run(governance.dataset_lineages, reader, [LAKE], []) == []
    assert [each.operation for each in reader.ledger.gaps] == ["datazone:GetLineageEvent"]


def test_without_buckets_nothing_is_asked(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert _run(governance.personal_data_scans, reader_of(api), []) == []
    assert _run(governance.dataset_lineages, reader_of(api), [], []) == []
    assert api.asked == []
