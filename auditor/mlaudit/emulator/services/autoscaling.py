"""Application Auto Scaling: targets, policies and scheduled actions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_TARGET = "autoscaling:ScalableTarget"
_POLICY = "autoscaling:ScalingPolicy"
_ACTION = "autoscaling:ScheduledAction"
_VARIANT = re.compile(r"^endpoint/(?P<endpoint>[^/]+)/variant/(?P<variant>[^/]+)$")
_COMPONENT = re.compile(r"^inference-component/(?P<component>[^/]+)$")
_SCOPE = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def register(call: Call) -> Record:
    """Register a scalable target, or change it."""
    if call.params["ServiceNamespace"] == "sagemaker":
        _must_exist(call, call.params["ResourceId"])
    key = _key(call.params)
    existing = call.space.table(_TARGET).get(key)
    if existing is None and not {"MinCapacity", "MaxCapacity"} <= set(call.params):
        text = "MinCapacity and MaxCapacity are required to register a scalable target."
        raise Refusal("ValidationException", text)
    new: Record = {
        "CreationTime": call.now,
        "RoleARN": f"arn:aws:iam::{call.account}:role/aws-service-role/sagemaker.application-"
        "autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
        "ScalableTargetARN": call.arn(f"scalable-target/{call.token('target', 32)}"),
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }
    record = {**new, **(existing or {}), **call.params, **call.becomes}
    if record["MinCapacity"] > record["MaxCapacity"]:
        raise Refusal("ValidationException", "MaxCapacity cannot be less than MinCapacity.")
    call.space.table(_TARGET)[key] = record
    return record


def put_policy(call: Call) -> Record:
    """Attach a scaling policy to a target."""
    target = _target(call)
    key = f"{_key(call.params)}/{call.params['PolicyName']}"
    path = f"{call.params['ServiceNamespace']}/{call.params['ResourceId']}"
    name = call.params["PolicyName"]
    existing = call.space.table(_POLICY).get(key, {})
    record: Record = {
        "PolicyARN": call.arn(
            f"scalingPolicy:{call.token('policy', 32)}:resource/{path}:policyName/{name}",
            "autoscaling",
        ),
        "CreationTime": call.now,
        "PolicyType": "StepScaling",
        "Alarms": [],
        **existing,
        **call.params,
        **call.becomes,
    }
    call.space.table(_POLICY)[key] = record
    return {**record, "ScalableTargetARN": target["ScalableTargetARN"]}


def put_action(call: Call) -> Record:
    """Attach a scheduled action to a target."""
    _target(call)
    key = f"{_key(call.params)}/{call.params['ScheduledActionName']}"
    path = f"{call.params['ServiceNamespace']}/{call.params['ResourceId']}"
    name = call.params["ScheduledActionName"]
    record: Record = {
        "ScheduledActionARN": call.arn(
            f"scheduledAction:{call.token('action', 32)}:resource/{path}:"
            f"scheduledActionName/{name}",
            "autoscaling",
        ),
        "CreationTime": call.now,
        **call.space.table(_ACTION).get(key, {}),
        **call.params,
        **call.becomes,
    }
    call.space.table(_ACTION)[key] = record
    return {}


def describe_targets(call: Call) -> Record:
    """Describe scalable targets."""
    wanted = set(call.params.get("ResourceIds", []))
    rows = [row for row in _scoped(call, _TARGET) if not wanted or row["ResourceId"] in wanted]
    return _page(call, rows, "ScalableTargets")


def describe_policies(call: Call) -> Record:
    """Describe scaling policies."""
    names = set(call.params.get("PolicyNames", []))
    rows = [row for row in _scoped(call, _POLICY) if not names or row["PolicyName"] in names]
    return _page(call, rows, "ScalingPolicies")


def describe_actions(call: Call) -> Record:
    """Describe scheduled actions."""
    names = set(call.params.get("ScheduledActionNames", []))
    rows = [
        row for row in _scoped(call, _ACTION) if not names or row["ScheduledActionName"] in names
    ]
    return _page(call, rows, "ScheduledActions")


def deregister(call: Call) -> Record:
    """Forget a target and what is attached to it."""
    _target(call)
    key = _key(call.params)
    for kind in (_TARGET, _POLICY, _ACTION):
        table = call.space.table(kind)
        for name in [name for name in table if name == key or name.startswith(f"{key}/")]:
            del table[name]
    return {}


def delete_policy(call: Call) -> Record:
    """Delete a scaling policy."""
    return _deleted(call, _POLICY, call.params["PolicyName"])


def delete_action(call: Call) -> Record:
    """Delete a scheduled action."""
    return _deleted(call, _ACTION, call.params["ScheduledActionName"])


def _page(call: Call, rows: list[Record], member: str) -> Record:
    rows = sorted(rows, key=lambda row: (row["CreationTime"], row["ResourceId"]))
    return pages.cut(call, rows, member=member, size="MaxResults", default=50)


def _scoped(call: Call, kind: str) -> list[Record]:
    asked = {key: call.params[key] for key in _SCOPE if key in call.params}
    rows = call.space.rows(kind)
    return [row for row in rows if all(row[key] == value for key, value in asked.items())]


def _key(params: Record) -> str:
    return "/".join(params[key] for key in ("ServiceNamespace", "ScalableDimension", "ResourceId"))


def _target(call: Call) -> Record:
    found = call.space.table(_TARGET).get(_key(call.params))
    if found is None:
        text = f"No scalable target registered for {call.params['ResourceId']}"
        raise Refusal("ObjectNotFoundException", text)
    return found


def _deleted(call: Call, kind: str, name: str) -> Record:
    if call.space.table(kind).pop(f"{_key(call.params)}/{name}", None) is None:
        raise Refusal("ObjectNotFoundException", f"No {kind.partition(':')[2]} named {name}.")
    return {}


def _must_exist(call: Call, resource: str) -> None:
    variant, component = _VARIANT.match(resource), _COMPONENT.match(resource)
    if variant:
        exists = any(
            row["EndpointName"] == variant["endpoint"]
            and any(item["VariantName"] == variant["variant"] for item in row["ProductionVariants"])
            for row in call.space.rows("Endpoint")
        )
    else:
        name = component["component"] if component else ""
        components = call.space.rows("InferenceComponent")
        exists = any(row["InferenceComponentName"] == name for row in components)
    if not exists:
        text = f"SageMaker resource does not exist: {resource}"
        raise Refusal("ValidationException", text)


HANDLERS: Mapping[str, Handler] = {
    "DeleteScalingPolicy": delete_policy,
    "DeleteScheduledAction": delete_action,
    "DeregisterScalableTarget": deregister,
    "DescribeScalableTargets": describe_targets,
    "DescribeScalingPolicies": describe_policies,
    "DescribeScheduledActions": describe_actions,
    "PutScalingPolicy": put_policy,
    "PutScheduledAction": put_action,
    "RegisterScalableTarget": register,
}
