"""Collect scaling and metrics, all with account-wide calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.hardware import accelerators, is_parallel, vcpus
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    ComponentTraffic,
    Endpoint,
    HostUse,
    InferenceComponent,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
    TrainingJob,
)

LIST_TARGETS = lists("application-autoscaling", "DescribeScalableTargets", "ScalableTargets", 50)
LIST_POLICIES = lists("application-autoscaling", "DescribeScalingPolicies", "ScalingPolicies", 10)
LIST_ACTIONS = lists("application-autoscaling", "DescribeScheduledActions", "ScheduledActions", 50)
GET_METRICS = Operation("cloudwatch", "GetMetricData", "MetricDataResults")

_QUERIES_AT_A_TIME = 500
_DAY = 86400
HOUR = 3600
_COMPLETE = "Complete"

Points = list[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric, and the ARN of what it measures."""

    subject: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Answer:
    """The data points of one metric; the status of a metric nothing was said about is missing."""

    points: Points = field(default_factory=list)
    status: str = "Missing"


@collector(LIST_TARGETS)
def scalable_targets(reader: Reader) -> Iterator[ScalableTarget]:
    """What of SageMaker may scale."""
    for record in reader.items(LIST_TARGETS, ServiceNamespace="sagemaker"):
        resource, dimension = record["ResourceId"], record["ScalableDimension"]
        yield ScalableTarget(
            arn=record.get("ScalableTargetARN") or f"{resource}#{dimension}",
            region=reader.region,
            resource_id=resource,
            dimension=dimension,
            minimum=record["MinCapacity"],
            maximum=record["MaxCapacity"],
            suspended=any((record.get("SuspendedState") or {}).values()),
        )


@collector(LIST_POLICIES)
def scaling_policies(reader: Reader) -> Iterator[ScalingPolicy]:
    """By which rules SageMaker scales."""
    for record in reader.items(LIST_POLICIES, ServiceNamespace="sagemaker"):
        tracking = record.get("TargetTrackingScalingPolicyConfiguration") or {}
        predefined = tracking.get("PredefinedMetricSpecification") or {}
        custom = tracking.get("CustomizedMetricSpecification") or {}
        yield ScalingPolicy(
            arn=record["PolicyARN"],
            region=reader.region,
            name=record["PolicyName"],
            resource_id=record["ResourceId"],
            dimension=record["ScalableDimension"],
            policy_type=record["PolicyType"],
            metric=predefined.get("PredefinedMetricType") or custom.get("MetricName"),
            target_value=tracking.get("TargetValue"),
        )


@collector(LIST_ACTIONS)
def scheduled_scalings(reader: Reader) -> Iterator[ScheduledScaling]:
    """When bounds of SageMaker targets change by the clock."""
    for record in reader.items(LIST_ACTIONS, ServiceNamespace="sagemaker"):
        yield ScheduledScaling(
            arn=record["ScheduledActionARN"],
            region=reader.region,
            name=record["ScheduledActionName"],
            resource_id=record["ResourceId"],
            schedule=record["Schedule"],
        )


