"""What the function may do that scores the records of a stream, as IAM says it."""

from __future__ import annotations

from collections.abc import Sequence

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Source
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, allow, arn, att


def permissions(manifest: Manifest) -> Sequence[Properties]:
    """All that the function may: read, score, write, and keep what failed.

    It names ``Input``, ``Output``, ``Ledger``, ``Rejects`` and ``Undelivered`` of its stack.
    """
    endpoint = names.endpoint(manifest, manifest.streaming.endpoint)
    return (
        allow(("sagemaker:InvokeEndpoint",), [arn("sagemaker", f"endpoint/{endpoint}")]),
        allow(("kinesis:PutRecords",), [att("Output")]),
        allow(
            ("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"),
            [att("Ledger")],
        ),
        allow(("sqs:SendMessage",), [att("Rejects"), att("Undelivered")]),
        # The actions know no resource, by IAM's reference of X-Ray.
        allow(("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ["*"]),
        *shared.write_logs(f"/aws/lambda/{names.stream_consumer(manifest)}"),
        *shared.use_key(manifest),
        *_read(manifest),
        *shared.use_network(manifest),
    )


def _read(manifest: Manifest) -> Sequence[Properties]:
    """Permission to read what comes."""
    if manifest.streaming.source is Source.MSK:
        return _read_kafka(manifest)
    return (
        allow(
            (
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ),
            [att("Input")],
        ),
        # The action knows no resource, by IAM's reference of Kinesis.
        allow(("kinesis:ListStreams",), ["*"]),
    )


def _read_kafka(manifest: Manifest) -> Sequence[Properties]:
    """Permission to read a topic by IAM, and for Lambda's pollers to live in its network."""
    cluster = str(manifest.streaming.cluster_arn)
    topic = f"{cluster.replace(':cluster/', ':topic/', 1)}/{manifest.streaming.topic}"
    group = f"{cluster.replace(':cluster/', ':group/', 1)}/{names.stream_consumer(manifest)}"
    return (
        allow(
            (
                "kafka-cluster:Connect",
                "kafka-cluster:DescribeClusterDynamicConfiguration",
                "kafka:DescribeCluster",
                "kafka:DescribeClusterV2",
                "kafka:GetBootstrapBrokers",
            ),
            [cluster],
        ),
        allow(("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"), [topic]),
        allow(("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"), [group]),
        *_live_beside(),
    )


def _live_beside() -> Sequence[Properties]:
    """Permission for pollers, whose network is the cluster's, whatever that of the system is.

    What describes a network knows no resource, by IAM's reference of EC2.
    """
    described = (
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
    )
    parts = ("network-interface", "security-group", "subnet")
    owned = [arn("ec2", f"{part}/*") for part in parts]
    changed = ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface")
    return (allow(described, ["*"]), allow(changed, owned))
