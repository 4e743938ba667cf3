"""Collect streams and the functions they feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import kept_tags, tags_by_arn, unqualified, utc_or_none
from mlaudit.resources import (
    Endpoint,
    EventSourceMapping,
    Function,
    KafkaCluster,
    KinesisStream,
    ResourceTags,
)

LIST_FUNCTIONS = Operation(
    "lambda", "ListFunctions", "Functions", "Marker", "NextMarker", ("MaxItems", 50)
)
LIST_MAPPINGS = Operation(
    "lambda", "ListEventSourceMappings", "EventSourceMappings", "Marker", "NextMarker",
    ("MaxItems", 100),
)  # fmt: skip
LIST_STREAMS = Operation("kinesis", "ListStreams", "StreamSummaries", page_size=("Limit", 100))
LIST_CLUSTERS = Operation(
    "kafka", "ListClustersV2", "ClusterInfoList", page_size=("MaxResults", 100)
)


@collector(LIST_FUNCTIONS)
def functions(
    reader: Reader, endpoints: Sequence[Endpoint], tags: Sequence[ResourceTags]
) -> Iterator[Function]:
    """Every Lambda function, with the endpoints its environment names."""
    tagged = tags_by_arn(tags)
    names = {each.arn: each.name for each in endpoints} | {
        each.name: each.name for each in endpoints
    }
    for record in reader.items(LIST_FUNCTIONS):
        arn = record["FunctionArn"]
        if (record.get("Environment") or {}).get("Error"):
            reader.not_read(LIST_FUNCTIONS, "EnvironmentNotReadable", arn)
        yield Function(
            arn=arn,
            region=reader.region,
            name=record["FunctionName"],
            tags=tagged.get(arn, {}),
            traced=(record.get("TracingConfig") or {}).get("Mode") == "Active",
            runtime=record.get("Runtime"),
            endpoint_names=_named_in(record, names),
        )


def _named_in(record: Record, names: Mapping[str, str]) -> tuple[str, ...]:
    """Endpoints whose name or ARN is a value of the environment; no other value is kept."""
    values = ((record.get("Environment") or {}).get("Variables") or {}).values()
    return tuple(sorted({names[value] for value in values if value in names}))


@collector(LIST_MAPPINGS)
def event_source_mappings(reader: Reader) -> Iterator[EventSourceMapping]:
    """What feeds Lambda functions."""
    for record in reader.items(LIST_MAPPINGS):
        function = record["FunctionArn"]
        yield EventSourceMapping(
            arn=record.get("EventSourceMappingArn") or f"{function}#{record['UUID']}",
            region=reader.region,
            function_arn=unqualified(function),
            source_arn=record.get("EventSourceArn"),
            enabled=record["State"] in {"Enabled", "Enabling", "Updating", "Creating"},
            keeps_failures=bool(_on_failure(record).get("Destination")),
            splits_batches=bool(record.get("BisectBatchOnFunctionError"))
            or "ReportBatchItemFailures" in (record.get("FunctionResponseTypes") or ()),
            modified_at=utc_or_none(record.get("LastModified")),
        )


def _on_failure(mapping: Record) -> Record:
    found: Record = (mapping.get("DestinationConfig") or {}).get("OnFailure") or {}
    return found


@collector(LIST_STREAMS)
def kinesis_streams(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[KinesisStream]:
    """Every Kinesis data stream."""
    tagged = tags_by_arn(tags)
    for record in reader.items(LIST_STREAMS):
        yield KinesisStream(
            arn=record["StreamARN"],
            region=reader.region,
            name=record["StreamName"],
            tags=tagged.get(record["StreamARN"], {}),
            status=record["StreamStatus"],
        )


@collector(LIST_CLUSTERS)
def kafka_clusters(reader: Reader) -> Iterator[KafkaCluster]:
    """Every managed Kafka cluster."""
    for record in reader.items(LIST_CLUSTERS):
        yield KafkaCluster(
            arn=record["ClusterArn"],
            region=reader.region,
            name=record["ClusterName"],
            tags=kept_tags(record.get("Tags")),
            state=record["State"],
        )
