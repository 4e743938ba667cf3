"""Stack ``serving-async``: requests of any size wait in a queue, for instances that come with them.

A caller puts a request into S3 and is told where the answer will be (InvokeEndpointAsync). The
fleet shrinks to nothing when none waits and wakes by the first that does (guide item 4.10).
An update starts with as many instances as a canary needs, however many there were: two; or one
where there may be no more, of which no share can be a canary, so that all traffic moves at once.
What it cannot have: data capture, which is for variants that answer at once; requests and answers
are in S3 as they are.
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    allow,
    att,
    policy,
    ref,
    resource,
    sub,
)
from mlaudit_reference.templates.serving import alarms, endpoints, models, scaling

STARTED = 2
"""Instances of a new fleet, so that one of them can be a canary; scaling takes them away again."""

HALF = 50
"""The share of two instances that one is, in percent."""

AT_ONCE = 4
"""Requests that one instance works on at the same time."""


def _content(manifest: Manifest) -> Content:
    config = {
        "ProductionVariants": [
            {
                **endpoints.variant(names.PRIMARY, "PrimaryModel"),
                **endpoints.on_instances(manifest.asynchronous.instance_type, _started(manifest)),
            }
        ],
        "AsyncInferenceConfig": {
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": AT_ONCE},
            "OutputConfig": _output(manifest),
        },
    }
    guards = [f"{names.PRIMARY}{watch}" for watch in alarms.ROLLBACK]
    resources = {
        **_role(manifest),
        "PrimaryModel": models.model(manifest, [models.container()]),
        **endpoints.endpoint(manifest, Mode.ASYNC, config, _deployment(manifest, guards)),
        **_topics(manifest),
        **_alarms(manifest),
        **_scaled(manifest),
    }
    return Content(
        resources,
        {"AsyncSuccessTopicArn": ref("SuccessTopic"), "AsyncErrorTopicArn": ref("ErrorTopic")},
        {models.PACKAGE: models.package_parameter("The version that answers")},
    )


STACK = Stack(
    name="serving-async",
    about="An endpoint that answers what waits in a queue, and sleeps when nothing does.",
    wanted=lambda manifest: Mode.ASYNC in manifest.targets,
    content=_content,
)


def _started(manifest: Manifest) -> int:
    return min(STARTED, manifest.asynchronous.maximum)


def _deployment(manifest: Manifest, guards: list[str]) -> Properties:
    if _started(manifest) < STARTED:
        return endpoints.all_at_once(guards)
    return endpoints.canary(HALF, guards)


def _output(manifest: Manifest) -> Properties:
    bucket = {"Bucket": shared.data_bucket(manifest)}
    return {
        "S3OutputPath": sub(f"s3://${{Bucket}}/{names.SCORED}async/answers/", bucket),
        "S3FailurePath": sub(f"s3://${{Bucket}}/{names.SCORED}async/failures/", bucket),
        "KmsKeyId": shared.key(manifest),
        "NotificationConfig": {
            "SuccessTopic": ref("SuccessTopic"),
            "ErrorTopic": ref("ErrorTopic"),
        },
    }


def _role(manifest: Manifest) -> dict[str, Properties]:
    bucket = shared.data_bucket(manifest)
    return models.model_role(
        manifest,
        names.endpoint_log_group(manifest, Mode.ASYNC),
        (
            *shared.read_objects(bucket, f"{names.TO_SCORE}async/"),
            *shared.write_objects(bucket, f"{names.SCORED}async/"),
            allow(("sns:Publish",), [ref("SuccessTopic"), ref("ErrorTopic")]),
        ),
    )


def _topics(manifest: Manifest) -> dict[str, Properties]:
    """Topics for callers; what fails also waits in a queue until somebody has looked at it."""
    own = manifest.encryption == "kms"
    topic = {"KmsMasterKeyId": shared.key(manifest) if own else "alias/aws/sns"}
    delivered = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": att("Failures"),
        "Condition": {"ArnEquals": {"aws:SourceArn": ref("ErrorTopic")}},
    }
    return {
        "SuccessTopic": resource("AWS::SNS::Topic", topic),
        "ErrorTopic": resource("AWS::SNS::Topic", topic),
        # The key of SQS itself: SNS may not use the key of the system.
        "Failures": resource(
            "AWS::SQS::Queue",
            {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": events.TWO_WEEKS},
        ),
        "FailuresPolicy": resource(
            "AWS::SQS::QueuePolicy",
            {"Queues": [ref("Failures")], "PolicyDocument": policy([delivered])},
        ),
        "FailuresSubscription": resource(
            "AWS::SNS::Subscription",
            {"TopicArn": ref("ErrorTopic"), "Protocol": "sqs", "Endpoint": att("Failures")},
            depends=["FailuresPolicy"],
        ),
    }


def _endpoint(manifest: Manifest) -> alarms.Dimensions:
    return {"EndpointName": names.endpoint(manifest, Mode.ASYNC)}


def _alarms(manifest: Manifest) -> dict[str, Properties]:
    settings = manifest.asynchronous
    queue = {
        "Age": alarms.Watch(
            f"A request has waited longer than {settings.max_age_seconds} s.",
            "ApproximateAgeOfOldestRequest",
            settings.max_age_seconds,
            "Maximum",
        ),
        "Backlog": alarms.Watch(
            "More requests wait than the largest fleet is meant to work on in an hour.",
            "ApproximateBacklogSize",
            settings.backlog * settings.maximum * 60,
        ),
        "Failures": alarms.Watch(
            "Requests fail; they wait in the queue of failures.",
            "InvocationFailures",
            0,
            "Sum",
            periods=1,
        ),
    }
    variant = {**_endpoint(manifest), "VariantName": names.PRIMARY}
    busy = {**alarms.answers(settings.latency_ms), **alarms.hosts(settings.instance_type)}
    return {
        **alarms.alarms(manifest, names.PRIMARY, busy, variant),
        **alarms.alarms(manifest, "Queue", queue, _endpoint(manifest)),
    }


def _scaled(manifest: Manifest) -> dict[str, Properties]:
    """From nothing by the first request that finds no instance, then by how many wait."""
    settings = manifest.asynchronous
    scaled = scaling.Scaled(
        names.PRIMARY,
        scaling.variant(names.endpoint(manifest, Mode.ASYNC), names.PRIMARY),
        scaling.INSTANCES,
        0,
        settings.maximum,
        [endpoints.ENDPOINT],
    )
    waiting = {
        "CustomizedMetricSpecification": {
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Namespace": alarms.INVOCATIONS,
            "Dimensions": [
                {"Name": name, "Value": value} for name, value in _endpoint(manifest).items()
            ],
            "Statistic": "Average",
        }
    }
    wakes = alarms.Watch(
        "A request waits, and there is no instance.",
        "HasBacklogWithoutCapacity",
        0,
        periods=2,
    )
    return {
        **scaling.target(scaled),
        **scaling.tracking(scaled, "ByBacklog", waiting, settings.backlog),
        **scaling.step(scaled, "FromNothing", cooldown=scaling.IN_SECONDS),
        "PrimaryWakes": alarms.alarm(
            manifest, wakes, _endpoint(manifest), [ref("PrimaryFromNothing")]
        ),
    }
