"""What the foundation lends to every other stack, and the permissions to use it."""

from __future__ import annotations

from collections.abc import Sequence

from mlaudit_reference.manifest import Manifest, Reach
from mlaudit_reference.templates.language import (
    NOTHING,
    Properties,
    Value,
    allow,
    imported,
    sub,
)

DATA_BUCKET = "DataBucketName"
ARTIFACT_BUCKET = "ArtifactBucketName"
LOG_BUCKET = "LogBucketName"
KEY = "KeyArn"
ALERTS = "AlertsTopicArn"
SUBNETS = "SubnetIds"
SECURITY_GROUP = "SecurityGroupId"


def data_bucket(manifest: Manifest) -> Properties:
    """The name of the bucket that data is in."""
    return imported(manifest, DATA_BUCKET)


def artifact_bucket(manifest: Manifest) -> Properties:
    """The name of the bucket that code, models and reports are in."""
    return imported(manifest, ARTIFACT_BUCKET)


def alerts(manifest: Manifest) -> Properties:
    """The ARN of the topic that people hear of alarms by."""
    return imported(manifest, ALERTS)


def key(manifest: Manifest) -> Properties:
    """The ARN of the key that everything is encrypted with; nothing where AWS's own are used."""
    return imported(manifest, KEY) if manifest.encryption == "kms" else NOTHING


def vpc_config(manifest: Manifest) -> Properties:
    """``VpcConfig`` of a SageMaker job or model; nothing where there is no network."""
    if manifest.network.reach is Reach.NONE:
        return NOTHING
    return {"Subnets": subnets(manifest), "SecurityGroupIds": security_groups(manifest)}


def subnets(manifest: Manifest) -> Value:
    """The subnets that jobs, endpoints and functions live in."""
    if manifest.network.reach is Reach.SHARED:
        return list(manifest.network.subnets)
    return {"Fn::Split": [",", imported(manifest, SUBNETS)]}


def security_groups(manifest: Manifest) -> Value:
    """The security groups of what lives in the network."""
    if manifest.network.reach is Reach.SHARED:
        return list(manifest.network.security_groups)
    return [imported(manifest, SECURITY_GROUP)]


def use_key(manifest: Manifest) -> Sequence[Properties]:
    """Permission to encrypt and decrypt with the key of the system."""
    if manifest.encryption != "kms":
        return ()
    actions = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")
    return (allow(actions, [key(manifest)]),)


def use_network(manifest: Manifest) -> Sequence[Properties]:
    """Permission for jobs and functions to live in the network, where there is one.

    The EC2 actions that describe a network know no resource, by IAM's reference of EC2.
    """
    if manifest.network.reach is Reach.NONE:
        return ()
    describe = (
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
    )
    change = (
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
    )
    parts = ("network-interface", "security-group", "subnet")
    owned = [
        sub(f"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}:${{AWS::AccountId}}:{part}/*")
        for part in parts
    ]
    return (allow(describe, ["*"]), allow(change, owned))


def read_objects(bucket: Value, prefix: str) -> Sequence[Properties]:
    """Permission to read the objects under a prefix of a bucket."""
    return (
        allow(("s3:GetObject", "s3:GetObjectVersion"), [objects(bucket, prefix)]),
        allow(
            ("s3:ListBucket",), [bucket_arn(bucket)], {"StringLike": {"s3:prefix": f"{prefix}*"}}
        ),
    )


def write_objects(bucket: Value, prefix: str) -> Sequence[Properties]:
    """Permission to write objects under a prefix of a bucket."""
    return (allow(("s3:AbortMultipartUpload", "s3:PutObject"), [objects(bucket, prefix)]),)


def objects(bucket: Value, prefix: str) -> Properties:
    """The ARN of all objects under a prefix of a bucket."""
    return sub(f"arn:${{AWS::Partition}}:s3:::${{Bucket}}/{prefix}*", {"Bucket": bucket})


def bucket_arn(bucket: Value) -> Properties:
    """The ARN of a bucket."""
    return sub("arn:${AWS::Partition}:s3:::${Bucket}", {"Bucket": bucket})


def write_logs(group: str) -> Sequence[Properties]:
    """Permission to write to the log groups whose names begin so."""
    return (
        allow(
            ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
            [
                sub(
                    "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:"
                    f"log-group:{group}*"
                )
            ],
        ),
    )


def put_metrics(namespace: str) -> Sequence[Properties]:
    """Permission to put metrics of one namespace; the action knows no resource."""
    where = {"StringEquals": {"cloudwatch:namespace": namespace}}
    return (allow(("cloudwatch:PutMetricData",), ["*"], where),)


def metric_namespace(manifest: Manifest) -> str:
    """The CloudWatch namespace of what the system measures of itself."""
    return f"MLPipeline/{manifest.name}"
