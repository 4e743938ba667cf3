"""Scaling: suspended targets, and policies that keep their type."""

from __future__ import annotations

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Document
from mlaudit.remediate.settings import SETTINGS

TARGET, POLICY = (SETTINGS[f"application-autoscaling.{name}"] for name in ("target", "policy"))
KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/scoring/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
RANGE = {"MinCapacity": 1, "MaxCapacity": 4}
SUSPENDED = {
    "DynamicScalingInSuspended": True,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


def test_a_target_that_is_not_suspended_does_not_say_so() -> None:
    resumed = dict.fromkeys(SUSPENDED, False)

    def answer(*_: object) -> Document:
        return {"ScalableTargets": [{**KEY, **RANGE, "SuspendedState": resumed, "RoleARN": "r"}]}

    assert TARGET.read(KEY, answer) == RANGE
    assert not TARGET.calls(KEY, RANGE, {**RANGE, "SuspendedState": resumed})


def test_a_target_resumes_when_it_is_to_be_no_more_suspended() -> None:
    (call,) = TARGET.calls(KEY, {**RANGE, "SuspendedState": SUSPENDED}, RANGE)
    assert call.params == {**KEY, **RANGE, "SuspendedState": dict.fromkeys(SUSPENDED, False)}


def test_a_new_range_leaves_the_rest_of_a_target_alone() -> None:
    (call,) = TARGET.calls(KEY, RANGE, {"MinCapacity": 2, "MaxCapacity": 4})
    assert call.params == {**KEY, "MinCapacity": 2, "MaxCapacity": 4}


def test_a_policy_keeps_its_type() -> None:
    key = {"PolicyName": "p", **KEY}
    with pytest.raises(MlauditError, match="stays of the type StepScaling"):
        POLICY.calls(key, {"PolicyType": "StepScaling"}, {"PolicyType": "TargetTrackingScaling"})


def test_a_policy_of_another_place_is_another() -> None:
    key = {"PolicyName": "p", **KEY}
    rows = [{**key, "ResourceId": "endpoint/other/variant/main", "PolicyType": "StepScaling"}]
    assert POLICY.read(key, lambda *_: {"ScalingPolicies": rows}) is None
