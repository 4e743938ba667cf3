"""Composite alarms of CloudWatch, which moto keeps among the others but takes from nobody."""

from __future__ import annotations

from collections.abc import Mapping

from moto.cloudwatch.models import cloudwatch_backends

from mlaudit.emulator.cloud import Call, Handler, Record


def put(call: Call) -> Record:
    """Create a composite alarm, or replace it."""
    asked = call.params
    backend = cloudwatch_backends[call.account][call.region]
    backend.put_metric_alarm(
        name=asked["AlarmName"],
        rule=asked["AlarmRule"],
        description=asked.get("AlarmDescription"),
        actions_enabled=asked.get("ActionsEnabled", True),
        alarm_actions=asked.get("AlarmActions", []),
        ok_actions=asked.get("OKActions", []),
        insufficient_data_actions=asked.get("InsufficientDataActions", []),
        tags=asked.get("Tags", []),
        dimensions=[],
        **dict.fromkeys(_OF_METRICS),
    )
    return {}


# What a composite alarm has not.
_OF_METRICS = (
    "comparison_operator",
    "evaluation_periods",
    "metric_name",
    "namespace",
    "period",
    "statistic",
    "threshold",
)

HANDLERS: Mapping[str, Handler] = {"PutCompositeAlarm": put}
