"""A network of the system's own: private, in two zones, with a way to AWS and to nothing else."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest, Platform
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Value,
    att,
    ref,
    resource,
    sub,
)

ZONES = ("A", "B")
GATEWAYS = ("dynamodb", "s3")
"""Services with a gateway endpoint, which costs nothing."""

INTERFACES = (
    "ecr.api",
    "ecr.dkr",
    "events",
    "kinesis-streams",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "sns",
    "sqs",
    "states",
    "sts",
)
"""Services that jobs call through an interface endpoint, billed by hour and zone."""

FOR_BATCH = ("ecs", "ecs-agent", "ecs-telemetry")
"""Services that machines of AWS Batch call."""


def own(manifest: Manifest) -> Content:
    """The network, and what other stacks need to know of it."""
    resources = {
        "Vpc": resource(
            "AWS::EC2::VPC",
            {
                "CidrBlock": manifest.network.cidr,
                "EnableDnsHostnames": True,
                "EnableDnsSupport": True,
            },
        ),
        "RouteTable": resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        **_subnets(),
        **_security_groups(manifest),
        **{f"Gateway{name.title()}": _gateway(name) for name in GATEWAYS},
        **{f"Interface{_logical(name)}": _interface(name) for name in _interfaces(manifest)},
    }
    joined: Value = {"Fn::Join": [",", [ref(f"Subnet{zone}") for zone in ZONES]]}
    outputs = {shared.SUBNETS: joined, shared.SECURITY_GROUP: att("JobsGroup", "GroupId")}
    return Content(resources, outputs)


def _interfaces(manifest: Manifest) -> tuple[str, ...]:
    return (*INTERFACES, *(FOR_BATCH if manifest.platform is Platform.BATCH else ()))


def _logical(name: str) -> str:
    return "".join(part.title() for part in name.replace("-", ".").split("."))


def _subnets() -> dict[str, Properties]:
    made = {}
    for number, zone in enumerate(ZONES):
        made[f"Subnet{zone}"] = resource(
            "AWS::EC2::Subnet",
            {
                "VpcId": ref("Vpc"),
                "CidrBlock": {
                    "Fn::Select": [number, {"Fn::Cidr": [att("Vpc", "CidrBlock"), len(ZONES), 8]}]
                },
                "AvailabilityZone": {"Fn::Select": [number, {"Fn::GetAZs": ""}]},
                "MapPublicIpOnLaunch": False,
            },
        )
        made[f"Route{zone}"] = resource(
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": ref(f"Subnet{zone}"), "RouteTableId": ref("RouteTable")},
        )
    return made


def _security_groups(manifest: Manifest) -> dict[str, Properties]:
    """Jobs talk to each other, to the endpoints of AWS, and to nobody else."""
    inside = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": manifest.network.cidr}
    return {
        "JobsGroup": resource(
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": f"Jobs, endpoints and functions of {manifest.name}",
                "VpcId": ref("Vpc"),
                "SecurityGroupEgress": [
                    {**inside, "CidrIp": "0.0.0.0/0", "Description": "TLS to endpoints of AWS"}
                ],
            },
        ),
        "JobsAmongThemselves": resource(
            "AWS::EC2::SecurityGroupIngress",
            {
                "GroupId": att("JobsGroup", "GroupId"),
                "IpProtocol": "-1",
                "SourceSecurityGroupId": att("JobsGroup", "GroupId"),
                "Description": "Instances of one distributed training job",
            },
        ),
        "JobsToThemselves": resource(
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": att("JobsGroup", "GroupId"),
                "IpProtocol": "-1",
                "DestinationSecurityGroupId": att("JobsGroup", "GroupId"),
                "Description": "Instances of one distributed training job",
            },
        ),
        "EndpointsGroup": resource(
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": f"Interface endpoints of {manifest.name}",
                "VpcId": ref("Vpc"),
                "SecurityGroupIngress": [{**inside, "Description": "TLS from the network"}],
            },
        ),
    }


def _gateway(name: str) -> Properties:
    return resource(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcEndpointType": "Gateway",
            "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{name}"),
            "VpcId": ref("Vpc"),
            "RouteTableIds": [ref("RouteTable")],
        },
    )


def _interface(name: str) -> Properties:
    return resource(
        "AWS::EC2::VPCEndpoint",
        {
            "VpcEndpointType": "Interface",
            "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{name}"),
            "VpcId": ref("Vpc"),
            "SubnetIds": [ref(f"Subnet{zone}") for zone in ZONES],
            "SecurityGroupIds": [att("EndpointsGroup", "GroupId")],
            "PrivateDnsEnabled": True,
        },
    )
