"""Stack ``serving-streaming``: the records of a stream are scored as they come (guide item 4.6).

Stream → function (``container/streaming``) → endpoint → output stream. The stack can be deployed
only with the decision of the open gate: nobody can step in between a stream and a model, so the
rest of the checklist comes first. What fails is kept: records that cannot be scored in ``Rejects``
with their payload, deliveries that Lambda gave up in ``Undelivered`` with their position.

From Kafka (Amazon MSK) the function is given provisioned pollers: only with these does Lambda take
partial answers, split batches and limit tries ("Error handling controls for Kafka event sources").
"""

from __future__ import annotations

from collections.abc import Sequence

from mlaudit_reference import bundle, names
from mlaudit_reference.manifest import Manifest, Mode, Reach, Source
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Content,
    Properties,
    Stack,
    att,
    ref,
    resource,
    role,
)
from mlaudit_reference.templates.serving import alarms, endpoints, stores
from mlaudit_reference.templates.serving.consuming import permissions

GATE_OUTCOME = "GateOutcome"
GATE_DECISION = "GateDecision"

TIMEOUT_SECONDS = 120
"""How long one call of the function may take: all tries of one request fit in."""

MEMORY_MB = 512
TRIES = 100
"""Deliveries of one record: they outlast an outage of the endpoint of some hours."""

KEPT_HOURS = 48
"""How long the streams keep a record; the ledger of the function keeps ids for longer."""

GIVEN_UP_HOURS = 24
"""The age from which a record goes to the queue of failures."""

LAG_BATCHES = 100
"""How many batches a consumer of Kafka may be behind."""


def _content(manifest: Manifest) -> Content:
    resources = {
        **_function(manifest),
        "Ledger": stores.table(manifest, expires="expires_at"),
        "Rejects": stores.queue(manifest),
        "Undelivered": stores.queue(manifest),
        "Output": _stream(manifest, names.output_stream(manifest)),
        **_alarms(manifest),
        "Mapping": _mapping(manifest),
    }
    outputs = {"OutputStreamArn": att("Output"), "RejectsQueueArn": att("Rejects")}
    if manifest.streaming.source is Source.KINESIS:
        resources["Input"] = _stream(manifest, names.input_stream(manifest))
        outputs["InputStreamArn"] = att("Input")
    return Content(resources, outputs, _GATE)


STACK = Stack(
    name="serving-streaming",
    about="A function that scores the records of a stream, deployed through an open gate alone.",
    wanted=lambda manifest: Mode.STREAMING in manifest.targets,
    content=_content,
    gate="streaming",
)

_GATE: dict[str, Properties] = {
    GATE_OUTCOME: {
        "Type": "String",
        "AllowedValues": ["open"],
        "Description": "What the gate decided.",
    },
    GATE_DECISION: {
        "Type": "String",
        "AllowedPattern": "^[0-9a-f]{64}$",
        "Description": "The SHA-256 of the file that holds the decision.",
    },
}


def _stream(manifest: Manifest, name: str) -> Properties:
    own = manifest.encryption == "kms"
    return resource(
        "AWS::Kinesis::Stream",
        {
            "Name": name,
            "ShardCount": manifest.streaming.shards,
            "RetentionPeriodHours": KEPT_HOURS,
            "StreamEncryption": {
                "EncryptionType": "KMS",
                "KeyId": shared.key(manifest) if own else "alias/aws/kinesis",
            },
        },
        keep=manifest.data.retain,
    )


def _function(manifest: Manifest) -> dict[str, Properties]:
    name = names.stream_consumer(manifest)
    made = resource(
        "AWS::Lambda::Function",
        {
            "FunctionName": name,
            "Description": f"Scores the records of a stream for {manifest.name}",
            "Runtime": "python3.13",
            "Architectures": ["arm64"],
            "Handler": "mlaudit_reference.container.streaming.consumer.handle",
            "Code": {
                "S3Bucket": shared.artifact_bucket(manifest),
                "S3Key": bundle.functions_key(),
            },
            "Role": att("ConsumerRole"),
            "MemorySize": MEMORY_MB,
            "Timeout": TIMEOUT_SECONDS,
            "KmsKeyArn": shared.key(manifest),
            "TracingConfig": {"Mode": "Active" if manifest.monitoring.tracing else "PassThrough"},
            "LoggingConfig": {"LogGroup": ref("ConsumerLogs")},
            "VpcConfig": _network(manifest),
            "Environment": {"Variables": _settings(manifest)},
        },
    )
    decided = {"Outcome": ref(GATE_OUTCOME), "Decision": ref(GATE_DECISION)}
    return {
        "ConsumerLogs": endpoints.log_group(manifest, f"/aws/lambda/{name}"),
        "ConsumerRole": role(
            "lambda.amazonaws.com", permissions(manifest), about="Scores the records of a stream"
        ),
        "Consumer": {**made, "Metadata": {"mlaudit:gate": decided}},
    }


