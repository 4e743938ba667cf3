"""Collect what serves: models, endpoints with their configurations, components, monitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.registry import container
from mlaudit.collect.values import tags_by_arn, utc, utc_or_none
from mlaudit.collect.whole import Searchable, searchable, whole
from mlaudit.resources import (
    DataCapture,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    MonitoringSchedule,
    RecommendationJob,
    ResourceTags,
    UnusedEndpointConfig,
    Variant,
)

ENDPOINTS = searchable("Endpoint")
MODELS = Searchable(
    path=("Model", "Model"),
    listing=lists("sagemaker", "ListModels", "Models"),
    describing=Operation("sagemaker", "DescribeModel"),
    name="ModelName",
    parameter="ModelName",
    arn="ModelArn",
)
LIST_CONFIGS = lists("sagemaker", "ListEndpointConfigs", "EndpointConfigs")
DESCRIBE_CONFIG = Operation("sagemaker", "DescribeEndpointConfig")
LIST_COMPONENTS = lists("sagemaker", "ListInferenceComponents", "InferenceComponents")
DESCRIBE_COMPONENT = Operation("sagemaker", "DescribeInferenceComponent")
LIST_SCHEDULES = lists("sagemaker", "ListMonitoringSchedules", "MonitoringScheduleSummaries")
LIST_RECOMMENDATIONS = lists(
    "sagemaker", "ListInferenceRecommendationsJobs", "InferenceRecommendationsJobs"
)


@collector(*ENDPOINTS.operations)
def endpoints(reader: Reader) -> Iterator[Endpoint]:
    """Every endpoint."""

    def read(record: Record, tags: Mapping[str, str]) -> Endpoint:
        return Endpoint(
            arn=record["EndpointArn"],
            region=reader.region,
            name=record["EndpointName"],
            tags=tags,
            status=record["EndpointStatus"],
            config_name=record.get("EndpointConfigName"),
            variant_names=tuple(
                each["VariantName"] for each in record.get("ProductionVariants") or ()
            ),
            created_at=utc(record["CreationTime"]),
            modified_at=utc(record["LastModifiedTime"]),
        )

    yield from whole(reader, ENDPOINTS, read)


@collector(*MODELS.operations)
def models(reader: Reader) -> Iterator[Model]:
    """Every model."""

    def read(record: Record, tags: Mapping[str, str]) -> Model:
        primary = record.get("PrimaryContainer")
        containers = ([primary] if primary else []) + list(record.get("Containers") or ())
        if not containers:
            raise KeyError("PrimaryContainer")
        return Model(
            arn=record["ModelArn"],
            region=reader.region,
            name=record["ModelName"],
            tags=tags,
            containers=tuple(container(each) for each in containers),
            execution_mode=_execution_mode(record, len(containers)),
            network_isolation=bool(record.get("EnableNetworkIsolation")),
            in_network=bool(record.get("VpcConfig")),
            role=record.get("ExecutionRoleArn"),
            created_at=utc(record["CreationTime"]),
        )

    yield from whole(reader, MODELS, read)


def _execution_mode(record: Record, containers: int) -> str | None:
    if containers == 1:
        return None
    return str((record.get("InferenceExecutionConfig") or {}).get("Mode") or "Serial")


@collector(LIST_CONFIGS, DESCRIBE_CONFIG)
def endpoint_configs(
    reader: Reader, endpoints: Sequence[Endpoint], tags: Sequence[ResourceTags]
) -> Iterator[EndpointConfig | UnusedEndpointConfig]:
    """The configurations endpoints serve with, described; the others, listed."""
    tagged = tags_by_arn(tags)
    uses = sorted((each.config_name, each.arn) for each in endpoints if each.config_name)
    used = {name for name, _ in uses}

    def fetch(use: tuple[str, str]) -> EndpointConfig:
        # The gap is about the endpoint: that is what cannot be judged without it. So a
        # configuration that two endpoints share is read for each.
        name, endpoint = use
        record = reader.one(DESCRIBE_CONFIG, endpoint, EndpointConfigName=name)
        return _config(record, reader.region, tagged)

    yield from reader.referenced(uses, fetch)
    for summary in reader.items(LIST_CONFIGS):
        if summary["EndpointConfigName"] not in used:
            yield UnusedEndpointConfig(
                arn=summary["EndpointConfigArn"],
                region=reader.region,
                name=summary["EndpointConfigName"],
                tags=tagged.get(summary["EndpointConfigArn"], {}),
                created_at=utc(summary["CreationTime"]),
            )


def _config(record: Record, region: str, tags: Mapping[str, Mapping[str, str]]) -> EndpointConfig:
    return EndpointConfig(
        arn=record["EndpointConfigArn"],
        region=region,
        name=record["EndpointConfigName"],
        tags=tags.get(record["EndpointConfigArn"], {}),
        variants=tuple(_variant(each) for each in record.get("ProductionVariants") or ()),
        shadow_variants=tuple(
            _variant(each) for each in record.get("ShadowProductionVariants") or ()
        ),
        asynchronous=bool(record.get("AsyncInferenceConfig")),
        error_topic=bool(_notified(record).get("ErrorTopic")),
        encrypts_volumes=bool(record.get("KmsKeyId")),
        data_capture=_capture(record.get("DataCaptureConfig")),
        explains=bool((record.get("ExplainerConfig") or {}).get("ClarifyExplainerConfig")),
        created_at=utc(record["CreationTime"]),
    )


def _notified(record: Record) -> Record:
    """Which topics hear of asynchronous requests."""
    output = (record.get("AsyncInferenceConfig") or {}).get("OutputConfig") or {}
    found: Record = output.get("NotificationConfig") or {}
    return found


def _variant(record: Mapping[str, Any]) -> Variant:
    serverless = record.get("ServerlessConfig") or {}
    managed = record.get("ManagedInstanceScaling") or {}
    return Variant(
        name=record["VariantName"],
        model_name=record.get("ModelName"),
        instance_type=record.get("InstanceType"),
        instance_count=record.get("InitialInstanceCount"),
        serverless_concurrency=serverless.get("MaxConcurrency"),
        managed_scaling=managed.get("Status") == "ENABLED",
        managed_min=managed.get("MinInstanceCount"),
        managed_max=managed.get("MaxInstanceCount"),
        instance_pools=tuple(each["InstanceType"] for each in record.get("InstancePools") or ()),
        weight=record.get("InitialVariantWeight"),
    )


def _capture(record: Mapping[str, Any] | None) -> DataCapture | None:
    if record is None:
        return None
    return DataCapture(
        enabled=bool(record.get("EnableCapture")),
        sampling_percent=record.get("InitialSamplingPercentage"),
        modes=tuple(each["CaptureMode"] for each in record.get("CaptureOptions") or ()),
        destination=record.get("DestinationS3Uri"),
        encrypted=bool(record.get("KmsKeyId")),
    )


@collector(LIST_COMPONENTS, DESCRIBE_COMPONENT)
def inference_components(
    reader: Reader, configs: Sequence[EndpointConfig], tags: Sequence[ResourceTags]
) -> Iterator[InferenceComponent]:
    """Every inference component.

    Only a variant that names no model can hold components, so without one there is nothing to ask.
    """
    if all(variant.model_name for config in configs for variant in config.variants):
        return
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> InferenceComponent:
        name, arn = summary["InferenceComponentName"], summary["InferenceComponentArn"]
        record = reader.one(DESCRIBE_COMPONENT, arn, InferenceComponentName=name)
        return InferenceComponent(
            arn=arn,
            region=reader.region,
            name=name,
            tags=tagged.get(arn, {}),
            status=record["InferenceComponentStatus"],
            endpoint_arn=record["EndpointArn"],
            variant_name=record.get("VariantName"),
            model_name=(record.get("Specification") or {}).get("ModelName"),
            copies=(record.get("RuntimeConfig") or {}).get("CurrentCopyCount"),
            created_at=utc(record["CreationTime"]),
        )

    yield from reader.each(list(reader.items(LIST_COMPONENTS)), fetch)


@collector(LIST_SCHEDULES)
def monitoring_schedules(
    reader: Reader, tags: Sequence[ResourceTags]
) -> Iterator[MonitoringSchedule]:
    """Every Model Monitor schedule."""
    tagged = tags_by_arn(tags)
    for summary in reader.items(LIST_SCHEDULES):
        arn = summary["MonitoringScheduleArn"]
        yield MonitoringSchedule(
            arn=arn,
            region=reader.region,
            name=summary["MonitoringScheduleName"],
            tags=tagged.get(arn, {}),
            status=summary["MonitoringScheduleStatus"],
            monitoring_type=summary.get("MonitoringType"),
            endpoint_name=summary.get("EndpointName"),
            created_at=utc(summary["CreationTime"]),
        )


@collector(LIST_RECOMMENDATIONS)
def recommendation_jobs(
    reader: Reader, tags: Sequence[ResourceTags]
) -> Iterator[RecommendationJob]:
    """Inference Recommender runs of the window."""
    tagged = tags_by_arn(tags)
    for summary in reader.items(LIST_RECOMMENDATIONS, CreationTimeAfter=reader.window.start):
        yield RecommendationJob(
            arn=summary["JobArn"],
            region=reader.region,
            name=summary["JobName"],
            tags=tagged.get(summary["JobArn"], {}),
            status=summary["Status"],
            job_type=summary["JobType"],
            model_name=summary.get("ModelName"),
            package_version_arn=summary.get("ModelPackageVersionArn"),
            created_at=utc(summary["CreationTime"]),
            completed_at=utc_or_none(summary.get("CompletionTime")),
        )
