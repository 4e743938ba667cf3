"""Models of the registry, as endpoints and jobs take them, and the role they run under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Properties,
    Value,
    allow,
    att,
    ref,
    resource,
    role,
    sub,
)

PACKAGE = "ModelPackageArn"
"""The parameter that names the version to serve."""

SECOND_PACKAGE = "SecondModelPackageArn"
"""The parameter that names the version it is compared with."""

ROLE = "ModelRole"
"""The logical id of the role that models run under."""


def package_parameter(about: str) -> Properties:
    """A parameter that names one version of a model group."""
    return {
        "Type": "String",
        "Description": f"{about}: the ARN of an approved model package.",
        "AllowedPattern": r"^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[^/]+/\d+$",
    }


def logical(name: str) -> str:
    """A name as a part of a logical id: letters and digits alone."""
    return "".join(part.title() for part in name.split("-"))


def package_of(name: str, first: str) -> str:
    """The parameter of one of several models: the first of them is the one of the system."""
    return PACKAGE if name == first else f"{logical(name)}{PACKAGE}"


def model(
    manifest: Manifest,
    containers: Sequence[Properties],
    *,
    isolated: bool = True,
    networked: bool = True,
) -> Properties:
    """A model; a new version replaces it, so it has no name of its own.

    Args:
        manifest: The manifest.
        containers: Its containers; several answer one after the other.
        isolated: Whether its containers may call nobody, the S3 of AWS included.
        networked: Whether it lives in the network, where there is one.
    """
    return resource(
        "AWS::SageMaker::Model",
        {
            "ExecutionRoleArn": att(ROLE),
            "Containers": list(containers),
            "InferenceExecutionConfig": {"Mode": "Serial"} if len(containers) > 1 else NOTHING,
            "EnableNetworkIsolation": isolated,
            "VpcConfig": shared.vpc_config(manifest) if networked else NOTHING,
        },
    )


def container(package: str = PACKAGE, environment: Mapping[str, Value] | None = None) -> Properties:
    """A container with the image, the code and the data of a registered version.

    Args:
        package: The parameter that names the version.
        environment: Variables besides those that were registered with it.
    """
    return {
        "ModelPackageName": ref(package),
        "Environment": dict(environment) if environment else NOTHING,
    }


def model_role(
    manifest: Manifest, log_group: str, more: Sequence[Properties] = ()
) -> dict[str, Properties]:
    """The role of a model: read its image and its data, write logs and metrics.

    Args:
        manifest: The manifest.
        log_group: What the names of its log groups begin with.
        more: What it may do besides.
    """
    statements = [
        # Images of AWS are in registries of other accounts.
        allow(
            (
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ),
            [sub("arn:${AWS::Partition}:ecr:${AWS::Region}:*:repository/*")],
        ),
        # The action knows no resource, by IAM's reference of ECR.
        allow(("ecr:GetAuthorizationToken",), ["*"]),
        *shared.read_objects(shared.artifact_bucket(manifest), ""),
        *shared.use_key(manifest),
        *shared.use_network(manifest),
        *shared.write_logs(log_group),
        # The action knows no resource either.
        allow(
            ("cloudwatch:PutMetricData",),
            ["*"],
            {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
        ),
        *more,
    ]
    return {ROLE: role("sagemaker.amazonaws.com", statements, about="Models that answer")}
