"""From the content of a stack to its template: tags, the boundary of roles, exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlaudit_reference.manifest import Manifest, document_of
from mlaudit_reference.templates.language import (
    NOTHING,
    Content,
    Properties,
    Stack,
    export_name,
    ref,
)

WORKLOAD_TAG = "mlaudit:workload"
RECORD = "mlaudit:manifest"
"""Where in the metadata of a template its manifest stands, as JSON: a template takes no null."""

BOUNDARY = "PermissionsBoundary"

TAGS_AS_MAPPING = frozenset(
    {
        "AWS::Batch::ComputeEnvironment",
        "AWS::Batch::JobDefinition",
        "AWS::Batch::JobQueue",
        "AWS::Glue::Crawler",
        "AWS::GreengrassV2::ComponentVersion",
        "AWS::MSK::ServerlessCluster",
        "AWS::MWAA::Environment",
        "AWS::Pipes::Pipe",
        "AWS::SSM::Parameter",
    }
)
"""Types whose tags are a mapping; those of all others are a list of keys and values."""

UNTAGGED = frozenset(
    {
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Model",
        "AWS::ApiGateway::RequestValidator",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::UsagePlanKey",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::Athena::NamedQuery",
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::AnomalyDetector",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::Glue::Database",
        "AWS::Glue::Table",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::KMS::Alias",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogAnomalyDetector",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::QueryDefinition",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::Schedule",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
    }
)
"""Types that take no tags."""

TAGS_NAMED = {"AWS::SSM::Parameter": "Tags"}
"""The property that holds the tags, where it is not ``Tags``."""

Template = dict[str, Any]


def finished(stack: Stack, content: Content, manifest: Manifest) -> Template:
    """The template of a stack, complete.

    Every resource that can be tagged is; every role takes the boundary that is given at deployment.
    The manifest stands in it, so that whoever finds the stack can compile the system again.
    """
    has_roles = any(each["Type"] == "AWS::IAM::Role" for each in content.resources.values())
    parameters = {**content.parameters, **(_BOUNDARY_PARAMETER if has_roles else {})}
    conditions = {**content.conditions, **(_BOUNDARY_CONDITION if has_roles else {})}
    sections: Mapping[str, Any] = {
        "Parameters": parameters,
        "Mappings": content.mappings,
        "Conditions": conditions,
        "Resources": {
            name: _finished(content.resources[name], manifest) for name in sorted(content.resources)
        },
        "Outputs": {
            name: {"Value": value, "Export": {"Name": export_name(manifest, name)}}
            for name, value in sorted(content.outputs.items())
        },
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{manifest.name}: {stack.about}",
        "Metadata": {RECORD: json.dumps(document_of(manifest), sort_keys=True)},
        **{title: section for title, section in sections.items() if section},
    }


def tags_of(manifest: Manifest) -> dict[str, str]:
    """The tags of every resource and every stack of a system, by their keys."""
    return {
        **dict(sorted(manifest.tags.items())),
        WORKLOAD_TAG: manifest.belongs_to,
        "owner": manifest.owner,
    }


def _finished(made: Properties, manifest: Manifest) -> Properties:
    kind, properties = made["Type"], dict(made["Properties"])
    if kind not in UNTAGGED:
        tags = tags_of(manifest)
        as_list = [{"Key": key, "Value": value} for key, value in tags.items()]
        name = TAGS_NAMED.get(kind, "Tags")
        own = properties.get(name, [])
        properties[name] = tags if kind in TAGS_AS_MAPPING else [*as_list, *own]
    if kind == "AWS::IAM::Role":
        properties["PermissionsBoundary"] = {"Fn::If": ["IsBounded", ref(BOUNDARY), NOTHING]}
    return {
        **made,
        "Properties": {key: properties[key] for key in properties if _is_set(properties[key])},
    }


def _is_set(value: object) -> bool:
    return value != NOTHING


_BOUNDARY_PARAMETER: Mapping[str, Properties] = {
    BOUNDARY: {
        "Type": "String",
        "Default": "",
        "Description": "ARN of the policy that bounds every role; empty for none.",
        "AllowedPattern": r"^(arn:aws[a-z-]*:iam::\d{12}:policy/.+)?$",
    }
}
_BOUNDARY_CONDITION: Mapping[str, Properties] = {
    "IsBounded": {"Fn::Not": [{"Fn::Equals": [ref(BOUNDARY), ""]}]}
}
