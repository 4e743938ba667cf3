"""What sets things off: rules on events, schedules, and the queue of what could not be set off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Properties,
    Value,
    allow,
    arn,
    att,
    policy,
    ref,
    resource,
    sub,
)

QUEUE = "DeadLetters"
RETRIES = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
TWO_WEEKS = 1_209_600
"""Seconds: the longest that SQS keeps a message."""


def dead_letters(manifest: Manifest) -> dict[str, Properties]:
    """The queue of events that started nothing, and an alarm as soon as there is one."""
    encrypted: Properties = (
        {"KmsMasterKeyId": shared.key(manifest)}
        if manifest.encryption == "kms"
        else {"SqsManagedSseEnabled": True}
    )
    alarm: Properties = {
        "AlarmDescription": "An event or a schedule could not start what it should start.",
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": att(QUEUE, "QueueName")}],
        "Statistic": "Maximum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [shared.alerts(manifest)],
    }
    return {
        QUEUE: resource("AWS::SQS::Queue", {**encrypted, "MessageRetentionPeriod": TWO_WEEKS}),
        f"{QUEUE}Policy": resource(
            "AWS::SQS::QueuePolicy",
            {"Queues": [ref(QUEUE)], "PolicyDocument": policy([_from_rules(), _over_tls()])},
        ),
        f"{QUEUE}Alarm": resource("AWS::CloudWatch::Alarm", alarm),
    }


def to_dead_letters(manifest: Manifest) -> list[Properties]:
    """Permission for a schedule to put what it could not start into the queue."""
    return [allow(("sqs:SendMessage",), [att(QUEUE)]), *shared.use_key(manifest)]


def rule(about: str, pattern: Mapping[str, Any], target: Properties) -> Properties:
    """A rule that hands matching events to one target.

    Args:
        about: What it is for.
        pattern: The pattern of the events.
        target: The target with its ``Id``.
    """
    properties: Properties = {
        "Description": about,
        "EventPattern": dict(pattern),
        "State": "ENABLED",
        "Targets": [target],
    }
    return resource("AWS::Events::Rule", properties)


def to_machine(logical: str, role: str, said: Mapping[str, str]) -> Properties:
    """A target that starts a state machine of the stack, and tells it of the event.

    Args:
        logical: The machine.
        role: The role that may start it.
        said: What the machine is told: texts, or paths into the event such as ``$.time``.
    """
    paths = {key: path for key, path in said.items() if path.startswith("$.")}
    # A path stands for a JSON value, quotes included; a text brings its own.
    told = ", ".join(
        f'"{key}": {f"<{key}>" if key in paths else json.dumps(text)}' for key, text in said.items()
    )
    return {
        "Id": logical,
        "Arn": att(logical),
        "RoleArn": att(role),
        "InputTransformer": {"InputPathsMap": paths, "InputTemplate": f"{{{told}}}"},
        "RetryPolicy": RETRIES,
        "DeadLetterConfig": {"Arn": att(QUEUE)},
    }


def to_people(manifest: Manifest, text: str, **paths: str) -> Properties:
    """A target that tells people; ``<name>`` in the text stands for the value of that path."""
    return {
        "Id": "people",
        "Arn": shared.alerts(manifest),
        "InputTransformer": {"InputPathsMap": paths, "InputTemplate": json.dumps(text)},
        "RetryPolicy": RETRIES,
        "DeadLetterConfig": {"Arn": att(QUEUE)},
    }


def schedule(
    manifest: Manifest, about: str, expression: Value, target: Properties, *, once: bool = False
) -> Properties:
    """A schedule with one target.

    Args:
        manifest: The system it belongs to.
        about: What it is for.
        expression: When, in UTC.
        target: The target, with its role.
        once: Whether it fires once and is gone; it needs nothing else of the system then.
    """
    properties: Properties = {
        "Description": about,
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "State": "ENABLED",
        "KmsKeyArn": NOTHING if once else shared.key(manifest),
        "Target": {
            **target,
            "RetryPolicy": RETRIES,
            **({} if once else {"DeadLetterConfig": {"Arn": att(QUEUE)}}),
        },
    }
    return resource("AWS::Scheduler::Schedule", properties)


def _from_rules() -> Properties:
    return {
        "Sid": "FilledByRules",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": att(QUEUE),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
            "ArnLike": {"aws:SourceArn": arn("events", "rule/${AWS::StackName}-*")},
        },
    }


def _over_tls() -> Properties:
    return {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": att(QUEUE),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def rule_arn(name: str) -> Properties:
    """The ARN of a rule by its name."""
    return sub(f"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{name}")
