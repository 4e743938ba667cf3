"""Networks, the interfaces before services, and what guards them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import tags_of
from mlaudit.emulator.cloudformation.rows import NAME, NAMELESS, Facet, Reading, Row, Tagging


def _tagged(kind: str) -> Any:
    """Return a function that gives tags the form that creating in EC2 takes them in."""

    def shape(_: Account, properties: Record) -> Record:
        shaped = {name: value for name, value in properties.items() if name != "Tags"}
        tags = [
            {"Key": key, "Value": value} for key, value in tags_of(properties.get("Tags")).items()
        ]
        if tags:
            shaped["TagSpecifications"] = [{"ResourceType": kind, "Tags": tags}]
        return shaped

    return shape


def _tags(by: str) -> Tagging:
    return Tagging("CreateTags", "DeleteTags", {"Resources": f"[{by}]"})


def _switch(name: str, operation: str) -> Facet:
    """Return the facet of an attribute that is on or off."""
    return Facet(
        (name,),
        operation,
        operation,
        lambda *_: {name: {"Value": True}},
        taken=lambda *_: {name: {"Value": False}},
        switch=True,
        keep=True,
    )


def _reading(operation: str, member: str, by: str) -> Reading:
    return Reading(operation, {f"{by}s": f"[{by}]"}, f"{member}[0]")


def _rule(item: Any, _: Record) -> Record:
    """Return a rule of a security group in the form its operations take."""
    permission: Record = {"IpProtocol": str(item["IpProtocol"])}
    permission |= {name: item[name] for name in ("FromPort", "ToPort") if name in item}
    told = {"Description": item["Description"]} if "Description" in item else {}
    peer = item.get("SourceSecurityGroupId") or item.get("DestinationSecurityGroupId")
    prefix = item.get("SourcePrefixListId") or item.get("DestinationPrefixListId")
    if "CidrIp" in item:
        permission["IpRanges"] = [{"CidrIp": item["CidrIp"], **told}]
    if "CidrIpv6" in item:
        permission["Ipv6Ranges"] = [{"CidrIpv6": item["CidrIpv6"], **told}]
    if peer:
        permission["UserIdGroupPairs"] = [{"GroupId": peer, **told}]
    if prefix:
        permission["PrefixListIds"] = [{"PrefixListId": prefix, **told}]
    return {"IpPermissions": [permission]}


def _single(_: Account, properties: Record) -> Record:
    return {"GroupId": properties["GroupId"], **_rule(properties, {})}


def _everywhere(_: Any, __: Record) -> Record:
    """Return the rule that lets everything out, which every new group has."""
    anywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    return {"IpPermissions": [anywhere]}


def _group(_: Account, properties: Record) -> Record:
    shaped: Record = _tagged("security-group")(_, properties)
    return {"GroupName": properties[NAME], **shaped}


def _single_row(direction: str) -> Row:
    """Return the row of a rule that stands beside its group."""
    names = ("Description", "IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6")
    side = "Source" if direction == "Ingress" else "Destination"
    return Row(
        service="ec2",
        create=f"AuthorizeSecurityGroup{direction}",
        update="",
        delete=f"RevokeSecurityGroup{direction}",
        keys=("GroupId", "IpPermissions"),
        name=NAMELESS,
        reshape=_single,
        ignored=(*names, f"{side}SecurityGroupId", f"{side}PrefixListId"),
    )


def _defaults(account: Account, known: Record) -> None:
    """Learn what comes with a network: a security group and a list of access rules."""
    own = {"Name": "vpc-id", "Values": [known["VpcId"]]}
    default = {"Name": "group-name", "Values": ["default"]}
    groups = account.ask("ec2", "DescribeSecurityGroups", {"Filters": [own, default]})
    lists = account.ask("ec2", "DescribeNetworkAcls", {"Filters": [own]})
    known["DefaultSecurityGroup"] = groups["SecurityGroups"][0]["GroupId"]
    known["DefaultNetworkAcl"] = lists["NetworkAcls"][0]["NetworkAclId"]


def _flow_log(_: Account, properties: Record) -> Record:
    shaped: Record = _tagged("vpc-flow-log")(_, properties)
    resource = shaped.pop("ResourceId")
    return {**shaped, "ResourceIds": [resource]}


_ROUTE_KEYS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")

ROWS: Mapping[str, Row] = {
    "AWS::EC2::FlowLog": Row(
        service="ec2",
        create="CreateFlowLogs",
        update="",
        delete="DeleteFlowLogs",
        reshape=_flow_log,
        ref=("FlowLogId",),
        attributes={"FlowLogId": "FlowLogIds[0]", "Id": "FlowLogIds[0]"},
        reading=Reading("DescribeFlowLogs", {"FlowLogIds": "FlowLogIds"}, "FlowLogs[0]"),
        tagging=_tags("FlowLogId"),
    ),
    "AWS::EC2::InternetGateway": Row(
        service="ec2",
        reshape=_tagged("internet-gateway"),
        reading=_reading("DescribeInternetGateways", "InternetGateways", "InternetGatewayId"),
        tagging=_tags("InternetGatewayId"),
    ),
    "AWS::EC2::LaunchTemplate": Row(
        service="ec2",
        update="CreateLaunchTemplateVersion",
        keys=("LaunchTemplateId",),
        reading=_reading("DescribeLaunchTemplates", "LaunchTemplates", "LaunchTemplateId"),
        attributes={"LatestVersionNumber": "to_string(LatestVersionNumber)"},
    ),
    "AWS::EC2::Route": Row(
        service="ec2",
        create="CreateRoute",
        update="ReplaceRoute",
        delete="DeleteRoute",
        keys=_ROUTE_KEYS,
        attributes={"CidrBlock": " || ".join(_ROUTE_KEYS)},
        whole=True,
    ),
    "AWS::EC2::RouteTable": Row(
        service="ec2",
        reshape=_tagged("route-table"),
        reading=_reading("DescribeRouteTables", "RouteTables", "RouteTableId"),
        tagging=_tags("RouteTableId"),
    ),
    "AWS::EC2::SecurityGroup": Row(
        service="ec2",
        names={"GroupDescription": "Description"},
        reshape=_group,
        keys=("GroupId",),
        ref=("GroupId",),
        name=NAMELESS,
        attributes={"Id": "GroupId"},
        reading=_reading("DescribeSecurityGroups", "SecurityGroups", "GroupId"),
        facets=(
            Facet(
                ("SecurityGroupIngress",),
                "AuthorizeSecurityGroupIngress",
                "RevokeSecurityGroupIngress",
                _rule,
                each=True,
                keep=True,
            ),
            Facet(
                ("SecurityGroupEgress",),
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroupEgress",
                _rule,
                each=True,
                keep=True,
            ),
        ),
        tagging=_tags("GroupId"),
    ),
    "AWS::EC2::SecurityGroupEgress": _single_row("Egress"),
    "AWS::EC2::SecurityGroupIngress": _single_row("Ingress"),
    "AWS::EC2::Subnet": Row(
        service="ec2",
        reshape=_tagged("subnet"),
        reading=_reading("DescribeSubnets", "Subnets", "SubnetId"),
        facets=(_switch("MapPublicIpOnLaunch", "ModifySubnetAttribute"),),
        tagging=_tags("SubnetId"),
    ),
    "AWS::EC2::SubnetRouteTableAssociation": Row(
        service="ec2",
        create="AssociateRouteTable",
        update="",
        delete="DisassociateRouteTable",
        ref=("AssociationId",),
        attributes={"Id": "AssociationId"},
    ),
    "AWS::EC2::VPC": Row(
        service="ec2",
        create="CreateVpc",
        delete="DeleteVpc",
        reshape=_tagged("vpc"),
        keys=("VpcId",),
        attributes={"CidrBlockAssociations": "CidrBlockAssociationSet[].AssociationId"},
        finish=_defaults,
        reading=_reading("DescribeVpcs", "Vpcs", "VpcId"),
        facets=(
            _switch("EnableDnsSupport", "ModifyVpcAttribute"),
            _switch("EnableDnsHostnames", "ModifyVpcAttribute"),
        ),
        tagging=_tags("VpcId"),
    ),
    "AWS::EC2::VPCEndpoint": Row(
        service="ec2",
        create="CreateVpcEndpoint",
        update="ModifyVpcEndpoint",
        delete="DeleteVpcEndpoints",
        reshape=_tagged("vpc-endpoint"),
        reading=_reading("DescribeVpcEndpoints", "VpcEndpoints", "VpcEndpointId"),
        ref=("VpcEndpointId",),
        attributes={"Id": "VpcEndpointId", "VpcEndpointIds": "[VpcEndpointId]"},
        tagging=_tags("VpcEndpointId"),
    ),
    "AWS::EC2::VPCGatewayAttachment": Row(
        service="ec2",
        create="AttachInternetGateway",
        update="",
        delete="DetachInternetGateway",
        ref=("VpcId",),
        attributes={"AttachmentType": "'IGW'"},
    ),
}
