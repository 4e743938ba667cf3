"""Let what serves on a fixed number of instances follow its load.

Sources: the SageMaker developer guide on automatic scaling and on the scaling of asynchronous
endpoints; ``application-autoscaling:RegisterScalableTarget`` and ``PutScalingPolicy``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlaudit.capabilities.serving import Placement, Scaling, rules_of, scalings
from mlaudit.collect.hardware import accelerators, vcpus
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.naming import name_for
from mlaudit.resources import InstanceQuota, ScalableTarget

DIMENSION = "sagemaker:variant:DesiredInstanceCount"

BUSY_PERCENT = 60
"""How busy instances are to be; more leaves no room while new ones start."""
WAITING = 5.0
"""How many requests may wait for each instance where answers are asynchronous."""
_BURSTABLE = "ml.t"
"""Instances that save up processor time: SageMaker does not scale them."""


def scaling(sight: Sight) -> Iterator[Change]:
    """Bounds and a policy for each variant of a fixed number of instances."""
    for each in sight.view.once(scalings).items:
        if each.by is None and each.placement.variant.model_name:
            yield from _changes(sight, each)


def _changes(sight: Sight, fixed: Scaling) -> Iterator[Change]:
    placement = fixed.placement
    target = target_of(sight, placement)
    policy = _tracking(placement)
    least = fixed.minimum or 0
    most = max(target.maximum if target else 0, _maximum(sight, placement, least))
    if policy is None or most <= least or (target and target.suspended):
        return  # nothing to scale by, no room, or somebody holds it on purpose
    key = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": resource_of(placement),
        "ScalableDimension": DIMENSION,
    }
    region, scope = sight.view.region.name, placement.endpoint.arn
    yield Change(
        kind="application-autoscaling.target",
        key=key,
        region=region,
        scope=scope,
        about=f"{placement.words}: let it have {least} to {most} instances",
        patch={"MinCapacity": least, "MaxCapacity": most},
    )
    if not target or not rules_of(sight.view, target):
        metric, value = policy["MetricName"], _target_value(placement)
        yield Change(
            kind="application-autoscaling.policy",
            key={
                **key,
                "PolicyName": name_for(sight, placement.endpoint.name, placement.variant.name),
            },
            about=f"{placement.words}: keep {metric} at {value:g} by the number of instances",
            region=region,
            scope=scope,
            patch=_policy(placement, policy),
        )


def resource_of(placement: Placement) -> str:
    """What Application Auto Scaling calls a variant."""
    return f"endpoint/{placement.endpoint.name}/variant/{placement.variant.name}"


def target_of(sight: Sight, placement: Placement) -> ScalableTarget | None:
    """The bounds that a variant has already."""
    found = sight.view.region.by(ScalableTarget, "resource_id").get(resource_of(placement), ())
    return found[0] if found else None


def _maximum(sight: Sight, placement: Placement, least: int) -> int:
    """As many as was chosen, one more than there are at least, and no more than the quota."""
    wanted = max(sight.choices.maximum_instances, least + 1)
    kind = placement.variant.instance_type or ""
    allowed = sight.view.region.by(InstanceQuota, "instance_type").get(kind, ())
    return min([wanted, *(each.allowed for each in allowed)])


def _tracking(placement: Placement) -> dict[str, Any] | None:
    """The metric that tells how busy a variant is; ``None`` where none surely does."""
    kind = placement.variant.instance_type or ""
    variant = {"EndpointName": placement.endpoint.name, "VariantName": placement.variant.name}
    if not kind or kind.startswith(_BURSTABLE):
        return None
    if placement.config.asynchronous:
        own = {"EndpointName": placement.endpoint.name}
        return _metric("AWS/SageMaker", "ApproximateBacklogSizePerInstance", own)
    if not accelerators(kind) and vcpus(kind):
        return _metric("/aws/sagemaker/Endpoints", "CPUUtilization", variant)
    if kind.startswith(("ml.g", "ml.p")):
        return _metric("/aws/sagemaker/Endpoints", "GPUUtilization", variant)
    return None


def _metric(namespace: str, name: str, dimensions: dict[str, str]) -> dict[str, Any]:
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Statistic": "Average",
    }


def _target_value(placement: Placement) -> float:
    """SageMaker adds up the processors of an instance, and its accelerators."""
    kind = placement.variant.instance_type or ""
    if placement.config.asynchronous:
        return WAITING
    return float(BUSY_PERCENT * (accelerators(kind) or vcpus(kind) or 1))


def _policy(placement: Placement, metric: dict[str, Any]) -> dict[str, Any]:
    slow = placement.config.asynchronous
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": _target_value(placement),
            "CustomizedMetricSpecification": metric,
            "ScaleInCooldown": 600 if slow else 300,
            "ScaleOutCooldown": 300 if slow else 60,
        },
    }
