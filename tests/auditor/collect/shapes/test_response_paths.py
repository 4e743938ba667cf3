"""What collectors read of replies is in the shapes of AWS's own service models.

Replies are given as mappings that know their shape, so that a member which the shape does not have
is never just absent: the recorded ones, and ones that are made from the shapes. What the source
reads and no such reply was asked for must be a member of what its module may be answered, or stand
in a document inside a reply.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import mlaudit.collect

FOLDER = Path(mlaudit.collect.__file__).parent
OF_SEVERAL_SHAPES = {
    ("compute.py", "ContainerDetail", "resources"),
    ("deployments.py", "InferenceComponentDeploymentConfig", "BlueGreenUpdatePolicy"),
    ("environments.py", "DescribeDomainResponse", "SpaceSettings"),
    ("environments.py", "DescribeSpaceResponse", "DefaultSpaceSettings"),
    ("environments.py", "DescribeSpaceResponse", "DefaultUserSettings"),
    ("jobs.py", "TrainingJob", "MlflowConfig"),
    ("pipelines.py", "Pipeline", "PipelineDefinition"),
    ("pipelines.py", "PipelineExecution", "StartTime"),
    ("records.py", "GetEventDataStoreResponse", "EventSelectors"),
    ("registry.py", "ContainerDefinition", "Framework"),
    ("registry.py", "ContainerDefinition", "FrameworkVersion"),
    ("registry.py", "ContainerDefinition", "ImageDigest"),
    ("registry.py", "DriftCheckBias", "Constraints"),
    ("registry.py", "DriftCheckBias", "Statistics"),
    ("registry.py", "DriftCheckExplainability", "PostTrainingConstraints"),
    ("registry.py", "DriftCheckExplainability", "PreTrainingConstraints"),
    ("registry.py", "DriftCheckExplainability", "Statistics"),
    ("registry.py", "ModelPackageContainerDefinition", "Mode"),
    ("registry.py", "ModelPackageContainerDefinition", "ModelPackageName"),
    ("schedules.py", "DataQualityJobInput", "GroundTruthS3Input"),
    ("schedules.py", "ModelExplainabilityBaselineConfig", "StatisticsResource"),
    ("schedules.py", "ModelExplainabilityJobInput", "GroundTruthS3Input"),
    ("schedules.py", "ModelQualityBaselineConfig", "StatisticsResource"),
    ("whole.py", "FeatureGroupSummary", "LastModifiedTime"),
    ("whole.py", "Model", "LastModifiedTime"),
    ("whole.py", "ModelPackageGroup", "LastModifiedTime"),
    ("whole.py", "ModelPackageGroupSummary", "LastModifiedTime"),
    ("whole.py", "ModelPackageSummary", "LastModifiedTime"),
    ("whole.py", "ModelSummary", "LastModifiedTime"),
}
"""What is asked of shapes that lack it, because others that stand in the same place have it."""

DOCUMENTS: Mapping[str, set[str]] = {
    "compute.py": {"nvidia.com/gpu"},
    "dashboards.py": {
        "MetricName",
        "accountId",
        "alarms",
        "annotations",
        "expression",
        "metrics",
        "properties",
        "region",
        "schema",
        "stat",
        "terms",
        "type",
        "view",
        "widgets",
    },
    "data.py": {"spark.sql.sources.provider", "table_type"},
    "delivery.py": {"ProjectName", "StackName"},
    "deployments.py": {"errorCode", "requestParameters"},
    "gateways.py": {"endpoint", "function"},
    "governance.py": {"columnLineage", "facets", "fields"},
    "monitoring.py": {"name", "namespace", "stat", "where"},
    "permissions.py": {"Action", "Condition", "Effect", "Resource", "Statement"},
    "records.py": {"eventCategory", "eventSource", "readOnly"},
    "starts.py": {
        "errorCode",
        "federatedProvider",
        "invokedBy",
        "pipelineName",
        "requestParameters",
        "sessionContext",
        "userIdentity",
        "webIdFederationData",
    },
}
"""What modules read of documents inside replies, and of mappings of their own."""

WITHOUT_SHAPES = {"definitions.py", "session.py"}
"""They read definitions of workflows, and what the client adds to replies."""


def reads_of(path: Path) -> Iterator[str]:
    """The members that a source file names where it reads a mapping."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                yield key
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
                yield key
            case _:
                continue


SOURCES = [each for each in sorted(FOLDER.glob("*.py")) if each.name not in WITHOUT_SHAPES]


def test_nothing_is_read_that_no_shape_has(outcome: Any) -> None:
    assert len(outcome.asked.members) > 500
    assert outcome.asked.lacking - OF_SEVERAL_SHAPES == set()


@pytest.mark.parametrize("path", SOURCES, ids=[each.stem for each in SOURCES])
def test_what_no_reply_was_asked_for_is_a_member_all_the_same(
    path: Path, outcome: Any, members_in: Any
) -> None:
    unasked = {key for key in reads_of(path) if (path.name, key) not in outcome.asked.members}
    assert unasked - members_in(path).keys() - DOCUMENTS.get(path.name, set()) == set()


def test_a_member_that_does_not_exist_is_noticed(endpoint: Any) -> None:
    reply, asked = endpoint
    assert reply["EndpointName"] == reply.get("EndpointName") == "e"
    assert asked.lacking == set()
    assert reply.get("EndpointNames") is None
    assert "EndpointNamed" not in reply
    with pytest.raises(KeyError):
        reply["Endpoint"]
    here, name = Path(__file__).name, "DescribeEndpointOutput"
    read = {"EndpointNames", "EndpointNamed", "Endpoint"}
    assert asked.lacking == {(here, name, key) for key in read}
