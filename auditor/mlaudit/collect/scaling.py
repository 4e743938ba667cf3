"""Collect scaling, alarms and metrics, all with account-wide calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.hardware import accelerators, vcpus
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tags_by_arn, utc
from mlaudit.resources import (
    Alarm,
    Endpoint,
    HostUse,
    ResourceTags,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
    TrainingJob,
)

LIST_TARGETS = lists("application-autoscaling", "DescribeScalableTargets", "ScalableTargets", 50)
LIST_POLICIES = lists("application-autoscaling", "DescribeScalingPolicies", "ScalingPolicies", 10)
LIST_ACTIONS = lists("application-autoscaling", "DescribeScheduledActions", "ScheduledActions", 50)
LIST_ALARMS = Operation(
    "cloudwatch", "DescribeAlarms", "MetricAlarms", page_size=("MaxRecords", 100)
)
GET_METRICS = Operation("cloudwatch", "GetMetricData", "MetricDataResults")

_QUERIES_AT_A_TIME = 500
_DAY = 86400
_HOUR = 3600


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


@collector(LIST_ALARMS)
def alarms(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[Alarm]:
    """Every metric alarm."""
    tagged = tags_by_arn(tags)
    for record in reader.items(LIST_ALARMS, AlarmTypes=["MetricAlarm"]):
        yield Alarm(
            arn=record["AlarmArn"],
            region=reader.region,
            name=record["AlarmName"],
            tags=tagged.get(record["AlarmArn"], {}),
            namespace=record.get("Namespace"),
            metric=record.get("MetricName"),
            dimensions={each["Name"]: each["Value"] for each in record.get("Dimensions") or ()},
            state=record["StateValue"],
            actions=tuple(record.get("AlarmActions") or ()) if record["ActionsEnabled"] else (),
        )


@collector(GET_METRICS)
def traffic(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[Traffic]:
    """How many requests each variant of each endpoint answered in the window."""
    variants = [(each, name) for each in endpoints for name in each.variant_names]
    metrics = [
        (
            "AWS/SageMaker",
            "Invocations",
            {"EndpointName": endpoint.name, "VariantName": variant},
        )
        for endpoint, variant in variants
    ]
    answers = _metrics(reader, metrics, "Sum", _DAY)
    for (endpoint, variant), points in zip(variants, answers, strict=True):
        busy = [moment for moment, value in points if value > 0]
        yield Traffic(
            arn=f"{endpoint.arn}#{variant}",
            region=reader.region,
            endpoint_arn=endpoint.arn,
            variant_name=variant,
            requests=sum(value for _, value in points),
            last_at=max(busy, default=None),
        )


@collector(GET_METRICS)
def host_use(reader: Reader, jobs: Sequence[TrainingJob]) -> Iterator[HostUse]:
    """How busy each host of a job that ran on many machines or accelerators was, on average."""
    hosts = [
        (job, f"{job.name}/algo-{number}", job.fleets[0].instance_type)
        for job in jobs
        if reader.window.covers(job.ended_at) and is_parallel(job)
        for number in range(1, job.instances + 1)
    ]
    metrics = [
        (
            "/aws/sagemaker/TrainingJobs",
            "GPUUtilization" if accelerators(kind) else "CPUUtilization",
            {"Host": host},
        )
        for _, host, kind in hosts
    ]
    answers = _metrics(reader, metrics, "Average", _HOUR)
    for (job, host, kind), points in zip(hosts, answers, strict=True):
        yield HostUse(
            arn=f"{job.arn}#{host}",
            region=reader.region,
            host=host,
            job_arn=job.arn,
            percent=_mean_use([value for _, value in points], kind),
        )


def is_parallel(job: TrainingJob) -> bool:
    """Whether a training job had more than one machine, or more than one accelerator."""
    return job.instances > 1 or any(accelerators(each.instance_type) > 1 for each in job.fleets)


def _mean_use(values: Sequence[float], instance_type: str) -> float | None:
    """CloudWatch adds up the devices of a host: divide by their number."""
    devices = accelerators(instance_type) or vcpus(instance_type)
    if not values or not devices:
        return None
    return round(sum(values) / len(values) / devices, 1)


def _metrics(
    reader: Reader, metrics: Sequence[tuple[str, str, Mapping[str, str]]], stat: str, period: int
) -> list[list[tuple[datetime, float]]]:
    """The data points of many metrics over the window, in the order asked."""
    found: list[list[tuple[datetime, float]]] = [[] for _ in metrics]
    queries = [_query(number, metric, stat, period) for number, metric in enumerate(metrics)]
    for start in range(0, len(queries), _QUERIES_AT_A_TIME):
        for result in reader.items(
            GET_METRICS,
            MetricDataQueries=queries[start : start + _QUERIES_AT_A_TIME],
            StartTime=reader.window.start,
            EndTime=reader.window.end,
        ):
            found[int(result["Id"][1:])] += _points(result)
    return found


def _query(
    number: int, metric: tuple[str, str, Mapping[str, str]], stat: str, period: int
) -> dict[str, Any]:
    namespace, name, dimensions = metric
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": period,
            "Stat": stat,
        },
    }


def _points(result: Record) -> list[tuple[datetime, float]]:
    return [
        (utc(moment), value)
        for moment, value in zip(result["Timestamps"], result["Values"], strict=True)
    ]
