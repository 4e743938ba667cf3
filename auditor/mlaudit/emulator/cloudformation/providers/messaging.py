"""Topics and queues, streams, rules, schedules and pipes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import tags_of
from mlaudit.emulator.cloudformation.rows import Facet, Reading, Row, Tagging

_TOPIC_ATTRIBUTES = (
    "ArchivePolicy",
    "ContentBasedDeduplication",
    "DisplayName",
    "FifoThroughputScope",
    "FifoTopic",
    "KmsMasterKeyId",
    "SignatureVersion",
    "TracingConfig",
)
_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
)
_QUEUE_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


def _gathered(names: tuple[str, ...]) -> Any:
    """Return a function that puts properties into the attributes an operation takes."""

    def gather(_: Account, properties: Record) -> Record:
        attributes = {name: properties[name] for name in names if name in properties}
        others = {name: value for name, value in properties.items() if name not in names}
        return {**others, "Attributes": attributes} if attributes else others

    return gather


def _one(name: str, operation: str) -> Facet:
    """Return the facet of an attribute that changes have an operation for."""
    return Facet(
        (name,),
        operation,
        operation,
        lambda item, _: {"AttributeName": name, "AttributeValue": item},
        taken=lambda *_: {"AttributeName": name, "AttributeValue": ""},
        later=True,
        keep=True,
    )


def _changed_queue(_: Account, properties: Record) -> Record:
    """Return the attributes of a queue; those that are left out get their defaults."""
    defaults: Record = {
        "DelaySeconds": 0,
        "KmsMasterKeyId": "",
        "MaximumMessageSize": 262144,
        "MessageRetentionPeriod": 345600,
        "ReceiveMessageWaitTimeSeconds": 0,
        "RedrivePolicy": "",
        "VisibilityTimeout": 30,
    }
    stated = {name: properties[name] for name in _QUEUE_ATTRIBUTES if name in properties}
    return {"Attributes": {**defaults, **{k: v for k, v in stated.items() if k != "FifoQueue"}}}


def _topic_policy(item: Any, known: Record) -> Record:
    return {
        "TopicArn": item,
        "AttributeName": "Policy",
        "AttributeValue": known["PolicyDocument"],
    }


def _first_policy(item: Any, known: Record) -> Record:
    """Return the policy that a topic has when nobody gave it one."""
    owner = {"StringEquals": {"AWS:SourceOwner": known["AWS::AccountId"]}}
    actions = ("GetTopicAttributes", "SetTopicAttributes", "Subscribe", "Publish", "DeleteTopic")
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": item,
        "Condition": owner,
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    return {"TopicArn": item, "AttributeName": "Policy", "AttributeValue": policy}


def _fifo(flag: str) -> Any:
    """Return what becomes of the name of a topic or queue that keeps the order."""

    def named(name: str, properties: Record) -> str:
        return f"{name}.fifo" if str(properties.get(flag)).lower() == "true" else name

    return named


def _stream(_: Account, properties: Record) -> Record:
    mode = (properties.get("StreamModeDetails") or {}).get("StreamMode", "PROVISIONED")
    return properties if mode == "ON_DEMAND" else {"ShardCount": 1, **properties}


def _subscribed(_: Account, properties: Record) -> Record:
    shaped: Record = _gathered(_SUBSCRIPTION_ATTRIBUTES)(_, properties)
    return {**shaped, "ReturnSubscriptionArn": True}


def _delivery(_: Account, properties: Record) -> Record:
    tags = tags_of(properties.get("Tags"))
    return (
        {**properties, "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}
        if tags
        else properties
    )


ROWS: Mapping[str, Row] = {
    "AWS::Events::EventBus": Row(
        service="events",
        update="",
        keys=("Name",),
        attributes={"Arn": "EventBusArn || Arn"},
        tagging=Tagging("TagResource", "UntagResource", {"ResourceARN": "Arn"}),
    ),
    "AWS::Events::Rule": Row(
        service="events",
        overwrites=True,
        create="PutRule",
        update="PutRule",
        reading=Reading("DescribeRule"),
        keys=("EventBusName",),
        ref=("Name",),
        attributes={"Arn": "RuleArn", "Rule": "Name", "RuleName": "Name"},
        facets=(
            Facet(
                ("Targets",),
                "PutTargets",
                "RemoveTargets",
                lambda item, _: {"Targets": [item]},
                each=True,
                taken=lambda item, _: {"Ids": [item["Id"]]},
            ),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"ResourceARN": "RuleArn"}),
        whole=True,
    ),
    "AWS::Kinesis::Stream": Row(
        service="kinesis",
        update="",
        names={"Name": "StreamName"},
        reshape=_stream,
        keys=("StreamName",),
        reading=Reading(
            "DescribeStreamSummary", {"StreamName": "StreamName"}, "StreamDescriptionSummary"
        ),
        ref=("StreamName",),
        attributes={"Arn": "StreamARN"},
        facets=(
            Facet(
                ("RetentionPeriodHours",),
                "IncreaseStreamRetentionPeriod",
                given=lambda item, known: {
                    "StreamName": known["StreamName"],
                    "RetentionPeriodHours": item,
                },
                keep=True,
            ),
            Facet(
                ("StreamEncryption",),
                "StartStreamEncryption",
                "StopStreamEncryption",
                lambda item, known: {"StreamName": known["StreamName"], **item},
                keep=True,
            ),
            Facet(
                ("ShardCount",),
                "UpdateShardCount",
                given=lambda item, known: {
                    "StreamName": known["StreamName"],
                    "TargetShardCount": item,
                    "ScalingType": "UNIFORM_SCALING",
                },
                later=True,
                keep=True,
            ),
            Facet(
                ("StreamModeDetails",),
                "UpdateStreamMode",
                given=lambda item, known: {
                    "StreamARN": known["StreamARN"],
                    "StreamModeDetails": item,
                },
                later=True,
                keep=True,
            ),
        ),
        tagging=Tagging("AddTagsToStream", "RemoveTagsFromStream", {"StreamName": "StreamName"}),
    ),
    "AWS::KinesisFirehose::DeliveryStream": Row(
        service="firehose",
        update="",
        reshape=_delivery,
        reading=Reading(
            "DescribeDeliveryStream",
            {"DeliveryStreamName": "DeliveryStreamName"},
            "DeliveryStreamDescription",
        ),
        attributes={"Arn": "DeliveryStreamARN"},
        tagging=Tagging(
            "TagDeliveryStream",
            "UntagDeliveryStream",
            {"DeliveryStreamName": "DeliveryStreamName"},
        ),
    ),
    "AWS::Pipes::Pipe": Row(
        service="pipes",
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "Arn"}),
    ),
    "AWS::SNS::Subscription": Row(
        service="sns",
        create="Subscribe",
        update="",
        delete="Unsubscribe",
        reshape=_subscribed,
        reading=Reading("GetSubscriptionAttributes"),
        ref=("SubscriptionArn",),
        attributes={"Arn": "SubscriptionArn"},
        ignored=("Region",),
        facets=tuple(_one(name, "SetSubscriptionAttributes") for name in _SUBSCRIPTION_ATTRIBUTES),
    ),
    "AWS::SNS::Topic": Row(
        service="sns",
        update="",
        names={"TopicName": "Name"},
        named=_fifo("FifoTopic"),
        reshape=_gathered(_TOPIC_ATTRIBUTES),
        reading=Reading("GetTopicAttributes"),
        attributes={"TopicName": "Name"},
        facets=(
            *(
                _one(name, "SetTopicAttributes")
                for name in _TOPIC_ATTRIBUTES
                if name != "FifoTopic"
            ),
            Facet(("Subscription",), "Subscribe", given=lambda item, _: item, each=True, keep=True),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"ResourceArn": "TopicArn"}),
    ),
    "AWS::SNS::TopicPolicy": Row(
        service="sns",
        create="",
        update="",
        delete="",
        facets=(
            Facet(
                ("Topics", "PolicyDocument"),
                "SetTopicAttributes",
                "SetTopicAttributes",
                _topic_policy,
                each=True,
                taken=_first_policy,
            ),
        ),
    ),
    "AWS::SQS::Queue": Row(
        service="sqs",
        update="SetQueueAttributes",
        named=_fifo("FifoQueue"),
        reshape=_gathered(_QUEUE_ATTRIBUTES),
        change=_changed_queue,
        reading=Reading(
            "GetQueueAttributes",
            {"QueueUrl": "QueueUrl", "AttributeNames": "['All']"},
            "Attributes",
        ),
        attributes={"Arn": "QueueArn"},
        tagging=Tagging("TagQueue", "UntagQueue", {"QueueUrl": "QueueUrl"}),
        whole=True,
    ),
    "AWS::SQS::QueuePolicy": Row(
        service="sqs",
        create="",
        update="",
        delete="",
        facets=(
            Facet(
                ("Queues", "PolicyDocument"),
                "SetQueueAttributes",
                "SetQueueAttributes",
                lambda item, known: {
                    "QueueUrl": item,
                    "Attributes": {"Policy": known["PolicyDocument"]},
                },
                each=True,
                taken=lambda item, _: {"QueueUrl": item, "Attributes": {"Policy": ""}},
            ),
        ),
    ),
    "AWS::Scheduler::Schedule": Row(
        service="scheduler",
        keys=("GroupName",),
        attributes={"Arn": "ScheduleArn || Arn"},
        whole=True,
    ),
    "AWS::Scheduler::ScheduleGroup": Row(
        service="scheduler",
        attributes={"Arn": "ScheduleGroupArn || Arn"},
        tagging=Tagging("TagResource", "UntagResource", {"ResourceArn": "Arn"}),
    ),
}
