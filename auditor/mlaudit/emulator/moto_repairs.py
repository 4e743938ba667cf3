"""Put right what moto stores wrongly after it has answered a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.request import Request
from moto.firehose.models import firehose_backends
from moto.glue.models import glue_backends
from moto.kafka.models import kafka_backends
from moto.kinesis.models import kinesis_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends

from mlaudit.emulator import clock, wire
from mlaudit.emulator.wire import Target

Repair = Callable[[str, str, Mapping[str, Any]], None]

# Tags that begin with "aws:", for operations to which moto lets nobody give them, not even AWS.
MARKS_HEADER = "x-mlaudit-marks"
MARKS = "aws:marks"

ASKED_AT = "mlaudit_asked_at"
"""Since when the address of a subscription has been asked to confirm."""


def repair(request: Request, target: Target, account: str) -> None:
    """Put right what the request left wrong, if it did."""
    name = target.operation.name if target.operation else ""
    put_right = _REPAIRS.get((target.service, name))
    if put_right is not None:
        marks = json.loads(request.headers.get(MARKS_HEADER, "{}"))
        params = {**wire.params_of(request, target), MARKS: marks}
        put_right(account, target.region, params)


def _stream(account: str, region: str, params: Mapping[str, Any]) -> None:
    """Keep the tags a stream was created with."""
    stream = kinesis_backends[account][region].streams[params["StreamName"]]
    stream.tags.update(params.get("Tags", {}))


def _bucket(account: str, _: str, params: Mapping[str, Any]) -> None:
    """Let a bucket be created at our time."""
    bucket = s3_backends[account]["aws"].buckets[params["Bucket"]]
    bucket.creation_date = clock.now()


def _bucket_marks(account: str, _: str, params: Mapping[str, Any]) -> None:
    """Let a bucket carry the tags that AWS gives it."""
    backend = s3_backends[account]["aws"]
    _mark(backend.tagger, backend.buckets[params["Bucket"]].arn, params[MARKS])


def _delivery_marks(account: str, region: str, params: Mapping[str, Any]) -> None:
    """Let a delivery stream carry the tags that AWS gives it."""
    backend = firehose_backends[account][region]
    stream = backend.delivery_streams[params["DeliveryStreamName"]]
    _mark(backend.tagger, stream.delivery_stream_arn, params[MARKS])


def _crawler_gone(account: str, region: str, params: Mapping[str, Any]) -> None:
    """Let the tags of a crawler go with it."""
    arn = f"arn:aws:glue:{region}:{account}:crawler/{params['Name']}"
    glue_backends[account][region].tagger.delete_all_tags_for_resource(arn)


def _subscription(account: str, region: str, params: Mapping[str, Any]) -> None:
    """Remember since when an address has been asked to confirm."""
    wanted = (params["TopicArn"], params["Protocol"], params.get("Endpoint"))
    for each in sns_backends[account][region].subscriptions.values():
        if (each.topic.arn, each.protocol, each.endpoint) == wanted:
            vars(each).setdefault(ASKED_AT, clock.now())


def _mark(tagger: Any, arn: str, marks: Mapping[str, str]) -> None:
    tagger.tag_resource(arn, [{"Key": key, "Value": value} for key, value in marks.items()])


def _cluster(account: str, region: str, _: Mapping[str, Any]) -> None:
    """Let a Kafka cluster be created at our time."""
    newest = list(kafka_backends[account][region].clusters.values())[-1]
    newest.creation_time = clock.now().isoformat()


_REPAIRS: Mapping[tuple[str | None, str], Repair] = {
    ("firehose", "CreateDeliveryStream"): _delivery_marks,
    ("firehose", "TagDeliveryStream"): _delivery_marks,
    ("glue", "DeleteCrawler"): _crawler_gone,
    ("kafka", "CreateCluster"): _cluster,
    ("kafka", "CreateClusterV2"): _cluster,
    ("kinesis", "CreateStream"): _stream,
    ("s3", "CreateBucket"): _bucket,
    ("s3", "PutBucketTagging"): _bucket_marks,
    ("sns", "Subscribe"): _subscription,
}
