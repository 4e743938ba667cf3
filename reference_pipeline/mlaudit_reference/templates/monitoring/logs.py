"""What logs are made of: metrics, questions that are kept ready, and what is unlike the rest."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, arn, resource

LOGGED = (
    Mode.REALTIME,
    Mode.SERVERLESS,
    Mode.ASYNC,
    Mode.MULTI_MODEL,
    Mode.SERIAL,
)
"""The modes whose containers write into the log group of their endpoint."""

FILTERS = {
    "Refused": ('{ $.event = "request" && $.status = 400 }', "RefusedRequests"),
    "Broken": ('{ $.event = "request" && $.status >= 500 }', "BrokenRequests"),
}
"""Lines that are counted, and what the count is called."""

QUESTIONS = {
    "SlowRequests": """fields @timestamp, trace_id, milliseconds, records
| filter event = "request"
| sort milliseconds desc
| limit 50""",
    "RefusedRequests": """filter event = "request" and status >= 400
| stats count(*) as requests by status, reason
| sort requests desc""",
    "OneTrace": """fields @timestamp, @log, event, status, milliseconds
| filter trace_id = "put the trace id here"
| sort @timestamp asc""",
}


@dataclass(frozen=True)
class Log:
    """A log that is looked at.

    Attributes:
        place: What the logical ids of what looks at it begin with.
        name: What it is the log of.
        group: The log group.
    """

    place: str
    name: str
    group: str


def logs(manifest: Manifest) -> list[Log]:
    """The logs of everything that answers at once."""
    found = [
        Log(_logical(mode), mode.value, names.endpoint_log_group(manifest, mode))
        for mode in LOGGED
        if mode in manifest.targets
    ]
    tenants = manifest.components.tenants if Mode.COMPONENTS in manifest.targets else ()
    found += [
        Log(f"Component{_logical(each)}", each, names.component_log_group(manifest, each))
        for each in tenants
    ]
    return found


def resources(manifest: Manifest) -> dict[str, Properties]:
    """Metric filters, anomaly detectors with their alarms, and query definitions."""
    found: dict[str, Properties] = {}
    for each in logs(manifest):
        found |= _counts(manifest, each) | _unlike(manifest, each)
    groups = [each.group for each in logs(manifest)]
    if groups:
        found |= {f"Ask{name}": _kept(manifest, name, groups) for name in QUESTIONS}
    return found


def _counts(manifest: Manifest, log: Log) -> dict[str, Properties]:
    return {
        f"{log.place}{name}": resource(
            "AWS::Logs::MetricFilter",
            {
                "LogGroupName": log.group,
                "FilterPattern": pattern,
                "MetricTransformations": [
                    {
                        "MetricNamespace": shared.metric_namespace(manifest),
                        "MetricName": f"{metric}-{log.name}",
                        "MetricValue": "1",
                        "DefaultValue": 0,
                        "Unit": "Count",
                    }
                ],
            },
        )
        for name, (pattern, metric) in FILTERS.items()
    }


def _unlike(manifest: Manifest, log: Log) -> dict[str, Properties]:
    """What CloudWatch Logs finds unlike the rest of a log (6.anomalies), and who hears of it."""
    detector = f"{log.place}LogDetector"
    name = f"{manifest.name}-{log.name}-logs"
    alarm: Properties = {
        "AlarmDescription": "The log of the endpoint holds what it never held before.",
        "AlarmActions": [shared.alerts(manifest)],
        "Namespace": "AWS/Logs",
        "MetricName": "AnomalyCount",
        "Dimensions": [
            {"Name": "LogAnomalyDetector", "Value": name},
            {"Name": "LogAnomalyPriority", "Value": "HIGH"},
        ],
        "Statistic": "Sum",
        "Period": 900,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    return {
        detector: resource(
            "AWS::Logs::LogAnomalyDetector",
            {
                "DetectorName": name,
                "LogGroupArnList": [arn("logs", f"log-group:{log.group}")],
                "EvaluationFrequency": "FIFTEEN_MIN",
                "AnomalyVisibilityTime": 21,
                "KmsKeyId": shared.key(manifest),
            },
        ),
        f"{log.place}LogAnomalies": resource("AWS::CloudWatch::Alarm", alarm, depends=[detector]),
    }


def _kept(manifest: Manifest, name: str, groups: list[str]) -> Properties:
    return resource(
        "AWS::Logs::QueryDefinition",
        {
            "Name": f"{manifest.name}/{name}",
            "QueryString": QUESTIONS[name],
            "LogGroupNames": groups,
        },
    )


def _logical(name: str) -> str:
    return "".join(part.title() for part in name.split("-"))


def tracing(manifest: Manifest) -> dict[str, Properties]:
    """The group of traces of the system, and how many of them are kept."""
    if not manifest.monitoring.tracing:
        return {}
    traced = [
        names.promotion_machine(manifest),
        names.retraining_machine(manifest),
        *([names.batch_machine(manifest)] if Mode.BATCH in manifest.targets else []),
        *([names.stream_consumer(manifest)] if Mode.STREAMING in manifest.targets else []),
    ]
    mine = " OR ".join(f'service("{name}")' for name in traced)
    return {
        "Traces": resource(
            "AWS::XRay::Group",
            {
                "GroupName": manifest.name,
                "FilterExpression": mine,
                "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": True},
            },
        ),
        "Sampling": resource("AWS::XRay::SamplingRule", {"SamplingRule": _sampling(manifest)}),
    }


def _sampling(manifest: Manifest) -> Properties:
    """Every second at least one trace, and one request in twenty besides."""
    return {
        "RuleName": manifest.name,
        "Version": 1,
        "Priority": 1000,
        "ReservoirSize": 1,
        "FixedRate": 0.05,
        "ServiceName": f"{manifest.name}*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "ResourceARN": "*",
    }
