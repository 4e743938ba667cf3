"""What was scanned, made again in an emulated account, as far as its type tells what it was.

Each function gives the calls that make one resource, at the moments at which they took place, so
that a collector reads there what it read in the real account. A resource does not hold everything
that AWS knows of it, but all that any verdict asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from mlaudit.emulator.seeding import PastCall
from mlaudit.resources import (
    Container,
    DataCapture,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Traffic,
    Variant,
)

_SOMEWHERE = "s3://mlaudit-rehearsal/"
_NETWORK = {"SecurityGroupIds": ["sg-rehearsal"], "Subnets": ["subnet-rehearsal"]}
_KEY = "alias/mlaudit-rehearsal"
_ROLE = "arn:{partition}:iam::{account}:role/mlaudit-rehearsal"
_TRUST = '{"Version": "2012-10-17", "Statement": []}'

Calls = Iterator[PastCall]
_call = partial(PastCall, "sagemaker")


def group_calls(group: ModelPackageGroup) -> Calls:
    """A model package group."""
    params = {"ModelPackageGroupName": group.name, **_tags(group.tags)}
    yield _call("CreateModelPackageGroup", params, group.created_at)


def package_calls(package: ModelPackage) -> Calls:
    """A version of a model, under its number; its group must be there."""
    properties = {
        "GeneratedBy": package.generated_by,
        "CommitId": package.commit,
        "Repository": package.repository,
    }
    named = (
        {"ModelPackageGroupName": package.group_name}
        if package.group_name
        else {"ModelPackageName": package.name}
    )
    params = {
        **named,
        "InferenceSpecification": {
            "Containers": [_package_container(each) for each in package.containers],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "MetadataProperties": _set(properties),
        "ModelMetrics": _metrics(package),
        "DriftCheckBaselines": {
            kind: {_BASELINE[kind]: _source(uri)}
            for kind, uri in package.baselines.items()
            if kind in _BASELINE
        },
        "CustomerMetadataProperties": dict.fromkeys(package.metadata_keys, "not kept"),
        "ModelApprovalStatus": package.approval if package.group_name else None,
        **_tags(package.tags if not package.group_name else {}),
    }
    becomes = _set({"ModelPackageVersion": package.version, "ModelPackageStatus": package.status})
    yield _call("CreateModelPackage", _set(params), package.created_at, becomes)


_BASELINE = {
    "ModelQuality": "Constraints",
    "ModelDataQuality": "Constraints",
    "Bias": "PostTrainingConstraints",
    "Explainability": "Constraints",
}


def _metrics(package: ModelPackage) -> Mapping[str, Any]:
    told = {
        "ModelQuality": ("Statistics", package.quality_uri),
        "ModelDataQuality": ("Statistics", package.data_quality_uri),
        "Explainability": ("Report", package.explainability_uri),
    }
    bias = {"PreTrainingReport": package.data_bias_uri, "PostTrainingReport": package.bias_uri}
    reports = {kind: {member: _source(uri)} for kind, (member, uri) in told.items() if uri}
    return reports | _set({"Bias": {name: _source(uri) for name, uri in bias.items() if uri}})


def _source(uri: str) -> Mapping[str, str]:
    return {"ContentType": "application/json", "S3Uri": uri}


def _package_container(container: Container) -> Mapping[str, Any]:
    return _set(
        {
            "Image": container.image or f"{_SOMEWHERE}image",
            "ImageDigest": container.image_digest,
            "ModelDataUrl": container.model_data,
            "Framework": container.framework,
            "FrameworkVersion": container.framework_version,
        }
    )


def model_calls(model: Model) -> Calls:
    """A model; the packages that its containers name must be there."""
    containers = [_container(each) for each in model.containers]
    mode = {"InferenceExecutionConfig": {"Mode": model.execution_mode}}
    params = {
        "ModelName": model.name,
        "ExecutionRoleArn": model.role or _role(model.arn),
        "EnableNetworkIsolation": model.network_isolation,
        "VpcConfig": _NETWORK if model.in_network else None,
        **_tags(model.tags),
        **({"PrimaryContainer": containers[0]} if len(containers) == 1 else {}),
        **({"Containers": containers, **mode} if len(containers) > 1 else {}),
    }
    yield _call("CreateModel", _set(params), model.created_at)


def _container(container: Container) -> Mapping[str, Any]:
    return _set(
        {
            "Image": container.image,
            "ModelPackageName": container.package_arn,
            "ModelDataUrl": container.model_data,
            "Mode": "MultiModel" if container.multi_model else None,
        }
    )


def config_calls(config: EndpointConfig) -> Calls:
    """A configuration of an endpoint; its models must be there."""
    topics = {
        "NotificationConfig": {"ErrorTopic": _topic(config.arn)} if config.error_topic else {}
    }
    explainer: Mapping[str, Any] = {
        "ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {}}}
    }
    output = _set({"S3OutputPath": f"{_SOMEWHERE}answers", **_set(topics)})
    params = {
        "EndpointConfigName": config.name,
        "ProductionVariants": [_variant(each) for each in config.variants],
        "ShadowProductionVariants": [_variant(each) for each in config.shadow_variants],
        "AsyncInferenceConfig": {"OutputConfig": output} if config.asynchronous else None,
        "KmsKeyId": _KEY if config.encrypts_volumes else None,
        "DataCaptureConfig": _capture(config.data_capture),
        "ExplainerConfig": explainer if config.explains else None,
        # Where a variant names no model, its components bring models and rights.
        "ExecutionRoleArn": None
        if all(each.model_name for each in config.variants)
        else _role(config.arn),
        **_tags(config.tags),
    }
    yield _call("CreateEndpointConfig", _set(params), config.created_at)


def _variant(variant: Variant) -> Mapping[str, Any]:
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": variant.serverless_concurrency}
    scaling = {
        "Status": "ENABLED",
        "MinInstanceCount": variant.managed_min,
        "MaxInstanceCount": variant.managed_max,
    }
    return _set(
        {
            "VariantName": variant.name,
            "ModelName": variant.model_name,
            "InstanceType": variant.instance_type,
            "InitialInstanceCount": variant.instance_count,
            "InitialVariantWeight": variant.weight,
            "ServerlessConfig": serverless if variant.serverless_concurrency else None,
            "ManagedInstanceScaling": _set(scaling) if variant.managed_scaling else None,
            "InstancePools": [{"InstanceType": each} for each in variant.instance_pools],
        }
    )


def _capture(capture: DataCapture | None) -> Mapping[str, Any] | None:
    if capture is None:
        return None
    return _set(
        {
            "EnableCapture": capture.enabled,
            "InitialSamplingPercentage": capture.sampling_percent,
            "CaptureOptions": [{"CaptureMode": each} for each in capture.modes],
            "DestinationS3Uri": capture.destination,
            "KmsKeyId": _KEY if capture.encrypted else None,
        }
    )


def endpoint_calls(endpoint: Endpoint) -> Calls:
    """An endpoint; its configuration must be there."""
    params = {
        "EndpointName": endpoint.name,
        "EndpointConfigName": endpoint.config_name,
        **_tags(endpoint.tags),
    }
    yield _call("CreateEndpoint", _set(params), endpoint.created_at, endpoint_state(endpoint))


def endpoint_state(endpoint: Endpoint) -> Mapping[str, Any]:
    """What an endpoint became since it was made."""
    return {"EndpointStatus": endpoint.status, "LastModifiedTime": endpoint.modified_at}


def component_calls(component: InferenceComponent) -> Calls:
    """An inference component; its endpoint and its model must be there."""
    params = {
        "InferenceComponentName": component.name,
        "EndpointName": component.endpoint_arn.rpartition("/")[2],
        "VariantName": component.variant_name,
        "Specification": _set({"ModelName": component.model_name}),
        "RuntimeConfig": _set({"CopyCount": component.copies}),
        **_tags(component.tags),
    }
    becomes = {"InferenceComponentStatus": component.status}
    yield _call("CreateInferenceComponent", _set(params), component.created_at, becomes)


def traffic_calls(traffic: Traffic) -> Calls:
    """The requests that a variant answered; all of them at the time of the last."""
    if traffic.last_at is None:
        return
    place = {
        "EndpointName": traffic.endpoint_arn.rpartition("/")[2],
        "VariantName": traffic.variant_name,
    }
    dimensions = [{"Name": name, "Value": value} for name, value in place.items()]
    datum = {
        "MetricName": "Invocations",
        "Dimensions": dimensions,
        "Timestamp": traffic.last_at,
        "Value": traffic.requests,
    }
    params = {"Namespace": "AWS/SageMaker", "MetricData": [datum]}
    yield PastCall("cloudwatch", "PutMetricData", params, traffic.last_at)


def bucket_calls(name: str, place: str, at: datetime) -> Calls:
    """An empty bucket in a region."""
    where = {"CreateBucketConfiguration": {"LocationConstraint": place}}
    params = {"Bucket": name, **({} if place == "us-east-1" else where)}
    yield PastCall("s3", "CreateBucket", params, at)


def mapping_calls(mapping: EventSourceMapping, at: datetime) -> Calls:
    """What feeds a function, under its own id; the function must be there."""
    params = {
        "FunctionName": mapping.function_arn.split(":")[6],
        "EventSourceArn": mapping.source_arn,
        "Enabled": mapping.enabled,
        "StartingPosition": "LATEST",
        "BisectBatchOnFunctionError": mapping.splits_batches or None,
        "DestinationConfig": {"OnFailure": {"Destination": _topic(mapping.function_arn)}}
        if mapping.keeps_failures
        else None,
    }
    becomes = {"UUID": mapping.arn.rpartition(":")[2]}
    made_at = mapping.modified_at or at
    yield PastCall("lambda", "CreateEventSourceMapping", _set(params), made_at, becomes)


def schedule_calls(schedule: MonitoringSchedule) -> Calls:
    """A schedule of Model Monitor that names its endpoint and little else."""
    endpoint = {"EndpointName": schedule.endpoint_name, "LocalPath": "/opt/ml/processing/input"}
    output = {"S3Uri": f"{_SOMEWHERE}reports", "LocalPath": "/opt/ml/processing/output"}
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
    definition = {
        "MonitoringInputs": [{"EndpointInput": endpoint}] if schedule.endpoint_name else [],
        "MonitoringOutputConfig": {"MonitoringOutputs": [{"S3Output": output}]},
        "MonitoringResources": {"ClusterConfig": cluster},
        "MonitoringAppSpecification": {"ImageUri": f"{_SOMEWHERE}image"},
        "RoleArn": _role(schedule.arn),
    }
    config = {"MonitoringJobDefinition": definition, "MonitoringType": schedule.monitoring_type}
    params = {
        "MonitoringScheduleName": schedule.name,
        "MonitoringScheduleConfig": _set(config),
        **_tags(schedule.tags),
    }
    becomes = {"MonitoringScheduleStatus": schedule.status}
    yield _call("CreateMonitoringSchedule", params, schedule.created_at, becomes)


def function_calls(arn: str, at: datetime, endpoints: Iterable[str] = ()) -> Calls:
    """A function that does nothing, but whose environment names endpoints, and its role."""
    named = {f"ENDPOINT_{number}": name for number, name in enumerate(endpoints)}
    role = _role(arn)
    params = {"RoleName": role.rpartition("/")[2], "AssumeRolePolicyDocument": _TRUST}
    yield PastCall("iam", "CreateRole", params, at)
    code = {
        "FunctionName": arn.split(":")[6],
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": role,
        "Code": {"ZipFile": b"rehearsal"},
        "Environment": {"Variables": named},
    }
    yield PastCall("lambda", "CreateFunction", code, at)


def all_calls(resources: Iterable[Any]) -> Calls:
    """The calls for some resources, in their order."""
    for each in resources:
        yield from REPLICAS[type(each)](each)


REPLICAS: Mapping[type, Callable[[Any], Calls]] = {
    ModelPackageGroup: group_calls,
    ModelPackage: package_calls,
    Model: model_calls,
    EndpointConfig: config_calls,
    Endpoint: endpoint_calls,
    InferenceComponent: component_calls,
    Traffic: traffic_calls,
    MonitoringSchedule: schedule_calls,
}
"""What makes a resource by itself, by its type, in the order in which they need each other."""


def _role(arn: str) -> str:
    _, partition, _, _, account, *_ = arn.split(":")
    return _ROLE.format(partition=partition, account=account)


def _topic(arn: str) -> str:
    _, partition, _, region, account, *_ = arn.split(":")
    return f"arn:{partition}:sns:{region}:{account}:mlaudit-rehearsal"


def _tags(tags: Mapping[str, str]) -> Mapping[str, Any]:
    """Tags as SageMaker takes them, those aside that only AWS may set."""
    found = [
        {"Key": name, "Value": value}
        for name, value in sorted(tags.items())
        if not name.startswith("aws:")
    ]
    return {"Tags": found} if found else {}


def _set(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say something."""
    return {name: value for name, value in members.items() if value not in (None, {}, [])}
