"""Tables and queues of the serving stacks, encrypted with the key of the system."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.language import NOTHING, Properties, att, resource
from mlaudit_reference.templates.serving import alarms


def table(manifest: Manifest, *, expires: str | None = None) -> Properties:
    """A table with the key ``id``, paid by request, that can be brought back to any moment.

    Args:
        manifest: The manifest.
        expires: The attribute that says when an item may go.
    """
    own = manifest.encryption == "kms"
    return resource(
        "AWS::DynamoDB::Table",
        {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {
                "SSEEnabled": True,
                "SSEType": "KMS",
                "KMSMasterKeyId": shared.key(manifest),
            }
            if own
            else NOTHING,
            "TimeToLiveSpecification": {"AttributeName": expires, "Enabled": True}
            if expires
            else NOTHING,
        },
        keep=manifest.data.retain,
    )


def queue(manifest: Manifest, *, visible_after: int | None = None) -> Properties:
    """A queue for what failed, kept for a fortnight.

    Args:
        manifest: The manifest.
        visible_after: Seconds after which what was received and not deleted comes again.
    """
    own = manifest.encryption == "kms"
    return resource(
        "AWS::SQS::Queue",
        {
            "KmsMasterKeyId": shared.key(manifest),
            "SqsManagedSseEnabled": NOTHING if own else True,
            "MessageRetentionPeriod": events.TWO_WEEKS,
            "VisibilityTimeout": visible_after or NOTHING,
        },
    )


def waiting(manifest: Manifest, queue: str, about: str) -> Properties:
    """An alarm on anything that waits in a queue of failures."""
    watch = alarms.Watch(
        about,
        "ApproximateNumberOfMessagesVisible",
        0,
        "Maximum",
        namespace="AWS/SQS",
        seconds=5 * alarms.MINUTE,
        periods=1,
    )
    return alarms.alarm(manifest, watch, {"QueueName": att(queue, "QueueName")})
