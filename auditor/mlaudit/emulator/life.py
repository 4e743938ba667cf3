"""What AWS does by itself while a system lives: measure, log, keep requests, judge alarms.

The emulated account answers calls and does nothing of its own. Whoever wants to see a system as it
is after some weeks calls these, each for a moment in the past. They go through the API alone.
What takes the beginning of names is about all of them by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Clients = Callable[[str, datetime], Any]
"""Makes the client of a service whose calls take place at a moment."""

REQUESTS = {"Invocations": 4200.0, "Invocation4XXErrors": 3.0, "Invocation5XXErrors": 0.0}
LATENCIES = {"ModelLatency": 18_000.0, "OverheadLatency": 4_000.0}
"""Microseconds."""

MACHINES = {"CPUUtilization": 31.0, "MemoryUtilization": 42.0, "DiskUtilization": 12.0}
"""Percent."""

HOSTS = {**MACHINES, "CPUUtilization": 330.0}
"""Of a job: percent, with 100 for each core (SageMaker's metrics of jobs)."""

GPUS = {"GPUUtilization": 87.0, "GPUMemoryUtilization": 71.0}
_ACCELERATED = ("ml.g", "ml.p")

COPIES = {"CPUUtilizationNormalized": 28.0, "MemoryUtilizationNormalized": 39.0}
"""Percent of what the copies of a component have."""

_ENDPOINTS = "/aws/sagemaker/Endpoints"
_COMPONENTS = "/aws/sagemaker/InferenceComponents"
_JOBS = ("Training", "Processing", "Transform")


@dataclass(frozen=True, slots=True)
class _Variant:
    endpoint: str
    name: str
    capture: str | None


def serve(clients: Clients, at: datetime, prefix: str = "") -> None:
    """Let every endpoint answer requests, as its metrics, its logs and its records tell."""
    for variant in list(_variants(clients, at, prefix)):
        dimensions = {"EndpointName": variant.endpoint, "VariantName": variant.name}
        measure(clients, at, "AWS/SageMaker", dimensions, {**REQUESTS, **LATENCIES})
        measure(clients, at, _ENDPOINTS, dimensions, MACHINES)
        log(clients, at, f"{_ENDPOINTS}/{variant.endpoint}", f"{variant.name}/i-0a1b2c3d")
        if variant.capture:
            _keep_requests(clients, at, variant)
    _serve_components(clients, at, prefix)


def _serve_components(clients: Clients, at: datetime, prefix: str) -> None:
    client = clients("sagemaker", at)
    for page in client.get_paginator("list_inference_components").paginate():
        for each in page["InferenceComponents"]:
            name = each["InferenceComponentName"]
            if not name.startswith(prefix):
                continue
            place = {"InferenceComponentName": name}
            measure(clients, at, "AWS/SageMaker", place, {**REQUESTS, **LATENCIES})
            measure(clients, at, _COMPONENTS, place, COPIES)


def _variants(clients: Clients, at: datetime, prefix: str) -> Iterator[_Variant]:
    client = clients("sagemaker", at)
    for page in client.get_paginator("list_endpoints").paginate():
        for each in page["Endpoints"]:
            if not each["EndpointName"].startswith(prefix):
                continue
            endpoint = client.describe_endpoint(EndpointName=each["EndpointName"])
            config = client.describe_endpoint_config(
                EndpointConfigName=endpoint["EndpointConfigName"]
            )
            capture = config.get("DataCaptureConfig", {}).get("DestinationS3Uri")
            for variant in config["ProductionVariants"]:
                yield _Variant(each["EndpointName"], variant["VariantName"], capture)


def _keep_requests(clients: Clients, at: datetime, variant: _Variant) -> None:
    bucket, _, prefix = str(variant.capture).removeprefix("s3://").partition("/")
    place = f"{prefix.rstrip('/')}/{variant.endpoint}/{variant.name}".lstrip("/")
    clients("s3", at).put_object(
        Bucket=bucket, Key=f"{place}/{at:%Y/%m/%d/%H}/{at:%M-%S}-000.jsonl", Body=b"{}\n"
    )


def measure(
    clients: Clients,
    at: datetime,
    namespace: str,
    dimensions: Mapping[str, str],
    values: Mapping[str, float],
) -> None:
    """Put a value of each metric."""
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    clients("cloudwatch", at).put_metric_data(
        Namespace=namespace,
        MetricData=[
            {"MetricName": name, "Dimensions": named, "Timestamp": at, "Value": value}
            for name, value in values.items()
        ],
    )


def log(clients: Clients, at: datetime, group: str, stream: str, text: str = "done") -> None:
    """Write a line to a log group, which AWS makes where there is none."""
    client = clients("logs", at)
    groups = client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    if group not in {each["logGroupName"] for each in groups}:
        client.create_log_group(logGroupName=group)
    known = client.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)
    if stream not in {each["logStreamName"] for each in known["logStreams"]}:
        client.create_log_stream(logGroupName=group, logStreamName=stream)
    client.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": int(at.timestamp() * 1000), "message": text}],
    )


def log_jobs(clients: Clients, now: datetime, since: datetime | None = None) -> None:
    """Let every job have written what it did when it did it, and be measured on each host.

    Args:
        clients: Makes clients.
        now: The present.
        since: Leaves out the jobs from before that.
    """
    client = clients("sagemaker", now)
    for kind in _JOBS:
        for page in client.get_paginator(f"list_{kind.lower()}_jobs").paginate():
            for job in page[f"{kind}JobSummaries"]:
                group, name = f"/aws/sagemaker/{kind}Jobs", job[f"{kind}JobName"]
                if since and job["CreationTime"] < since:
                    continue
                log(clients, job["CreationTime"], group, f"{name}/algo-1-1700000000")
                hosts, values = _hosts(client, kind, name)
                for host in range(hosts):
                    place = {"Host": f"{name}/algo-{host + 1}"}
                    measure(clients, job["CreationTime"], group, place, values)


def _hosts(client: Any, kind: str, name: str) -> tuple[int, Mapping[str, float]]:
    """How many machines a job had, and what is measured of each."""
    if kind != "Training":
        return 1, HOSTS
    machines = client.describe_training_job(TrainingJobName=name)["ResourceConfig"]
    accelerated = machines.get("InstanceType", "").startswith(_ACCELERATED)
    return int(machines.get("InstanceCount", 1)), {**HOSTS, **(GPUS if accelerated else {})}


def judge_alarms(clients: Clients, at: datetime, prefix: str = "") -> None:
    """Put every alarm at OK that has something to judge, or takes silence for good."""
    client = clients("cloudwatch", at)
    for page in client.get_paginator("describe_alarms").paginate():
        for alarm in page["MetricAlarms"]:
            if not alarm["AlarmName"].startswith(prefix):
                continue
            if alarm.get("TreatMissingData") == "notBreaching" or _is_measured(client, alarm):
                client.set_alarm_state(
                    AlarmName=alarm["AlarmName"],
                    StateValue="OK",
                    StateReason="Threshold not crossed",
                )


def _is_measured(client: Any, alarm: Mapping[str, Any]) -> bool:
    """Whether a metric of an alarm has ever had a value."""
    queries = [
        each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each
    ]
    return any(
        client.list_metrics(
            Namespace=each["Namespace"],
            MetricName=each["MetricName"],
            Dimensions=[
                {"Name": one["Name"], "Value": one["Value"]} for one in each.get("Dimensions", ())
            ],
        )["Metrics"]
        for each in queries or [alarm]
    )


def run_machine(clients: Clients, at: datetime, arn: str) -> None:
    """Run a state machine, and let it have logged that where it logs."""
    client = clients("stepfunctions", at)
    client.start_execution(stateMachineArn=arn)
    logging = client.describe_state_machine(stateMachineArn=arn).get("loggingConfiguration", {})
    for each in logging.get("destinations", ()):
        group = each["cloudWatchLogsLogGroup"]["logGroupArn"].split(":log-group:")[1]
        log(clients, at, group.removesuffix(":*"), f"states/{arn.rpartition(':')[2]}/{at:%Y-%m-%d}")


def call_functions(clients: Clients, at: datetime, prefix: str = "") -> None:
    """Let every Lambda function have been called, as its metrics and its log tell."""
    for page in clients("lambda", at).get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            name = each["FunctionName"]
            if not name.startswith(prefix):
                continue
            group = each.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"
            measure(
                clients,
                at,
                "AWS/Lambda",
                {"FunctionName": name},
                {"Invocations": 9.0, "Errors": 0.0},
            )
            log(clients, at, group, f"{at:%Y/%m/%d}/[$LATEST]0a1b2c")


def fire_rule(clients: Clients, at: datetime, rule: str) -> None:
    """Let an EventBridge rule have started its targets once, as its metric tells."""
    measure(clients, at, "AWS/Events", {"RuleName": rule}, {"Invocations": 1.0})
