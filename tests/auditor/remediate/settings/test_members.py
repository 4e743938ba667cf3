"""The members of states are those that AWS takes: a new one of the API turns a test red."""

from __future__ import annotations

from collections.abc import Collection

import botocore.session
import pytest
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

from mlaudit.collect.operation import Operation
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.alarms import ALARM_MEMBERS
from mlaudit.remediate.settings.buckets import ACCESS_MEMBERS, VERSIONING_MEMBERS
from mlaudit.remediate.settings.images import MUTABILITY_MEMBERS
from mlaudit.remediate.settings.logs import MADE_WITH
from mlaudit.remediate.settings.scaling import POLICY_MEMBERS
from mlaudit.remediate.settings.serving import CONFIG_MEMBERS


def _members(service: str, operation: str, *path: str, told: bool = False) -> set[str]:
    """The members of a request, of the reply when it is told, or of what is at a path in it."""
    model = _model(service).operation_model(operation)
    shape: Shape | None = model.output_shape if told else model.input_shape
    for name in path:
        assert isinstance(shape, StructureShape)
        found = shape.members[name]
        shape = found.member if isinstance(found, ListShape) else found
    assert isinstance(shape, StructureShape)
    return set(shape.members)


def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@pytest.mark.parametrize(
    ("known", "apart", "taken"),
    [
        (ALARM_MEMBERS, {"AlarmName", "Tags"}, _members("cloudwatch", "PutMetricAlarm")),
        (
            CONFIG_MEMBERS,
            {"EndpointConfigName", "Tags"},
            _members("sagemaker", "CreateEndpointConfig"),
        ),
        (
            POLICY_MEMBERS,
            {"PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension"},
            _members("application-autoscaling", "PutScalingPolicy"),
        ),
        (MADE_WITH, {"logGroupName", "tags"}, _members("logs", "CreateLogGroup")),
        (
            VERSIONING_MEMBERS,
            set(),
            _members("s3", "PutBucketVersioning", "VersioningConfiguration"),
        ),
        (
            ACCESS_MEMBERS,
            set(),
            _members("s3", "PutPublicAccessBlock", "PublicAccessBlockConfiguration"),
        ),
        (
            MUTABILITY_MEMBERS,
            {"registryId", "repositoryName"},
            _members("ecr", "PutImageTagMutability"),
        ),
        (
            ["Rules"],
            set(),
            _members("s3", "PutBucketEncryption", "ServerSideEncryptionConfiguration"),
        ),
        (
            ["scanOnPush"],
            set(),
            _members("ecr", "PutImageScanningConfiguration", "imageScanningConfiguration"),
        ),
        (
            ["EndpointConfigName", "DeploymentConfig"],
            {"EndpointName", "Tags"},
            _members("sagemaker", "CreateEndpoint"),
        ),
        (
            ["AssociationType"],
            {"SourceArn", "DestinationArn"},
            _members("sagemaker", "AddAssociation"),
        ),
        (
            ["DashboardBody"],
            {"DashboardName", "Tags"},
            _members("cloudwatch", "PutDashboard"),
        ),
        (
            ["RetainAllVariantProperties", "ExcludeRetainedVariantProperties"],
            {"EndpointName", "EndpointConfigName", "DeploymentConfig", "RetainDeploymentConfig"},
            _members("sagemaker", "UpdateEndpoint"),
        ),
    ],
)
def test_all_that_a_write_takes_is_known(
    known: Collection[str], apart: set[str], taken: set[str]
) -> None:
    assert set(known) == taken - apart


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (ALARM_MEMBERS, _members("cloudwatch", "DescribeAlarms", "MetricAlarms", told=True)),
        (CONFIG_MEMBERS, _members("sagemaker", "DescribeEndpointConfig", told=True)),
        (
            POLICY_MEMBERS,
            _members(
                "application-autoscaling", "DescribeScalingPolicies", "ScalingPolicies", told=True
            ),
        ),
        (MADE_WITH, _members("logs", "DescribeLogGroups", "logGroups", told=True)),
        (MUTABILITY_MEMBERS, _members("ecr", "DescribeRepositories", "repositories", told=True)),
        (VERSIONING_MEMBERS, _members("s3", "GetBucketVersioning", told=True)),
    ],
)
def test_all_that_is_written_can_be_read(known: Collection[str], told: set[str]) -> None:
    assert set(known) <= told


def test_only_moments_and_names_of_a_configuration_are_dropped() -> None:
    told = _members("sagemaker", "DescribeEndpointConfig", told=True)
    assert told - set(CONFIG_MEMBERS) == {"CreationTime", "EndpointConfigArn", "EndpointConfigName"}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_declared_operation_is_one_of_aws(setting: Setting) -> None:
    assert setting.reads
    assert setting.writes
    for each in (*setting.reads, *setting.writes):
        assert each.name in _model(each.service).operation_names


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_reading_writes_nothing(setting: Setting) -> None:
    starts = ("Describe", "Get", "List")
    assert all(each.name.startswith(starts) for each in setting.reads)
    assert not any(each.name.startswith(starts) for each in setting.writes)


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("PutBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("DeleteBucketTagging", "s3:PutBucketTagging"),
    ],
)
def test_actions_of_s3_are_called_as_iam_calls_them(operation: str, action: str) -> None:
    found: dict[str, Operation] = {
        each.name: each
        for setting in SETTINGS.values()
        for each in (*setting.reads, *setting.writes)
        if each.service == "s3"
    }
    assert found[operation].iam_action == action
