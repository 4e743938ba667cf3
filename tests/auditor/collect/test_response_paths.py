"""What collectors read of replies is in the shapes of AWS's own service models.

Replies are given as mappings that know their shape, so that a member which the shape does not have
is never just absent: the recorded ones, and ones that are made from the shapes. What the source
reads and no such reply was asked for must be a member of what its module may be answered, or stand
in a document inside a reply.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import botocore.session
import pytest

import mlaudit.collect
from mlaudit.collect.collector import Collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.run import collect
from mlaudit.collect.whole import Searchable

FOLDER = Path(mlaudit.collect.__file__).parent
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:thing/name"
NOW = datetime(2026, 5, 31, tzinfo=UTC)
SCALARS = {"integer": 1, "long": 1, "float": 1.0, "double": 1.0, "blob": b""}
TURNS = range(12)

Read = tuple[str, str]
"""The name of a source file, and a member that it reads."""

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


@dataclass
class Asked:
    """What was read of replies, and what of it some shape lacks."""

    members: set[Read] = field(default_factory=set)
    lacking: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, file: str, key: str, shape: Any) -> None:
        self.members.add((file, key))
        if key not in shape.members:
            self.lacking.add((file, shape.name, key))


class Shaped(dict[str, Any]):
    """A structure of a reply, which knows what it was asked for that its shape does not have."""

    def __init__(self, value: Mapping[str, Any], shape: Any, asked: Asked) -> None:
        members = ((key, shaped(each, shape.members[key], asked)) for key, each in value.items())
        super().__init__(members)
        self._shape, self._asked = shape, asked

    def __getitem__(self, key: str) -> Any:
        self._asked.add(_file(), key, self._shape)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._asked.add(_file(), str(key), self._shape)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(_file(), key, self._shape)
        return super().get(key, default)


def _file() -> str:
    """Where the caller's caller stands."""
    return Path(sys._getframe(2).f_code.co_filename).name  # noqa: SLF001 - that is the question


def shaped(value: Any, shape: Any, asked: Asked) -> Any:
    """A reply, or a part of one, that knows its shape."""
    match shape.type_name:
        case "structure" if not shape.is_document_type:
            return Shaped(value, shape, asked)
        case "list":
            return [shaped(each, shape.member, asked) for each in value]
        case "map":
            return {key: shaped(each, shape.value, asked) for key, each in value.items()}
        case _:
            return value


@cache
def output_of(operation: Operation) -> Any:
    service = botocore.session.get_session().get_service_model(operation.service)
    return service.operation_model(operation.name).output_shape


@dataclass(frozen=True)
class ShapedApi:
    """Gives the replies of another api as mappings that know their shape."""

    api: Any
    asked: Asked

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        reply = self.api.call(operation, region, params)
        return shaped(reply, output_of(operation), self.asked)


@dataclass(frozen=True)
class MadeApi:
    """Makes each reply from its shape, with one thing in each list and one page.

    Names and ARNs are all the same, so that whatever refers to another thing finds it. Each turn
    takes another value of each enum, and leaves out some of the members that are not required.
    """

    turn: int

    def call(self, operation: Operation, _region: str, _params: Mapping[str, Any]) -> Any:
        reply = self._value(output_of(operation), operation.name, ())
        reply.pop(operation.token_out, None)
        return reply

    def _value(self, shape: Any, name: str, inside: tuple[str, ...]) -> Any:
        if shape.name in inside:
            return {} if shape.type_name in {"structure", "map"} else []
        within = (*inside, shape.name)
        match shape.type_name:
            case "structure":
                kept = (key for key in shape.members if self._keeps(key, shape))
                return {key: self._value(shape.members[key], key, within) for key in kept}
            case "list":
                return [self._value(shape.member, name, within)]
            case "map":
                return {"name": self._value(shape.value, name, within)}
            case _:
                return self._scalar(shape, name)

    def _keeps(self, key: str, shape: Any) -> bool:
        return key in shape.required_members or crc32(key.encode()) % len(TURNS) != self.turn

    def _scalar(self, shape: Any, name: str) -> Any:
        match shape.type_name:
            case "string" if shape.enum:
                return shape.enum[self.turn % len(shape.enum)]
            case "string":
                return ARN if name.lower().endswith("arn") else "name"
            case "timestamp":
                return NOW
            case "boolean":
                return self.turn % 2 == 0
            case _:
                return SCALARS[shape.type_name]


@pytest.fixture(scope="module")
def asked(account_of: Callable[[], Any], request_for: Callable[..., Any]) -> Asked:
    """What all collectors ask replies for."""
    found = Asked()
    for api in (account_of(), *(MadeApi(turn) for turn in TURNS)):
        collect(ShapedApi(api, found), request_for())
    return found


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


def members_of(path: Path) -> set[str]:
    """The members of everything that the operations of a module may be answered."""
    found: set[str] = set()
    for operation in _operations(import_module(f"{mlaudit.collect.__name__}.{path.stem}")):
        found |= {*_members(output_of(operation), set())}
    return found


def _operations(module: Any) -> Iterator[Operation]:
    for each in vars(module).values():
        match each:
            case Operation():
                yield each
            case Searchable():
                yield from each.operations
            case Collector():
                yield from each.uses
            case _:
                continue


def _members(shape: Any, seen: set[str]) -> Iterator[str]:
    if shape.name in seen:
        return
    seen.add(shape.name)
    match shape.type_name:
        case "structure":
            yield from shape.members
            for each in shape.members.values():
                yield from _members(each, seen)
        case "list":
            yield from _members(shape.member, seen)
        case "map":
            yield from _members(shape.value, seen)
        case _:
            return


SOURCES = [each for each in sorted(FOLDER.glob("*.py")) if each.name not in WITHOUT_SHAPES]


def test_nothing_is_read_that_no_shape_has(asked: Asked) -> None:
    assert len(asked.members) > 500
    assert asked.lacking - OF_SEVERAL_SHAPES == set()


@pytest.mark.parametrize("path", SOURCES, ids=[each.stem for each in SOURCES])
def test_what_no_reply_was_asked_for_is_a_member_all_the_same(path: Path, asked: Asked) -> None:
    unasked = {key for key in reads_of(path) if (path.name, key) not in asked.members}
    assert unasked - members_of(path) - DOCUMENTS.get(path.name, set()) == set()


def test_a_member_that_does_not_exist_is_noticed() -> None:
    found = Asked()
    shape = output_of(Operation("sagemaker", "DescribeEndpoint"))
    endpoint = shaped({"EndpointName": "e"}, shape, found)
    assert endpoint["EndpointName"] == endpoint.get("EndpointName") == "e"
    assert found.lacking == set()
    assert endpoint.get("EndpointNames") is None
    assert "EndpointNamed" not in endpoint
    with pytest.raises(KeyError):
        endpoint["Endpoint"]
    here, name = Path(__file__).name, "DescribeEndpointOutput"
    read = {"EndpointNames", "EndpointNamed", "Endpoint"}
    assert found.lacking == {(here, name, key) for key in read}
