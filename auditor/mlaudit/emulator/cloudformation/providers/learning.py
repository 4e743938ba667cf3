"""SageMaker, and Airflow beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, Facet, Row, Tagging
from mlaudit.emulator.errors import Refusal


def _row(
    arn: str,
    *,
    facets: tuple[Facet, ...] = (),
    ignored: tuple[str, ...] = (),
    names: Mapping[str, str] | None = None,
    name: str = "",
) -> Row:
    """Return the row of a type whose operations are named after it."""
    return Row(
        service="sagemaker",
        names=names or {},
        name=name,
        ignored=ignored,
        facets=facets,
        tagging=Tagging("AddTags", "DeleteTags", {"ResourceArn": arn}),
    )


def _said_each_time(row: Row) -> Row:
    """Return a row for what is told with every change how it is to be made, changed or not."""
    return replace(row, whole=True)


def _pipeline(account: Account, properties: Record) -> Record:
    """Return a pipeline with its definition as text or where it lies."""
    shaped = dict(properties)
    definition = shaped.pop("PipelineDefinition")
    if "PipelineDefinitionBody" in definition:
        shaped["PipelineDefinition"] = definition["PipelineDefinitionBody"]
    elif "PipelineDefinitionS3Location" in definition:
        place = definition["PipelineDefinitionS3Location"]
        where = {key: place[key] for key in ("Bucket", "Key")}
        shaped["PipelineDefinition"] = account.ask("s3", "GetObject", where)["Body"].read().decode()
    else:
        raise Refusal("InvalidRequest", "A pipeline needs a definition.")
    return {**shaped, "ClientRequestToken": properties[NAME].rjust(32, "-")[-128:]}


def _added_features(account: Account, properties: Record) -> Record:
    """Return what is to be added to a feature group: features are never taken away."""
    shaped = dict(properties)
    wanted = shaped.pop("FeatureDefinitions")
    asked = {"FeatureGroupName": properties["FeatureGroupName"]}
    there = account.ask("sagemaker", "DescribeFeatureGroup", asked)["FeatureDefinitions"]
    names = {each["FeatureName"] for each in there}
    if names - {each["FeatureName"] for each in wanted}:
        raise Refusal("InvalidRequest", "Features of a feature group cannot be taken away.")
    new = [each for each in wanted if each["FeatureName"] not in names]
    return {**shaped, **({"FeatureAdditions": new} if new else {})}


def _card(_: Account, properties: Record) -> Record:
    """Return a model card with its content as the text that the service takes."""
    return {**properties, "Content": json.dumps(_snake(properties["Content"]))}


def _snake(node: Any) -> Any:
    """Return content with the names of the schema of model cards: ``ModelId`` is ``model_id``."""
    if isinstance(node, dict):
        return {_WORD.sub("_", key).lower(): _snake(value) for key, value in node.items()}
    return [_snake(item) for item in node] if isinstance(node, list) else node


_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_POLICY = Facet(
    ("ModelPackageGroupPolicy",),
    "PutModelPackageGroupPolicy",
    "DeleteModelPackageGroupPolicy",
    lambda item, _: {"ResourcePolicy": item},
)
_FOUND = ("EndpointName", "FailureReason", "LastMonitoringExecutionSummary")
_DEFINITIONS = ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")

ROWS: Mapping[str, Row] = {
    "AWS::MWAA::Environment": Row(
        service="mwaa",
        tagging=Tagging("TagResource", "UntagResource", {"ResourceArn": "Arn"}),
    ),
    "AWS::SageMaker::Cluster": _row("ClusterArn"),
    "AWS::SageMaker::CodeRepository": _row("CodeRepositoryArn"),
    "AWS::SageMaker::Domain": _row("DomainArn"),
    "AWS::SageMaker::Endpoint": _said_each_time(
        _row(
            "EndpointArn",
            ignored=(
                "ExcludeRetainedVariantProperties",
                "RetainAllVariantProperties",
                "RetainDeploymentConfig",
            ),
        )
    ),
    "AWS::SageMaker::EndpointConfig": _row("EndpointConfigArn"),
    "AWS::SageMaker::FeatureGroup": Row(
        service="sagemaker",
        change=_added_features,
        tagging=Tagging("AddTags", "DeleteTags", {"ResourceArn": "FeatureGroupArn"}),
    ),
    "AWS::SageMaker::Image": _row(
        "ImageArn",
        names={
            "ImageDescription": "Description",
            "ImageDisplayName": "DisplayName",
            "ImageRoleArn": "RoleArn",
        },
    ),
    "AWS::SageMaker::InferenceComponent": _said_each_time(
        _row("InferenceComponentArn", ignored=("DeploymentConfig",))
    ),
    "AWS::SageMaker::InferenceExperiment": _row("Arn"),
    "AWS::SageMaker::MlflowApp": _row("Arn"),
    "AWS::SageMaker::MlflowTrackingServer": _row("TrackingServerArn", name="TrackingServerName"),
    "AWS::SageMaker::Model": _row("ModelArn"),
    "AWS::SageMaker::ModelCard": Row(
        service="sagemaker",
        reshape=_card,
        tagging=Tagging("AddTags", "DeleteTags", {"ResourceArn": "ModelCardArn"}),
    ),
    "AWS::SageMaker::ModelPackageGroup": _row("ModelPackageGroupArn", facets=(_POLICY,)),
    "AWS::SageMaker::MonitoringSchedule": _row("MonitoringScheduleArn", ignored=_FOUND),
    "AWS::SageMaker::Pipeline": Row(
        service="sagemaker",
        reshape=_pipeline,
        tagging=Tagging("AddTags", "DeleteTags", {"ResourceArn": "PipelineArn"}),
    ),
    "AWS::SageMaker::Project": _row("ProjectArn"),
    **{
        f"AWS::SageMaker::{kind}JobDefinition": _row(
            "JobDefinitionArn", name="JobDefinitionName", ignored=("EndpointName",)
        )
        for kind in _DEFINITIONS
    },
}
