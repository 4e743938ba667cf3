"""Alarms on what drift jobs measure, on traffic unlike itself, and on jobs that are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, resource
from mlaudit_reference.templates.monitoring.jobs import recorded

DAY = 86_400
WIDTH = 3
"""Standard deviations of the band that traffic is expected in."""

ASKED = (Mode.REALTIME, Mode.SERVERLESS, Mode.ASYNC, Mode.MULTI_MODEL, Mode.SERIAL)
"""The modes with an endpoint whose variant is asked; of components, each is asked by itself."""


@dataclass(frozen=True)
class Watch:
    """What an alarm looks at.

    Attributes:
        about: What it means that it goes off.
        metric: What the drift job measures.
        threshold: What the metric must keep to.
        below: Whether it goes off below the threshold, in place of above.
    """

    about: str
    metric: str
    threshold: float
    below: bool = False


def watches(manifest: Manifest) -> Mapping[str, Watch]:
    """What is looked at in every mode, by the word in the name of its alarm."""
    limits = manifest.monitoring
    return {
        "data-quality": Watch(
            "Requests break constraints of the training data (6.1).", "DataQualityViolations", 0
        ),
        "drift": Watch(
            "A feature is distributed otherwise than in training (6.2).",
            "DriftPsiMax",
            limits.psi_max,
        ),
        "attribution": Watch(
            "Other features move the answers than in training (6.3).",
            "AttributionNdcg",
            limits.attribution_min,
            below=True,
        ),
        "quality": Watch(
            "Answers are worse than they may be, now that labels have come (6.4).",
            "QualityAuc",
            limits.quality_min,
            below=True,
        ),
    }


def dimensions(manifest: Manifest, mode: Mode) -> dict[str, str]:
    """What the metrics of a mode are told apart by."""
    return {"Endpoint": names.endpoint(manifest, mode), "Model": names.model_group(manifest)}


def resources(manifest: Manifest) -> dict[str, Properties]:
    """All alarms and anomaly detectors, by logical id."""
    found: dict[str, Properties] = {"Silent": _silent(manifest)}
    for mode in recorded(manifest):
        for what, watch in watches(manifest).items():
            found[f"{_logical(mode)}{_logical(what)}"] = _measured(manifest, mode, what, watch)
        found[f"{_logical(mode)}Outdated"] = _outdated(manifest, mode)
    for place, asked in _asked(manifest).items():
        found |= _traffic(manifest, place, asked)
    return found


def _asked(manifest: Manifest) -> dict[str, dict[str, str]]:
    """The dimensions of what is asked at once, by what logical ids begin with."""
    found = {
        _logical(mode): {
            "EndpointName": names.endpoint(manifest, mode),
            "VariantName": names.PRIMARY,
        }
        for mode in ASKED
        if mode in manifest.targets
    }
    tenants = manifest.components.tenants if Mode.COMPONENTS in manifest.targets else ()
    return found | {
        f"Component{_logical(each)}": {"InferenceComponentName": names.component(manifest, each)}
        for each in tenants
    }


def _measured(manifest: Manifest, mode: Mode, what: str, watch: Watch) -> Properties:
    return resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": names.alarm(manifest, what, mode),
            "AlarmDescription": watch.about,
            "AlarmActions": [shared.alerts(manifest)],
            "OKActions": [shared.alerts(manifest)],
            "Namespace": shared.metric_namespace(manifest),
            "MetricName": watch.metric,
            "Dimensions": [
                {"Name": name, "Value": value} for name, value in dimensions(manifest, mode).items()
            ],
            "Statistic": "Minimum" if watch.below else "Maximum",
            "Period": DAY,
            "EvaluationPeriods": 1,
            "Threshold": watch.threshold,
            "ComparisonOperator": ("LessThanThreshold" if watch.below else "GreaterThanThreshold"),
            # A day without a measurement says nothing new.
            "TreatMissingData": "ignore",
        },
    )


def _outdated(manifest: Manifest, mode: Mode) -> Properties:
    """The model has had its day: the world has moved, and the answers have become worse."""
    moved = [f'ALARM("{names.alarm(manifest, what, mode)}")' for what in ("drift", "attribution")]
    worse = f'ALARM("{names.alarm(manifest, "quality", mode)}")'
    parts = [f"{_logical(mode)}{_logical(what)}" for what in ("drift", "attribution", "quality")]
    return resource(
        "AWS::CloudWatch::CompositeAlarm",
        {
            "AlarmName": names.alarm(manifest, "outdated", mode),
            "AlarmDescription": "The data has moved and the answers are worse: train anew.",
            "AlarmRule": f"({' OR '.join(moved)}) AND {worse}",
            "AlarmActions": [shared.alerts(manifest)],
        },
        depends=parts,
    )


def _silent(manifest: Manifest) -> Properties:
    """No drift job has succeeded for a week: nothing else would tell."""
    return resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmDescription": "No drift job has succeeded for a week.",
            "AlarmActions": [shared.alerts(manifest)],
            "Namespace": "AWS/Sagemaker/ModelBuildingPipeline",
            "MetricName": "ExecutionSucceeded",
            "Dimensions": [{"Name": "PipelineName", "Value": names.monitoring_pipeline(manifest)}],
            "Statistic": "Sum",
            "Period": DAY,
            "EvaluationPeriods": 7,
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
        },
    )


def _traffic(manifest: Manifest, place: str, asked: dict[str, str]) -> dict[str, Properties]:
    """Requests that come more or less often than at other times like this (6.traffic)."""
    metric = {
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": name, "Value": value} for name, value in asked.items()],
    }
    alarm: Properties = {
        "AlarmDescription": "Requests come more or less often than is usual at this time.",
        "AlarmActions": [shared.alerts(manifest)],
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "EvaluationPeriods": 3,
        "ThresholdMetricId": "band",
        "TreatMissingData": "notBreaching",
        "Metrics": [
            {
                "Id": "asked",
                "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"},
                "ReturnData": True,
            },
            {
                "Id": "band",
                "Expression": f"ANOMALY_DETECTION_BAND(asked, {WIDTH})",
                "ReturnData": True,
            },
        ],
    }
    detector = f"{place}TrafficDetector"
    return {
        detector: resource("AWS::CloudWatch::AnomalyDetector", {**metric, "Stat": "Sum"}),
        f"{place}Traffic": resource("AWS::CloudWatch::Alarm", alarm, depends=[detector]),
    }


def _logical(name: str) -> str:
    return "".join(part.title() for part in name.split("-"))
