"""botocore's service models, as moto extends them for serving."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape
from moto.core.utils import get_service_model

# Services that say it otherwise than ValidationException.
VALIDATION_CODES: Mapping[str, str] = {"batch": "ClientException"}

# Signing names that are not the name of the botocore service, or belong to several.
_SIGNED_AS: Mapping[str, tuple[str, ...]] = {
    "access-analyzer": ("accessanalyzer",),
    "airflow": ("mwaa",),
    "aps": ("amp",),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "elasticmapreduce": ("emr",),
    "email": ("sesv2", "ses"),
    "greengrass": ("greengrassv2", "greengrass"),
    "kinesisanalytics": ("kinesisanalyticsv2", "kinesisanalytics"),
    "monitoring": ("cloudwatch",),
    "sagemaker": (
        "sagemaker",
        "sagemaker-runtime",
        "sagemaker-featurestore-runtime",
        "sagemaker-metrics",
    ),
    "servicequotas": ("service-quotas",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}


@cache
def service(name: str) -> ServiceModel | None:
    """Return the model of a service, None when botocore knows no such service."""
    try:
        model: ServiceModel = get_service_model(name)
    except UnknownServiceError:
        return None
    return model


def signed_as(signing_name: str) -> tuple[str, ...]:
    """Return the botocore services that sign their requests with this name."""
    names = _SIGNED_AS.get(signing_name, (signing_name,))
    return tuple(name for name in names if service(name) is not None)


@cache
def operation(service_name: str, operation_name: str) -> OperationModel:
    """Return the model of an operation of a service that exists."""
    model: OperationModel = get_service_model(service_name).operation_model(operation_name)
    return model


def inputs(service_name: str, operation_name: str) -> Mapping[str, Shape]:
    """Return the members of an operation's input; empty when there is no such operation."""
    return _members(service_name, operation_name, "input_shape")


def outputs(service_name: str, operation_name: str) -> Mapping[str, Shape]:
    """Return the members of an operation's output; empty when there is no such operation."""
    return _members(service_name, operation_name, "output_shape")


@cache
def _members(service_name: str, operation_name: str, side: str) -> Mapping[str, Shape]:
    model = get_service_model(service_name)
    if operation_name not in model.operation_names:
        return {}
    shape: Any = getattr(model.operation_model(operation_name), side)
    return shape.members if isinstance(shape, StructureShape) else {}
