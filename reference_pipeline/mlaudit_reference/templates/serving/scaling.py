"""Application Auto Scaling of variants and inference components (guide items 4.5 and 4.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mlaudit_reference.templates.language import Properties, ref, resource

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPIES = "sagemaker:inference-component:DesiredCopyCount"

OUT_SECONDS = 60
"""How long after one growth the next may come."""

IN_SECONDS = 300
"""How long after a change capacity may shrink: new instances need minutes to be of use."""

Metric = dict[str, Any]


@dataclass(frozen=True)
class Scaled:
    """What grows and shrinks.

    Attributes:
        place: What the logical ids of its resources begin with.
        resource_id: Its id in Application Auto Scaling.
        dimension: What of it changes.
        minimum: The least.
        maximum: The most; nothing of it ever exceeds this.
        depends: Logical ids of what must be there first.
    """

    place: str
    resource_id: str
    dimension: str
    minimum: int
    maximum: int
    depends: Sequence[str]

    @property
    def target(self) -> str:
        """The logical id of its scalable target."""
        return f"{self.place}Scaling"


def target(scaled: Scaled) -> dict[str, Properties]:
    """The bounds of what grows and shrinks."""
    return {
        scaled.target: resource(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {
                "ServiceNamespace": "sagemaker",
                "ResourceId": scaled.resource_id,
                "ScalableDimension": scaled.dimension,
                "MinCapacity": scaled.minimum,
                "MaxCapacity": scaled.maximum,
            },
            depends=scaled.depends,
        )
    }


def variant(endpoint: str, name: str) -> str:
    """The id of a variant in Application Auto Scaling."""
    return f"endpoint/{endpoint}/variant/{name}"


def predefined(kind: str) -> Metric:
    """A metric that Application Auto Scaling knows."""
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": kind}}


def tracking(scaled: Scaled, name: str, metric: Metric, goal: float) -> dict[str, Properties]:
    """A policy that keeps a metric near a value."""
    return _policy(
        scaled,
        name,
        {
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                **metric,
                "TargetValue": goal,
                "ScaleOutCooldown": OUT_SECONDS,
                "ScaleInCooldown": IN_SECONDS,
            },
        },
    )


def step(scaled: Scaled, name: str, *, cooldown: int = OUT_SECONDS) -> dict[str, Properties]:
    """A policy that adds one whenever an alarm sets it off."""
    return _policy(
        scaled,
        name,
        {
            "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "ChangeInCapacity",
                "Cooldown": cooldown,
                "MetricAggregationType": "Maximum",
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
            },
        },
    )


def _policy(scaled: Scaled, name: str, properties: Properties) -> dict[str, Properties]:
    return {
        f"{scaled.place}{name}": resource(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"{scaled.resource_id.replace('/', '-')}-{name.lower()}",
                "ScalingTargetId": ref(scaled.target),
                **properties,
            },
        )
    }
