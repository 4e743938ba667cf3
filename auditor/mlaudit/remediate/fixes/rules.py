"""Which alarms a place that answers requests can have, by the metrics that AWS keeps of it.

Sources: the SageMaker developer guide on metrics of endpoints and of their instances, of inference
components, of serverless and of asynchronous endpoints, each of which lists what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.capabilities.alarms import Place
from mlaudit.collect.hardware import accelerators, vcpus
from mlaudit.remediate.change import Document
from mlaudit.remediate.fix import Choices

_OF_REQUESTS = "AWS/SageMaker"
_OF_HOSTS = "/aws/sagemaker/Endpoints"
_OF_COMPONENTS = "/aws/sagemaker/InferenceComponents"

REQUESTS = (("Invocations", "Sum"), ("Invocation5XXErrors", "Sum"), ("ModelLatency", "p95"))
"""The metrics of requests in the namespace ``AWS/SageMaker``, each with how it is looked at."""

FULL_PERCENT = 90
_GPUS = ("ml.g", "ml.p")
"""Instances whose accelerators are GPUs; those of other makers have no such metric."""

BACKLOG = 50
"""Requests for each instance that wait, where answers are asynchronous."""
WAIT_MINUTES = 15
"""How long such a request may wait for its turn."""
_SILENT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm that a place can have.

    Attributes:
        name: What tells it from others of the place.
        when: When it goes off, in words.
        members: What ``PutMetricAlarm`` takes, without its name, its actions and its tags.
    """

    name: str
    when: str
    members: Document


Rules = Callable[[Place, Choices], Iterator[Rule]]


def _single(namespace: str, metric: str, over: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """An alarm that goes off above a threshold in three of five minutes; silence is no alarm."""
    return {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": _dimensions(over),
        "Period": 60,
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        **more,
    }


def _dimensions(place: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in place.items()]


def _variant(place: Place) -> dict[str, str]:
    placed = place.placement
    return {"EndpointName": placed.endpoint.name, "VariantName": placed.variant.name}


def own_dimensions(place: Place) -> dict[str, str]:
    """The dimensions under which requests to a place are counted."""
    return {"InferenceComponentName": place.component.name} if place.component else _variant(place)


def saturation(place: Place, _: Choices) -> Iterator[Rule]:
    """Alarms on full machines."""
    for metric, namespace, full in full_machines(place):
        share = full == 1.0
        threshold = full * FULL_PERCENT / 100
        yield Rule(
            f"full-{metric}",
            f"{metric} is above {FULL_PERCENT} % of what it can be",
            _single(
                namespace,
                metric,
                own_dimensions(place),
                Statistic="Maximum" if share else "Average",
                Threshold=threshold,
            ),
        )


def full_machines(place: Place) -> Iterator[tuple[str, str, float]]:
    """The metrics of how full a place is, where they are kept, and their values when it is full.

    That of processors adds up all of an instance, so it tells something only where their number is
    known.
    """
    if place.component:
        yield "CPUUtilizationNormalized", _OF_COMPONENTS, 100.0
        yield "MemoryUtilizationNormalized", _OF_COMPONENTS, 100.0
        return
    if place.placement.serverless:
        yield "ServerlessConcurrentExecutionsUtilization", _OF_REQUESTS, 1.0
        return
    kind = place.placement.variant.instance_type or ""
    if kind and (processors := vcpus(kind)):
        yield "CPUUtilization", _OF_HOSTS, 100.0 * processors
    yield "MemoryUtilization", _OF_HOSTS, 100.0
    yield "DiskUtilization", _OF_HOSTS, 100.0
    if kind.startswith(_GPUS) and (gpus := accelerators(kind)):
        yield "GPUUtilization", _OF_HOSTS, 100.0 * gpus


def latency(place: Place, choices: Choices) -> Iterator[Rule]:
    """An alarm on the slowest answers; of asynchronous ones, on how long they wait for their turn.

    How long asynchronous answers may take is not known: they are asynchronous because they take
    long.
    """
    if place.placement.config.asynchronous:
        metric, limit, when = "TimeInBacklog", WAIT_MINUTES * 60_000.0, f"{WAIT_MINUTES} minutes"
        words = f"one request in 20 waits longer than {when}"
    else:
        metric, limit = "ModelLatency", choices.latency_ms * 1000.0  # AWS counts microseconds
        words = f"one answer in 20 takes longer than {choices.latency_ms} ms"
    own = own_dimensions(place)
    percentile = {"ExtendedStatistic": "p95", "Threshold": limit}
    yield Rule("slow", words, _single(_OF_REQUESTS, metric, own, **percentile))


def traffic(place: Place, _: Choices) -> Iterator[Rule]:
    """An alarm on callers who vanish; where answers are asynchronous, on a queue that grows."""
    if place.placement.config.asynchronous:
        metric = "ApproximateBacklogSizePerInstance"
        own = {"EndpointName": place.placement.endpoint.name}
        most = {"Period": 300, "Statistic": "Average", "Threshold": float(BACKLOG)}
        yield Rule(
            "queue",
            f"more than {BACKLOG} requests wait for each instance",
            _single(_OF_REQUESTS, metric, own, **most),
        )
        return
    none = {
        "Period": 3600,
        "EvaluationPeriods": _SILENT_HOURS,
        "DatapointsToAlarm": _SILENT_HOURS,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",  # where nobody asks, there is no metric
        "Statistic": "Sum",
        "Threshold": 1.0,
    }
    yield Rule(
        "silent",
        f"nobody asks for {_SILENT_HOURS} hours",
        _single(_OF_REQUESTS, "Invocations", own_dimensions(place), **none),
    )


def errors(place: Place, choices: Choices) -> Iterator[Rule]:
    """An alarm on the share of requests that fail; of asynchronous ones, on any."""
    own = own_dimensions(place)
    if place.placement.config.asynchronous:
        any_ = {"Period": 300, "DatapointsToAlarm": 1, "Statistic": "Sum", "Threshold": 0.0}
        failed = _single(_OF_REQUESTS, "InvocationFailures", own, **any_)
        yield Rule("errors", "a request fails", failed)
        return
    share = {
        "Metrics": [
            _query("errors", "Invocation5XXErrors", own),
            _query("requests", "Invocations", own),
            {
                "Id": "percent",
                "Expression": "100 * errors / requests",
                "Label": "percent of requests that fail",
                "ReturnData": True,
            },
        ],
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "Threshold": float(choices.error_percent),
    }
    yield Rule("errors", f"more than {choices.error_percent} % of requests fail", share)


def _query(id_: str, metric: str, place: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {
                "Namespace": _OF_REQUESTS,
                "MetricName": metric,
                "Dimensions": _dimensions(place),
            },
            "Period": 60,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }
