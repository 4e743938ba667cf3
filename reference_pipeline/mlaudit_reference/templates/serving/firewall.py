"""A web application firewall: rules of AWS, and a limit on requests from one address."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.language import Properties, Value, arn, att, resource
from mlaudit_reference.templates.serving import alarms, endpoints

MANAGED = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
"""Groups of rules that AWS keeps up to date, in the order in which they are asked."""

LARGE_BODIES = "SizeRestrictions_BODY"
"""The rule that refuses bodies over 8 KB, which a batch of records exceeds."""

WINDOW_SECONDS = 60


def guarded(manifest: Manifest, stage: Value) -> dict[str, Properties]:
    """The firewall of a stage of API Gateway, with its log and an alarm on what it refuses."""
    blocked = alarms.Watch(
        "The firewall refuses many requests.",
        "BlockedRequests",
        manifest.realtime.requests_per_second * WINDOW_SECONDS,
        "Sum",
        namespace="AWS/WAFV2",
    )
    logs = f"aws-waf-logs-{manifest.name}"
    rules = {"WebACL": f"{manifest.name}-api", "Rule": "ALL"}
    return {
        "Firewall": resource("AWS::WAFv2::WebACL", _firewall(manifest)),
        "FirewallOfStage": resource(
            "AWS::WAFv2::WebACLAssociation",
            {"ResourceArn": stage, "WebACLArn": att("Firewall")},
            depends=["Stage"],
        ),
        # WAF writes to groups whose names begin like this, and to no others.
        "FirewallLogs": endpoints.log_group(manifest, logs),
        "FirewallLogging": resource(
            "AWS::WAFv2::LoggingConfiguration",
            {
                "ResourceArn": att("Firewall"),
                # The ARN that CloudFormation gives of a group ends in ":*", which WAF refuses.
                "LogDestinationConfigs": [arn("logs", f"log-group:{logs}")],
                "RedactedFields": [{"SingleHeader": {"Name": "authorization"}}],
            },
            depends=["FirewallLogs"],
        ),
        "FirewallBlocks": alarms.alarm(manifest, blocked, rules),
    }


def _firewall(manifest: Manifest) -> Properties:
    managed = [_managed(name, place) for place, name in enumerate(MANAGED)]
    return {
        "Name": f"{manifest.name}-api",
        "Description": f"In front of {manifest.name}",
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": _visible("All"),
        "Rules": [*managed, _rate(manifest, len(managed))],
    }


def _managed(name: str, place: int) -> Properties:
    group: Properties = {"VendorName": "AWS", "Name": name}
    if name == "AWSManagedRulesCommonRuleSet":
        counted = {"Name": LARGE_BODIES, "ActionToUse": {"Count": {}}}
        group["RuleActionOverrides"] = [counted]
    return {
        "Name": name,
        "Priority": place,
        "OverrideAction": {"None": {}},
        "Statement": {"ManagedRuleGroupStatement": group},
        "VisibilityConfig": _visible(name),
    }


def _rate(manifest: Manifest, place: int) -> Properties:
    """No address alone may use up what all are let through together."""
    limit = max(10, manifest.realtime.requests_per_second * WINDOW_SECONDS)
    return {
        "Name": "rate",
        "Priority": place,
        "Action": {"Block": {}},
        "Statement": {
            "RateBasedStatement": {
                "AggregateKeyType": "IP",
                "EvaluationWindowSec": WINDOW_SECONDS,
                "Limit": limit,
            }
        },
        "VisibilityConfig": _visible("rate"),
    }


def _visible(name: str) -> Properties:
    return {
        "CloudWatchMetricsEnabled": True,
        "SampledRequestsEnabled": True,
        "MetricName": name,
    }