def _settings(manifest: Manifest) -> Properties:
    """The environment, as ``container.streaming.consumer`` names it."""
    return {
        "ENDPOINT_NAME": names.endpoint(manifest, manifest.streaming.endpoint),
        "OUTPUT_STREAM": ref("Output"),
        "LEDGER_TABLE": ref("Ledger"),
        "FAILURE_QUEUE_URL": ref("Rejects"),
        "RECORD_ID_FIELD": manifest.data.record_id,
        "REQUIRED_FIELDS": ",".join((*manifest.features.numeric, *manifest.features.categorical)),
        "BATCH_RECORDS": str(manifest.streaming.batch_size),
    }


def _network(manifest: Manifest) -> Properties:
    if manifest.network.reach is Reach.NONE:
        return NOTHING
    return {
        "SubnetIds": shared.subnets(manifest),
        "SecurityGroupIds": shared.security_groups(manifest),
    }


def _mapping(manifest: Manifest) -> Properties:
    settings = manifest.streaming
    return resource(
        "AWS::Lambda::EventSourceMapping",
        {
            "FunctionName": ref("Consumer"),
            "BatchSize": settings.batch_size,
            "MaximumBatchingWindowInSeconds": 1,
            # What was in the stream before the function is scored as well.
            "StartingPosition": "TRIM_HORIZON",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": TRIES,
            "MaximumRecordAgeInSeconds": GIVEN_UP_HOURS * alarms.HOUR,
            "DestinationConfig": {"OnFailure": {"Destination": att("Undelivered")}},
            **_source(manifest),
        },
        # Lambda looks whether the role may read the source when the mapping is made.
        depends=["ConsumerRole"],
    )


def _source(manifest: Manifest) -> Properties:
    settings = manifest.streaming
    if settings.source is Source.KINESIS:
        return {"EventSourceArn": att("Input")}
    return {
        "EventSourceArn": settings.cluster_arn,
        "Topics": [settings.topic],
        "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": names.stream_consumer(manifest)},
        "ProvisionedPollerConfig": {"MinimumPollers": 1, "MaximumPollers": settings.shards},
    }


def _alarms(manifest: Manifest) -> dict[str, Properties]:
    function = {"FunctionName": ref("Consumer")}
    made = {
        **alarms.alarms(manifest, "Consumer", _watches(manifest), function),
        "RejectsWait": stores.waiting(manifest, "Rejects", "Records could not be scored."),
        "UndeliveredWait": stores.waiting(
            manifest, "Undelivered", "Lambda gave up deliveries; the source forgets them."
        ),
    }
    if manifest.streaming.source is Source.KINESIS:
        made |= _throughput(manifest, "Input", ("Read", "Write"))
    return made | _throughput(manifest, "Output", ("Write",))


def _watches(manifest: Manifest) -> dict[str, alarms.Watch]:
    return {
        "Lag": _lag(manifest),
        "Errors": _of_function("The function ends in an error.", "Errors", 0),
        "Throttles": _of_function("The function is not started often enough.", "Throttles", 0),
        "Duration": _of_function(
            "The function takes four fifths of its time.",
            "Duration",
            TIMEOUT_SECONDS * 800,
            "Maximum",
        ),
    }


def _of_function(about: str, metric: str, threshold: float, statistic: str = "Sum") -> alarms.Watch:
    return alarms.Watch(about, metric, threshold, statistic, namespace="AWS/Lambda", periods=3)


def _lag(manifest: Manifest) -> alarms.Watch:
    """How far the consumer is behind: in time for Kinesis, in records for Kafka."""
    settings = manifest.streaming
    if settings.source is Source.KINESIS:
        about = f"The consumer is more than {settings.max_age_seconds} s behind."
        return _of_function(about, "IteratorAge", 1000 * settings.max_age_seconds, "Maximum")
    records = LAG_BATCHES * settings.batch_size
    about = f"The consumer is more than {records} records behind."
    return _of_function(about, "OffsetLag", records, "Maximum")


def _throughput(manifest: Manifest, stream: str, ways: Sequence[str]) -> dict[str, Properties]:
    watches = {
        f"{way}s": alarms.Watch(
            f"The stream has too few shards for what is to be {done}.",
            f"{way}ProvisionedThroughputExceeded",
            0,
            namespace="AWS/Kinesis",
            periods=5,
        )
        for way, done in (("Read", "read"), ("Write", "written"))
        if way in ways
    }
    return alarms.alarms(manifest, stream, watches, {"StreamName": ref(stream)})
