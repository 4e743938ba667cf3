"""Application Auto Scaling: between which numbers something scales, and when it does.

Source: ``application-autoscaling:RegisterScalableTarget`` and ``PutScalingPolicy``. A registration
keeps what it does not name; a policy's configuration is always written whole.
"""

from __future__ import annotations

from mlaudit.collect.operation import Operation
from mlaudit.collect.scaling import LIST_POLICIES, LIST_TARGETS
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Document, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of
from mlaudit.remediate.settings.asking import listed
from mlaudit.remediate.settings.states import kept

_SERVICE = "application-autoscaling"
_REGISTER = Operation(_SERVICE, "RegisterScalableTarget")
_DEREGISTER = Operation(_SERVICE, "DeregisterScalableTarget")
_PUT = Operation(_SERVICE, "PutScalingPolicy")
_DELETE = Operation(_SERVICE, "DeleteScalingPolicy")

_SUSPENDED = "SuspendedState"
_NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}

POLICY_MEMBERS = (
    "PolicyType",
    "PredictiveScalingPolicyConfiguration",
    "StepScalingPolicyConfiguration",
    "TargetTrackingScalingPolicyConfiguration",
)
"""What ``PutScalingPolicy`` takes beside the key."""


def _read_target(key: Key, ask: Ask) -> State:
    targets = listed(
        ask,
        LIST_TARGETS,
        ServiceNamespace=key["ServiceNamespace"],
        ResourceIds=[key["ResourceId"]],
        ScalableDimension=key["ScalableDimension"],
    )
    target = next((each for each in targets if _is(each, key)), None)
    if target is None:
        return None
    suspended = target.get(_SUSPENDED) or {}
    return {
        **kept(target, ("MinCapacity", "MaxCapacity")),
        **({_SUSPENDED: {**_NOT_SUSPENDED, **suspended}} if any(suspended.values()) else {}),
    }


def _calls_for_target(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call(_SERVICE, _DEREGISTER.name, key)]
    resumed = {_SUSPENDED: _NOT_SUSPENDED} if before and _SUSPENDED in before else {}
    return [Call(_SERVICE, _REGISTER.name, {**key, **resumed, **after})]


def _read_policy(key: Key, ask: Ask) -> State:
    asked = {name: value for name, value in key.items() if name != "PolicyName"}
    policies = listed(ask, LIST_POLICIES, **asked, PolicyNames=[key["PolicyName"]])
    policy = next((each for each in policies if _is(each, key)), None)
    return None if policy is None else kept(policy, POLICY_MEMBERS)


def _calls_for_policy(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call(_SERVICE, _DELETE.name, key)]
    if before is not None and before.get("PolicyType") != after.get("PolicyType"):
        raise MlauditError(
            f"The scaling policy {key['PolicyName']} stays of the type {before.get('PolicyType')}: "
            "one of another type needs another name."
        )
    return [Call(_SERVICE, _PUT.name, {**key, **after})]


def _is(record: Document, key: Key) -> bool:
    return all(record.get(name) == value for name, value in key.items())


def _arn(_: Key, account: str, region: str) -> str:
    # What stands after the last slash is an id that the service makes up.
    return arn_of(_SERVICE, region, account, "scalable-target/*")


SCALING_TARGET = Setting(
    name=f"{_SERVICE}.target",
    title="scaling range",
    reads=(LIST_TARGETS,),
    writes=(_REGISTER, _DEREGISTER),
    read=_read_target,
    calls=_calls_for_target,
    arn=_arn,
    defaults={_SUSPENDED: _NOT_SUSPENDED},
)
SCALING_POLICY = Setting(
    name=f"{_SERVICE}.policy",
    title="scaling policy",
    reads=(LIST_POLICIES,),
    writes=(_PUT, _DELETE),
    read=_read_policy,
    calls=_calls_for_policy,
    arn=_arn,
)
