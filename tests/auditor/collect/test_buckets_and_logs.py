"""Buckets, log groups and log streams."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import events, logs
from mlaudit.collect.collector import Collector
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    BatchQueue,
    Bucket,
    FeatureGroup,
    LogGroup,
    StateMachine,
)

REGION = "eu-west-1"
HERE = "eu-west-1:111122223333"
THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)

QUEUES = [
    BatchQueue(f"arn:aws:batch:{HERE}:job-queue/{name}", REGION, name, {}, "ENABLED")
    for name in ("one", "two")
]


DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
GONE = Gap("", "", "NoSuchBucket", GapReason.GONE)


def _subjects(reader: Any) -> list[tuple[str, str | None]]:
    return [(gap.operation.partition(":")[2], gap.subject) for gap in reader.ledger.gaps]


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


def _group(uri: str | None, partition: str = "aws") -> FeatureGroup:
    arn = f"arn:{partition}:sagemaker:{HERE}:feature-group/a"
    return FeatureGroup(
        arn,
        REGION,
        "a",
        {},
        "Created",
        described=False,
        online=True,
        offline_uri=uri,
        created_at=THEN,
    )


def _buckets(reader: Any, *groups: FeatureGroup) -> list[Bucket]:
    return list(_run(events.buckets, reader, [], [], [], groups))


@pytest.mark.parametrize(
    ("notification", "sends"),
    [
        ({}, False),
        ({"EventBridgeConfiguration": {}}, True),
        ({"QueueConfigurations": [{}]}, True),
        ({"LambdaFunctionConfigurations": [{}]}, True),
        ({"TopicConfigurations": []}, False),
        ({"ResponseMetadata": {}}, False),
    ],
    ids=str,
)
def test_a_bucket_sends_events_when_somebody_gets_them(
    notification: dict[str, Any],
    sends: bool,  # noqa: FBT001 - a table
    reader_of: Any,
    answers: Any,
) -> None:
    api = answers(GetBucketNotificationConfiguration=notification)
    (bucket,) = _buckets(reader_of(api), _group("s3://a/b"))
    assert bucket.sends_events is sends


def test_buckets_are_named_once_and_in_their_partition(reader_of: Any, answers: Any) -> None:
    uris = ("s3://a/b", "s3://a/c", "s3://", None, "https://a/b")
    found = _buckets(reader_of(answers()), *(_group(uri, "aws-cn") for uri in uris))
    assert [each.arn for each in found] == ["arn:aws-cn:s3:::a"]


@pytest.mark.parametrize("gap", [DENIED, GONE], ids=lambda each: each.code)
def test_a_bucket_that_is_not_seen_costs_itself_only(
    gap: Gap, reader_of: Any, answers: Any
) -> None:
    def versioning(params: Mapping[str, Any]) -> Any:
        return gap if params["Bucket"] == "a" else {"Status": "Enabled"}

    reader = reader_of(answers(GetBucketVersioning=versioning))
    found = _buckets(reader, _group("s3://a/b"), _group("s3://b/b"))
    assert [(each.name, each.versioned) for each in found] == [("b", True)]
    assert _subjects(reader) == [("GetBucketVersioning", "arn:aws:s3:::a")]


# Logs ---------------------------------------------------------------------------------------------


def _stream(name: str, moment: datetime | None) -> dict[str, Any]:
    stamp = {"lastEventTimestamp": int(moment.timestamp() * 1000)} if moment else {}
    return {"logStreamName": name, **stamp}


@pytest.mark.parametrize(
    ("group", "names"),
    [("/aws/sagemaker/TrainingJobs", ["new", "newer"]), ("/aws/lambda/score", ["new"])],
)
def test_streams_that_were_written_in_the_window(
    group: str, names: list[str], reader_of: Any, answers: Any
) -> None:
    streams_ = [
        _stream("silent", None),
        _stream("new", THEN),
        _stream("silent too", None),
        _stream("newer", THEN),
        _stream("old", datetime(2026, 1, 1, tzinfo=UTC)),
        _stream("beyond", THEN),
    ]
    reader = reader_of(answers(DescribeLogStreams={"logStreams": streams_}))
    found = _run(logs.log_streams, reader, [LogGroup(f"arn:{group}", REGION, group, {}, None)])
    assert [each.name for each in found] == names


def test_only_groups_of_machine_learning_are_asked_for(account: Any, reader_of: Any) -> None:
    machine = StateMachine(
        "arn:m", REGION, "m", {}, express=False, steps=(), log_level="ALL",
        log_group_arns=(f"arn:aws:logs:{HERE}:log-group:/states/m:*",), tracing=False,
        created_at=THEN,
    )  # fmt: skip
    tagged = replace(
        machine, tags={"workload": "fraud"}, log_group_arns=("a:log-group:/states/t:*",)
    )
    list(_run(logs.log_groups, reader_of(account), [], [], [machine, tagged], QUEUES))
    assert {params["logGroupNamePrefix"] for _, _, params in account.calls} == {
        "/aws/sagemaker/",
        "/aws/batch/job",
        "/states/t",
    }
