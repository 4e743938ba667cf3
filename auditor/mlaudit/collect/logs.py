"""Collect log groups of machine-learning work and whether they received events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.pipelines import concerns_ml
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import (
    BatchQueue,
    EventSourceMapping,
    Function,
    LogAnomalyDetector,
    LogGroup,
    LogStream,
    StateMachine,
)

LIST_GROUPS = Operation(
    "logs", "DescribeLogGroups", "logGroups", "nextToken", "nextToken", ("limit", 50)
)
LIST_STREAMS = Operation(
    "logs", "DescribeLogStreams", "logStreams", "nextToken", "nextToken", ("limit", 50)
)

LIST_DETECTORS = Operation(
    "logs", "ListLogAnomalyDetectors", "anomalyDetectors", "nextToken", "nextToken", ("limit", 50)
)

SHARED = (
    "/aws/sagemaker/TrainingJobs",
    "/aws/sagemaker/ProcessingJobs",
    "/aws/sagemaker/TransformJobs",
    "/aws/batch/job",
)
"""Groups in which every job of the account writes its own streams."""


@collector(LIST_GROUPS)
def log_groups(
    reader: Reader,
    functions: Sequence[Function],
    mappings: Sequence[EventSourceMapping],
    machines: Sequence[StateMachine],
    queues: Sequence[BatchQueue],
) -> Iterator[LogGroup]:
    """SageMaker's log groups, and those of the functions, state machines and queues at hand.

    An account may hold hundreds of thousands of groups, so only these are asked for.
    """
    fed = {each.function_arn for each in mappings}
    exact = {
        f"/aws/lambda/{each.name}"
        for each in functions
        if each.endpoint_names or each.tags or each.arn in fed
    }
    exact |= {
        group_name(arn)
        for machine in machines
        if concerns_ml(machine)
        for arn in machine.log_group_arns
    }
    exact |= {"/aws/batch/job"} if queues else set()
    for record in reader.items(LIST_GROUPS, logGroupNamePrefix="/aws/sagemaker/"):
        yield _group(record, reader.region)

    def fetch(name: str) -> list[LogGroup]:
        found = reader.items(LIST_GROUPS, logGroupNamePrefix=name)
        return [_group(each, reader.region) for each in found if each["logGroupName"] == name]

    for groups in reader.each(sorted(exact), fetch):
        yield from groups


def _group(record: Record, region: str) -> LogGroup:
    return LogGroup(
        arn=record["arn"].removesuffix(":*"),
        region=region,
        name=record["logGroupName"],
        tags={},
        retention_days=record.get("retentionInDays"),
    )


def group_name(arn: str) -> str:
    """The name in a log group's ARN."""
    return arn.removesuffix(":*").partition(":log-group:")[2]


@collector(LIST_STREAMS)
def log_streams(reader: Reader, groups: Sequence[LogGroup]) -> Iterator[LogStream]:
    """Streams with events in the window: all of a shared group, the newest of any other."""

    def fetch(group: LogGroup) -> list[LogStream]:
        listed = reader.items(
            LIST_STREAMS, group.arn, logGroupName=group.name, orderBy="LastEventTime",
            descending=True,
        )  # fmt: skip
        written = (each for each in listed if each.get("lastEventTimestamp"))
        wanted = written if group.name in SHARED else islice(written, 1)
        return list(_recent(reader, group, wanted))

    for streams in reader.each(groups, fetch):
        yield from streams


def _recent(reader: Reader, group: LogGroup, listed: Iterable[Record]) -> Iterator[LogStream]:
    for record in listed:
        last = datetime.fromtimestamp(record["lastEventTimestamp"] / 1000, UTC)
        if not reader.window.covers(last):
            return
        yield LogStream(
            arn=record.get("arn") or f"{group.arn}:log-stream:{record['logStreamName']}",
            region=reader.region,
            group_name=group.name,
            name=record["logStreamName"],
            last_event_at=last,
        )


@collector(LIST_DETECTORS)
def log_anomaly_detectors(reader: Reader) -> Iterator[LogAnomalyDetector]:
    """Every anomaly detector of log groups."""
    for record in reader.items(LIST_DETECTORS):
        yield LogAnomalyDetector(
            arn=record["anomalyDetectorArn"],
            region=reader.region,
            name=record.get("detectorName") or record["anomalyDetectorArn"].rpartition(":")[2],
            group_names=tuple(group_name(arn) for arn in record.get("logGroupArnList") or ()),
            status=record["anomalyDetectorStatus"],
        )