@collector(GET_METRICS)
def traffic(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[Traffic]:
    """How many requests each variant of each endpoint answered in the window."""
    variants = {
        Metric(
            each.arn,
            "AWS/SageMaker",
            "Invocations",
            (("EndpointName", each.name), ("VariantName", name)),
        ): (each, name)
        for each in endpoints
        for name in each.variant_names
    }
    for metric, points in points_of(reader, tuple(variants), "Sum", _DAY):
        endpoint, variant = variants[metric]
        busy = [moment for moment, value in points if value > 0]
        yield Traffic(
            arn=f"{endpoint.arn}#{variant}",
            region=reader.region,
            endpoint_arn=endpoint.arn,
            variant_name=variant,
            requests=sum((value for _, value in points), 0.0),
            last_at=max(busy, default=None),
        )


@collector(GET_METRICS)
def component_traffic(
    reader: Reader, components: Sequence[InferenceComponent]
) -> Iterator[ComponentTraffic]:
    """How many requests each inference component answered in the window."""
    asked = {
        Metric(
            each.arn, "AWS/SageMaker", "Invocations", (("InferenceComponentName", each.name),)
        ): each
        for each in components
    }
    for metric, points in points_of(reader, tuple(asked), "Sum", _DAY):
        yield ComponentTraffic(
            arn=f"{metric.subject}#requests",
            region=reader.region,
            component_arn=metric.subject,
            requests=sum((value for _, value in points), 0.0),
        )


@collector(GET_METRICS)
def host_use(reader: Reader, jobs: Sequence[TrainingJob]) -> Iterator[HostUse]:
    """How busy each host of a job that ran on many machines or accelerators was, on average."""
    hosts = {
        _use_of(job, f"{job.name}/algo-{number}"): (job, f"{job.name}/algo-{number}")
        for job in jobs
        if reader.window.covers(job.ended_at) and is_parallel(job) and _is_known(reader, job)
        for number in range(1, job.instances + 1)
    }
    for metric, points in points_of(reader, tuple(hosts), "Average", HOUR):
        job, host = hosts[metric]
        yield HostUse(
            arn=f"{job.arn}#{host}",
            region=reader.region,
            host=host,
            job_arn=job.arn,
            percent=_mean_use([value for _, value in points], _devices(job)),
        )


def _use_of(job: TrainingJob, host: str) -> Metric:
    gpu = accelerators(job.fleets[0].instance_type)
    name = "GPUUtilization" if gpu else "CPUUtilization"
    return Metric(job.arn, "/aws/sagemaker/TrainingJobs", name, (("Host", host),))


def _is_known(reader: Reader, job: TrainingJob) -> bool:
    """Whether the job's machines can be judged; one of an unknown size leaves a gap."""
    if _devices(job):
        return True
    reader.not_read(GET_METRICS, f"UnknownInstanceType ({job.fleets[0].instance_type})", job.arn)
    return False


def _devices(job: TrainingJob) -> int:
    kind = job.fleets[0].instance_type
    return accelerators(kind) or vcpus(kind) or 0


def _mean_use(values: Sequence[float], devices: int) -> float | None:
    """CloudWatch adds up the devices of a host: divide by their number."""
    return round(sum(values) / len(values) / devices, 1) if values else None


def points_of(
    reader: Reader, metrics: Sequence[Metric], stat: str, period: int
) -> Iterator[tuple[Metric, Points]]:
    """The data points of each metric over the window; one CloudWatch keeps back is a gap."""
    for start in range(0, len(metrics), _QUERIES_AT_A_TIME):
        some = metrics[start : start + _QUERIES_AT_A_TIME]
        for metric, result in zip(some, _answers(reader, some, stat, period), strict=True):
            if result.status == _COMPLETE:
                yield metric, result.points
            else:
                reader.ledger.keep(_kept_back(reader.region, metric, result.status))


def _kept_back(region: str, metric: Metric, status: str) -> Gap:
    reason = GapReason.DENIED if status == "Forbidden" else GapReason.FAILED
    return Gap(GET_METRICS.id, region, f"Metric{status}", reason, None, metric.subject)


def _answers(
    reader: Reader, metrics: Sequence[Metric], stat: str, period: int
) -> Sequence[_Answer]:
    """What CloudWatch says to each metric, over all pages."""
    found = [_Answer() for _ in metrics]
    for result in reader.items(
        GET_METRICS,
        MetricDataQueries=[
            _query(number, metric, stat, period) for number, metric in enumerate(metrics)
        ],
        StartTime=reader.window.start,
        EndTime=reader.window.end,
    ):
        answer = found[int(result["Id"][1:])]
        answer.points += _points(result)
        answer.status = result.get("StatusCode") or _COMPLETE
    return found


def _query(number: int, metric: Metric, stat: str, period: int) -> dict[str, Any]:
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in metric.dimensions],
            },
            "Period": period,
            "Stat": stat,
        },
    }


def _points(result: Record) -> Points:
    return [
        (utc(moment), value)
        for moment, value in zip(result["Timestamps"], result["Values"], strict=True)
    ]
