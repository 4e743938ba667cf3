"""Alarms, dashboards, traces, trails and budgets."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, NAMELESS, Facet, Reading, Row, Tagging

_TAGGING = Tagging("TagResource", "UntagResource", {"ResourceARN": "AlarmArn"})


def _alarm(kind: str, put: str) -> Row:
    """Return the row of a kind of alarm."""
    return Row(
        service="cloudwatch",
        overwrites=True,
        create=put,
        update=put,
        delete="DeleteAlarms",
        name="AlarmName",
        reading=Reading(
            "DescribeAlarms",
            {"AlarmNames": "[AlarmName]", "AlarmTypes": f"['{kind}']"},
            f"{kind}s[0]",
        ),
        attributes={"Arn": "AlarmArn", "AlarmNames": "[AlarmName]"},
        tagging=_TAGGING,
        whole=True,
    )


def _budget(account: Account, properties: Record) -> Record:
    """Name a budget and say whose it is."""
    budget = {**properties["Budget"]}
    budget.setdefault("BudgetName", properties[NAME])
    amounts = ("BudgetLimit", "PlannedBudgetLimits")
    for name in amounts:
        if name in budget and "Amount" in budget[name]:
            budget[name] = {**budget[name], "Amount": str(budget[name]["Amount"])}
    shaped = {**properties, "Budget": budget, "AccountId": account.call.account}
    return {**shaped, "BudgetName": budget["BudgetName"]}


def _changed_budget(account: Account, properties: Record) -> Record:
    shaped = _budget(account, properties)
    new = shaped.pop("Budget")
    return {**shaped, "NewBudget": new}


def _rule(_: Account, properties: Record) -> Record:
    """Return a sampling rule with the version that all have."""
    rule = {"Version": 1, **properties["SamplingRule"]}
    rule.setdefault("RuleName", properties.get("RuleName", properties[NAME]))
    return {**properties, "SamplingRule": rule, "RuleName": rule["RuleName"]}


def _changed_rule(account: Account, properties: Record) -> Record:
    shaped = _rule(account, properties)
    fixed = {"Version", "RuleARN"}
    rule = {key: each for key, each in shaped.pop("SamplingRule").items() if key not in fixed}
    return {**shaped, "SamplingRuleUpdate": rule}


ROWS: Mapping[str, Row] = {
    "AWS::Budgets::Budget": Row(
        service="budgets",
        ref=("BudgetName",),
        reshape=_budget,
        change=_changed_budget,
        name=NAMELESS,
        keys=("AccountId", "BudgetName"),
        tagging=Tagging(
            "TagResource",
            "UntagResource",
            {"ResourceARN": "join('', ['arn:aws:budgets::', AccountId, ':budget/', BudgetName])"},
        ),
    ),
    "AWS::CloudTrail::Trail": Row(
        service="cloudtrail",
        names={"TrailName": "Name", "Tags": "TagsList"},
        attributes={"Arn": "TrailARN"},
        reading=Reading("GetTrail", {"Name": "Name"}, "Trail"),
        ref=("Name",),
        facets=(
            Facet(("IsLogging",), "StartLogging", "StopLogging", switch=True, keep=True),
            Facet(
                ("EventSelectors",),
                "PutEventSelectors",
                given=lambda item, known: {"TrailName": known["Name"], "EventSelectors": item},
                keep=True,
            ),
            Facet(
                ("AdvancedEventSelectors",),
                "PutEventSelectors",
                given=lambda item, known: {
                    "TrailName": known["Name"],
                    "AdvancedEventSelectors": item,
                },
                keep=True,
            ),
        ),
        tagging=Tagging("AddTags", "RemoveTags", {"ResourceId": "TrailARN"}),
    ),
    "AWS::CloudWatch::Alarm": _alarm("MetricAlarm", "PutMetricAlarm"),
    "AWS::CloudWatch::AnomalyDetector": Row(
        service="cloudwatch",
        create="PutAnomalyDetector",
        update="PutAnomalyDetector",
        whole=True,
        name=NAMELESS,
        keys=(
            "Namespace",
            "MetricName",
            "Dimensions",
            "Stat",
            "SingleMetricAnomalyDetector",
            "MetricMathAnomalyDetector",
        ),
    ),
    "AWS::CloudWatch::CompositeAlarm": _alarm("CompositeAlarm", "PutCompositeAlarm"),
    "AWS::CloudWatch::Dashboard": Row(
        service="cloudwatch",
        overwrites=True,
        create="PutDashboard",
        update="PutDashboard",
        delete="DeleteDashboards",
        reading=Reading("GetDashboard"),
        attributes={"DashboardNames": "[DashboardName]"},
        whole=True,
    ),
    "AWS::XRay::Group": Row(
        service="xray",
        name="GroupName",
        keys=("GroupName",),
        reading=Reading("GetGroup", {"GroupName": "GroupName"}, "Group"),
        attributes={"GroupARN": "Group.GroupARN || GroupARN"},
        tagging=Tagging("TagResource", "UntagResource", {"ResourceARN": "GroupARN"}),
    ),
    "AWS::XRay::SamplingRule": Row(
        service="xray",
        name=NAMELESS,
        reshape=_rule,
        change=_changed_rule,
        ref=("RuleARN",),
        attributes={
            "RuleARN": "SamplingRuleRecord.SamplingRule.RuleARN || SamplingRule.RuleARN || RuleARN"
        },
        ignored=("RuleName",),
        keys=("RuleName",),
        tagging=Tagging("TagResource", "UntagResource", {"ResourceARN": "RuleARN"}),
    ),
}
