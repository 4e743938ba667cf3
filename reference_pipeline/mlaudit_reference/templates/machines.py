"""State machines, each with its role and its log: what runs several steps without a server.

Their definitions are in the Amazon States Language with JSONata. ``${…}`` in a definition stands
for a value of the template.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    Properties,
    Value,
    allow,
    arn,
    att,
    resource,
    role,
    sub,
)

State = dict[str, Any]
States = dict[str, State]

LOGS = "/aws/vendedlogs/states/"
"""Log groups of this prefix need no policy of their own for what AWS delivers to them."""


@dataclass(frozen=True)
class Machine:
    """A state machine.

    Attributes:
        logical: Its logical id; those of its role and its log begin with it.
        name: Its name when it is deployed.
        about: What it is for.
        start: The state it begins with.
        states: Its states.
        may: All that it may do, besides writing its log and its traces.
        values: What ``${…}`` in its states stands for, where that is no resource of the stack.
    """

    logical: str
    name: str
    about: str
    start: str
    states: States
    may: Sequence[Properties]
    values: Mapping[str, Value] = field(default_factory=dict)


def machine(manifest: Manifest, made: Machine, *, keyed: bool = True) -> dict[str, Properties]:
    """A state machine with its role and its log.

    Args:
        manifest: The system it belongs to.
        made: The machine.
        keyed: Whether it is encrypted with the key of the system; one that outlives the key is not.
    """
    definition = {
        "Comment": made.about,
        "QueryLanguage": "JSONata",
        "StartAt": made.start,
        "States": made.states,
    }
    uses_key = keyed and manifest.encryption == "kms"
    properties: Properties = {
        "StateMachineName": made.name,
        "StateMachineType": "STANDARD",
        "RoleArn": att(f"{made.logical}Role"),
        "DefinitionString": sub(json.dumps(definition), made.values),
        "LoggingConfiguration": {
            "Level": "ALL",
            "IncludeExecutionData": True,
            "Destinations": [
                {"CloudWatchLogsLogGroup": {"LogGroupArn": att(f"{made.logical}Logs")}}
            ],
        },
        "TracingConfiguration": {"Enabled": manifest.monitoring.tracing},
    }
    logs: Properties = {
        "LogGroupName": f"{LOGS}{made.name}",
        "RetentionInDays": manifest.monitoring.log_days,
    }
    if uses_key:
        logs["KmsKeyId"] = shared.key(manifest)
        properties["EncryptionConfiguration"] = {
            "Type": "CUSTOMER_MANAGED_KMS_KEY",
            "KmsKeyId": shared.key(manifest),
            "KmsDataKeyReusePeriodSeconds": 300,
        }
    may = [*made.may, *_log_and_trace(), *(shared.use_key(manifest) if uses_key else ())]
    return {
        made.logical: resource("AWS::StepFunctions::StateMachine", properties),
        f"{made.logical}Role": role("states.amazonaws.com", may, about=made.about),
        f"{made.logical}Logs": resource("AWS::Logs::LogGroup", logs),
    }


def start(manifest: Manifest, logical: str) -> Sequence[Properties]:
    """Permission to start a state machine of the same stack, and to hand it its input encrypted."""
    return (allow(("states:StartExecution",), [att(logical)]), *shared.use_key(manifest))


def publish(manifest: Manifest) -> Sequence[Properties]:
    """Permission to tell people by the topic of alarms."""
    return (allow(("sns:Publish",), [shared.alerts(manifest)]), *shared.use_key(manifest))


def call(resource_name: str, arguments: State | str, **more: Any) -> State:
    """A state that calls an API.

    Args:
        resource_name: What it calls, as ``aws-sdk:sagemaker:listPipelineExecutions``.
        arguments: What it hands over; a text is JSONata that gives it.
        more: The other fields of the state, as ``Next``.
    """
    return {
        "Type": "Task",
        "Resource": f"arn:${{AWS::Partition}}:states:::{resource_name}",
        "Arguments": arguments,
        **more,
    }


def tell(subject: str, message: str, then: str) -> State:
    """A state that tells people by the topic ``${Alerts}``; ``message`` may be JSONata."""
    arguments = {"TopicArn": "${Alerts}", "Subject": subject, "Message": message}
    return call("sns:publish", arguments, Next=then)


def choose(*rules: tuple[str, str], otherwise: str) -> State:
    """A state that goes to the first state whose condition holds.

    Args:
        rules: Conditions in JSONata, each with the state it leads to.
        otherwise: The state where none holds.
    """
    return {
        "Type": "Choice",
        "Choices": [
            {"Condition": f"{{% {condition} %}}", "Next": then} for condition, then in rules
        ],
        "Default": otherwise,
    }


def fail(error: str) -> State:
    """A state that ends an execution as failed, for the cause in the variable ``$cause``."""
    return {"Type": "Fail", "Error": error, "Cause": "{% $cause %}"}


def caught(then: str) -> list[State]:
    """Where any error leads, which is kept in the variable ``$cause``."""
    assigned = {"cause": "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}"}
    return [{"ErrorEquals": ["States.ALL"], "Assign": assigned, "Next": then}]


RETRY = [
    {
        "ErrorEquals": ["States.TaskFailed", "States.Timeout"],
        "IntervalSeconds": 5,
        "MaxAttempts": 4,
        "BackoffRate": 3,
        "JitterStrategy": "FULL",
    }
]
"""How reads are tried again, that throttling or a moment's outage keeps from an answer."""


def _log_and_trace() -> Sequence[Properties]:
    """By the reference of Step Functions; neither log delivery nor X-Ray knows a resource."""
    deliver = (
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    )
    trace = (
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    )
    return (allow(deliver, ["*"]), allow(trace, ["*"]))


def machine_arn(name: str) -> Properties:
    """The ARN of a state machine by its name, which may hold ``*``."""
    return arn("states", f"stateMachine:{name}")
