"""Alarms on what answers: errors, latency, saturation and traffic (guide section 6).

The names of metrics are those of "Amazon SageMaker AI metrics in Amazon CloudWatch".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.manifest.serving import Scaling
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import NOTHING, Properties, Value, resource

INVOCATIONS = "AWS/SageMaker"
HOSTS = "/aws/sagemaker/Endpoints"
COMPONENTS = "/aws/sagemaker/InferenceComponents"

FAULTY_SHARE = 0.01
"""The share of requests that may end in an error of the model."""

REFUSED_SHARE = 0.1
"""The share of requests that may be refused as wrong."""

FULL_PERCENT = 85
MINUTE = 60
HOUR = 60 * MINUTE


@dataclass(frozen=True)
class Watch:
    """What an alarm looks at.

    Attributes:
        about: What it means when the alarm goes off.
        metric: The metric.
        threshold: What it must not exceed, or fall below.
        statistic: How values of one period are put together: ``Average``, ``Sum``, ``p99``.
        namespace: Where the metric is.
        seconds: The length of a period.
        periods: How many periods must be over the threshold.
        below: Whether it must not fall below.
        silence: What it means that there is no value: ``notBreaching`` or ``breaching``.
    """

    about: str
    metric: str
    threshold: float
    statistic: str = "Average"
    namespace: str = INVOCATIONS
    seconds: int = MINUTE
    periods: int = 3
    below: bool = False
    silence: str = "notBreaching"


Dimensions = Mapping[str, Value]


def alarm(
    manifest: Manifest, watch: Watch, dimensions: Dimensions, actions: Sequence[Value] = ()
) -> Properties:
    """An alarm.

    Args:
        manifest: The manifest.
        watch: What it looks at.
        dimensions: What the metric is of.
        actions: What it sets off; people hear of it where nothing is named.
    """
    ranked = watch.statistic.startswith("p")
    return resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmDescription": watch.about,
            "AlarmActions": list(actions) or [shared.alerts(manifest)],
            "Namespace": watch.namespace,
            "MetricName": watch.metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": NOTHING if ranked else watch.statistic,
            "ExtendedStatistic": watch.statistic if ranked else NOTHING,
            "Period": watch.seconds,
            "EvaluationPeriods": watch.periods,
            "Threshold": watch.threshold,
            "ComparisonOperator": "LessThanThreshold" if watch.below else "GreaterThanThreshold",
            "TreatMissingData": watch.silence,
        },
    )


def alarms(
    manifest: Manifest, place: str, watches: Mapping[str, Watch], dimensions: Dimensions
) -> dict[str, Properties]:
    """The alarms of one place, called ``<place><watch>``."""
    return {f"{place}{name}": alarm(manifest, watch, dimensions) for name, watch in watches.items()}


ROLLBACK = ("Faults", "Latency")
"""The watches by which an update is taken back: those that a version is to blame for."""


def answers(latency_ms: int) -> dict[str, Watch]:
    """Watches of everything that answers requests.

    An error counts as one and a success as zero, so that the average is the share of errors.
    """
    return {
        "Faults": Watch(
            f"More than {FAULTY_SHARE:.0%} of requests end in an error of the model (5xx).",
            "Invocation5XXErrors",
            FAULTY_SHARE,
        ),
        "Refusals": Watch(
            f"More than {REFUSED_SHARE:.0%} of requests are refused as wrong (4xx).",
            "Invocation4XXErrors",
            REFUSED_SHARE,
            periods=5,
        ),
        "Latency": Watch(
            f"One request in a hundred takes the model longer than {latency_ms} ms.",
            "ModelLatency",
            microseconds(latency_ms),
            "p99",
        ),
    }


def microseconds(milliseconds: int) -> int:
    """What SageMaker measures latency in."""
    return 1000 * milliseconds


def hosts(instance_type: str) -> dict[str, Watch]:
    """Watches of how full the instances of a variant are."""
    cores = processor_cores(instance_type)
    return {
        "Processor": Watch(
            f"The processors are more than {FULL_PERCENT} % busy.",
            "CPUUtilization",
            # 100 for each core (CloudWatch metrics of SageMaker).
            FULL_PERCENT * cores,
            namespace=HOSTS,
            periods=5,
        ),
        "Memory": Watch(
            f"The memory is more than {FULL_PERCENT} % full.",
            "MemoryUtilization",
            FULL_PERCENT,
            namespace=HOSTS,
            periods=5,
        ),
        "Disk": Watch(
            f"The disk is more than {FULL_PERCENT} % full.",
            "DiskUtilization",
            FULL_PERCENT,
            namespace=HOSTS,
            periods=5,
        ),
    }


def traffic(scaling: Scaling) -> dict[str, Watch]:
    """Watches of how much is asked: nothing at all, or more than the largest fleet answers."""
    most = scaling.invocations * scaling.maximum
    return {
        "Silence": Watch(
            "Nobody has asked for an hour.",
            "Invocations",
            1,
            "Sum",
            seconds=HOUR,
            periods=1,
            below=True,
            silence="breaching",
        ),
        "Flood": flood(most),
    }


def flood(per_minute: int) -> Watch:
    """A watch of more requests than are meant to come."""
    return Watch(
        f"More than {per_minute} requests a minute come.", "Invocations", per_minute, "Sum"
    )


_CORES = {"medium": 1, "large": 2, "xlarge": 4}
_BURSTABLE_MEDIUM = 2


def processor_cores(instance_type: str) -> int:
    """Virtual processors of an instance type such as ``ml.c6i.2xlarge``, by the name of its size.

    Sizes are named alike in all families: ``xlarge`` has four, ``12xlarge`` twelve times as many.
    ``medium`` has two where it is burstable (``t2``, ``t3``), else one.
    """
    _, family, size = instance_type.split(".")
    if size == "medium" and family.startswith("t"):
        return _BURSTABLE_MEDIUM
    if size in _CORES:
        return _CORES[size]
    return _CORES["xlarge"] * int(size.removesuffix("xlarge"))
