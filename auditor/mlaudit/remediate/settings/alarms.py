"""Alarms and dashboards of CloudWatch.

An alarm is always written whole: ``cloudwatch:PutMetricAlarm`` overwrites all of it but its tags.
"""

from __future__ import annotations

from typing import Any

from mlaudit.collect.dashboards import GET_DASHBOARD
from mlaudit.collect.monitoring import LIST_ALARMS
from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Ask, Call, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of, partition_of
from mlaudit.remediate.settings.asking import found, listed
from mlaudit.remediate.settings.states import kept, only, pruned, tag_map
from mlaudit.remediate.settings.tagging import OF_ALARMS

_PUT = Operation("cloudwatch", "PutMetricAlarm")
_DELETE = Operation("cloudwatch", "DeleteAlarms")
_PUT_DASHBOARD = Operation("cloudwatch", "PutDashboard")
_DELETE_DASHBOARD = Operation("cloudwatch", "DeleteDashboards")

ALARM_MEMBERS = (
    "ActionConfiguration",
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationCriteria",
    "EvaluationInterval",
    "EvaluationPeriods",
    "EvaluationWindow",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
    "WarmUpConfiguration",
)
"""What ``PutMetricAlarm`` takes beside the name and the tags."""

_ARN = "AlarmArn"


def _read(key: Key, ask: Ask) -> State:
    alarms = listed(ask, LIST_ALARMS, AlarmNames=[key["AlarmName"]], AlarmTypes=["MetricAlarm"])
    alarm = next((each for each in alarms if each["AlarmName"] == key["AlarmName"]), None)
    if alarm is None:
        return None
    state: dict[str, Any] = pruned(kept(alarm, ALARM_MEMBERS))
    return {**state, **OF_ALARMS.member(alarm[_ARN], ask), _ARN: alarm[_ARN]}


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("cloudwatch", _DELETE.name, {"AlarmNames": [key["AlarmName"]]})]
    if before is None:
        return [Call("cloudwatch", _PUT.name, {**key, **only(after, [_ARN])})]
    apart = (_ARN, "Tags")
    same = only(before, apart) == only(after, apart)
    put = [] if same else [Call("cloudwatch", _PUT.name, {**key, **only(after, apart)})]
    tags = (tag_map(each.get("Tags")) for each in (before, after))
    return [*put, *OF_ALARMS.calls(before.get(_ARN, ""), *tags)]


def _arn(key: Key, account: str, region: str) -> str:
    return arn_of("cloudwatch", region, account, f"alarm:{key['AlarmName']}")


ALARM = Setting(
    name="cloudwatch.alarm",
    title="alarm",
    reads=(LIST_ALARMS, OF_ALARMS.listing),
    writes=(_PUT, _DELETE, OF_ALARMS.giving, OF_ALARMS.taking),
    read=_read,
    calls=_calls,
    arn=_arn,
    ignores=(_ARN,),
    defaults={"ActionsEnabled": True, "TreatMissingData": "missing"},
)


def _read_dashboard(key: Key, ask: Ask) -> State:
    board = found(ask, GET_DASHBOARD, **key)
    return None if board is None else {"DashboardBody": board["DashboardBody"]}


def _calls_for_dashboard(key: Key, _before: State, after: State) -> list[Call]:
    if after is None:
        names = {"DashboardNames": [key["DashboardName"]]}
        return [Call("cloudwatch", _DELETE_DASHBOARD.name, names)]
    return [Call("cloudwatch", _PUT_DASHBOARD.name, {**key, **after})]


def _arn_of_dashboard(key: Key, account: str, region: str) -> str:
    # Dashboards are of all regions: their ARN names none.
    return f"arn:{partition_of(region)}:cloudwatch::{account}:dashboard/{key['DashboardName']}"


DASHBOARD = Setting(
    name="cloudwatch.dashboard",
    title="dashboard",
    reads=(GET_DASHBOARD,),
    writes=(_PUT_DASHBOARD, _DELETE_DASHBOARD),
    read=_read_dashboard,
    calls=_calls_for_dashboard,
    arn=_arn_of_dashboard,
    documents=("DashboardBody",),
)
