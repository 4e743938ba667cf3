"""ARNs of what is written, in every partition."""

from __future__ import annotations

import botocore.session
import pytest

from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.arns import arn_of, partition_of

ACCOUNT = "123456789012"


def _regions() -> list[tuple[str, str]]:
    session = botocore.session.get_session()
    return [
        (region, partition)
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("s3", partition, allow_non_regional=False)
    ]


def test_every_region_that_botocore_knows_is_in_its_partition() -> None:
    regions = _regions()
    assert {"aws", "aws-cn", "aws-us-gov"} <= {partition for _, partition in regions}
    assert [(region, partition_of(region)) for region, _ in regions] == regions


def test_an_arn_names_the_partition_of_its_region() -> None:
    arn = arn_of("logs", "cn-north-1", ACCOUNT, "log-group:/ml*")
    assert arn == f"arn:aws-cn:logs:cn-north-1:{ACCOUNT}:log-group:/ml*"


_SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/scoring/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
_TOPIC = f"arn:aws-us-gov:sns:us-gov-west-1:{ACCOUNT}:alerts"
_START = f"us-gov-west-1:{ACCOUNT}"


@pytest.mark.parametrize(
    ("kind", "key", "resource"),
    [
        ("application-autoscaling.policy", {"PolicyName": "p", **_SCALED},
         f"application-autoscaling:{_START}:scalable-target/*"),
        ("application-autoscaling.target", _SCALED,
         f"application-autoscaling:{_START}:scalable-target/*"),
        ("cloudwatch.alarm", {"AlarmName": "slow"}, f"cloudwatch:{_START}:alarm:slow"),
        ("cloudwatch.dashboard", {"DashboardName": "ml"}, f"cloudwatch::{ACCOUNT}:dashboard/ml"),
        ("ecr.repository", {"repositoryName": "ml/scoring"}, f"ecr:{_START}:repository/ml/scoring"),
        ("lambda.event-source", {"UUID": "1-2"}, f"lambda:{_START}:event-source-mapping:1-2"),
        ("logs.group", {"logGroupName": "/ml"}, f"logs:{_START}:log-group:/ml*"),
        ("s3.encryption", {"Bucket": "ml"}, "s3:::ml"),
        ("s3.public-access", {"Bucket": "ml"}, "s3:::ml"),
        ("s3.versioning", {"Bucket": "ml"}, "s3:::ml"),
        ("sagemaker.association", {"SourceArn": _TOPIC, "DestinationArn": "other"},
         f"sns:{_START}:alerts"),
        ("sagemaker.endpoint", {"EndpointName": "Scoring"}, f"sagemaker:{_START}:endpoint/scoring"),
        ("sagemaker.endpoint-config", {"EndpointConfigName": "Scoring-2"},
         f"sagemaker:{_START}:endpoint-config/scoring-2"),
        ("sns.subscription", {"TopicArn": _TOPIC, "Protocol": "email", "Endpoint": "a@b.c"},
         f"sns:{_START}:alerts*"),
        ("sns.topic", {"TopicArn": _TOPIC}, f"sns:{_START}:alerts"),
        ("tags", {"ResourceARN": _TOPIC}, f"sns:{_START}:alerts"),
    ],
)  # fmt: skip
def test_a_policy_names_what_is_written(kind: str, key: dict[str, str], resource: str) -> None:
    assert SETTINGS[kind].arn(key, ACCOUNT, "us-gov-west-1") == f"arn:aws-us-gov:{resource}"
