"""One dashboard: how full the machines are beside how good the answers are (guide item 3.9)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, resource, sub
from mlaudit_reference.templates.monitoring import alarms
from mlaudit_reference.templates.monitoring.jobs import recorded

HOSTS = "/aws/sagemaker/Endpoints"
COMPONENTS = "/aws/sagemaker/InferenceComponents"
REQUESTS = "AWS/SageMaker"
WIDTH, HEIGHT, ROW = 8, 6, 24

Widget = dict[str, Any]
Line = list[Any]

ON_INSTANCES = (Mode.REALTIME, Mode.ASYNC, Mode.MULTI_MODEL, Mode.SERIAL)


def resources(manifest: Manifest) -> dict[str, Properties]:
    """The dashboard; none where the manifest wants none."""
    if not manifest.monitoring.dashboard:
        return {}
    body = sub(json.dumps({"widgets": _placed(_widgets(manifest))}, separators=(",", ":")))
    dashboard = {"DashboardName": manifest.name, "DashboardBody": body}
    return {"Dashboard": resource("AWS::CloudWatch::Dashboard", dashboard)}


def _widgets(manifest: Manifest) -> list[Widget]:
    return [
        *(_measured(manifest, mode) for mode in recorded(manifest)),
        *(each for mode in ON_INSTANCES if mode in manifest.targets
          for each in _of_variants(manifest, mode)),
        *(_of_serverless(manifest) if Mode.SERVERLESS in manifest.targets else ()),
        *(_of_components(manifest) if Mode.COMPONENTS in manifest.targets else ()),
        *(_of_stream(manifest) if Mode.STREAMING in manifest.targets else ()),
        *_of_training(manifest),
    ]  # fmt: skip


def _placed(widgets: Iterable[Widget]) -> list[Widget]:
    """Widgets three abreast."""
    return [
        {
            "x": number * WIDTH % ROW,
            "y": number * WIDTH // ROW * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            **widget,
        }
        for number, widget in enumerate(widgets)
    ]


def _chart(title: str, lines: Sequence[Line], stat: str = "Average", **more: Any) -> Widget:
    properties = {
        "title": title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "stat": stat,
        "period": 300,
        "metrics": list(lines),
        **more,
    }
    return {"type": "metric", "properties": properties}


def _line(namespace: str, metric: str, place: dict[str, str], **more: str) -> Line:
    flat = [text for pair in place.items() for text in pair]
    return [namespace, metric, *flat, *([more] if more else [])]


def _measured(manifest: Manifest, mode: Mode) -> Widget:
    """What the drift job measured."""
    place = alarms.dimensions(manifest, mode)
    namespace = shared.metric_namespace(manifest)
    metrics = [watch.metric for watch in alarms.watches(manifest).values()]
    lines = [_line(namespace, metric, place) for metric in (*metrics, "LabelledShare")]
    return _chart(f"{mode}: data, drift and quality", lines, period=alarms.DAY)


def _of_variants(manifest: Manifest, mode: Mode) -> list[Widget]:
    places = [
        {"EndpointName": names.endpoint(manifest, mode), "VariantName": variant}
        for variant in names.variants(manifest, mode)
    ]
    full = ("CPUUtilization", "MemoryUtilization", "DiskUtilization")
    lines = [_line(HOSTS, metric, place) for place in places for metric in full]
    return [
        _chart(f"{mode}: machines", lines),
        *(each for place in places for each in _answers(mode, place)),
    ]


def _of_serverless(manifest: Manifest) -> list[Widget]:
    place = {
        "EndpointName": names.endpoint(manifest, Mode.SERVERLESS),
        "VariantName": names.PRIMARY,
    }
    lines = [
        _line(HOSTS, "MemoryUtilization", place),
        _line(REQUESTS, "ServerlessConcurrentExecutionsUtilization", place),
    ]
    return [_chart("serverless: capacity", lines), *_answers(Mode.SERVERLESS, place)]


def _of_components(manifest: Manifest) -> list[Widget]:
    places = [
        {"InferenceComponentName": names.component(manifest, tenant)}
        for tenant in manifest.components.tenants
    ]
    full = ("CPUUtilizationNormalized", "MemoryUtilizationNormalized")
    lines = [_line(COMPONENTS, metric, place) for place in places for metric in full]
    return [
        _chart("components: machines", lines),
        *(each for place in places for each in _answers(Mode.COMPONENTS, place)),
    ]


def _answers(mode: Mode, place: dict[str, str]) -> list[Widget]:
    asked = [
        _line(REQUESTS, metric, place)
        for metric in ("Invocations", "Invocation4XXErrors", "Invocation5XXErrors")
    ]
    slow = [
        _line(REQUESTS, metric, place, stat=stat)
        for metric in ("ModelLatency", "OverheadLatency")
        for stat in ("p50", "p99")
    ]
    return [
        _chart(f"{mode}: requests and errors", asked, "Sum"),
        _chart(f"{mode}: latency", slow),
    ]


def _of_stream(manifest: Manifest) -> list[Widget]:
    place = {"FunctionName": names.stream_consumer(manifest)}
    metrics = ("Invocations", "Errors", "Throttles")
    counted = [_line("AWS/Lambda", metric, place) for metric in metrics]
    age = [_line("AWS/Lambda", "IteratorAge", place, stat="Maximum")]
    return [
        _chart("streaming: consumer", counted, "Sum"),
        _chart("streaming: how far behind", age),
    ]


def _of_training(manifest: Manifest) -> list[Widget]:
    """How busy the machines of jobs are, and how runs of the pipelines ended."""
    search = "SEARCH('{{/aws/sagemaker/{jobs},Host}} MetricName=\"{metric}\"', 'Average', 300)"
    busy = [
        [{"expression": search.format(jobs=jobs, metric=metric), "id": f"{jobs}{metric}".lower()}]
        for jobs in ("TrainingJobs", "ProcessingJobs")
        for metric in ("CPUUtilization", "MemoryUtilization", "GPUUtilization")
    ]
    runs = [
        _line("AWS/Sagemaker/ModelBuildingPipeline", metric, {"PipelineName": pipeline})
        for pipeline in (names.training_pipeline(manifest), names.monitoring_pipeline(manifest))
        for metric in ("ExecutionSucceeded", "ExecutionFailed")
    ]
    return [
        _chart("jobs: machines", busy),
        _chart("pipelines: how runs ended", runs, "Sum", period=alarms.DAY),
    ]
