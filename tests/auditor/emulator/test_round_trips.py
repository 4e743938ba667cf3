"""Whatever the model lets a caller create can be described, listed and deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from mlaudit.emulator import models, services, shapes
from mlaudit.emulator.cloud import Call, Cloud, Record
from mlaudit.emulator.sagemaker import HANDLERS, naming

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
# Strings that satisfy most patterns of the model, tried in order.
STRINGS = (
    "name-1",
    "arn:aws:iam::123456789012:role/ml",
    "s3://bucket/key",
    "arn:aws:sagemaker:us-east-1:123456789012:image/name-1",
    "arn:aws:s3:::bucket",
    "arn:aws:lambda:us-east-1:123456789012:function:f",
    "arn:aws:sagemaker:us-east-1:123456789012:cluster/abcdefghijkl",
    "arn:aws:sagemaker:us-east-1:123456789012:experiment/name-1",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1",
    "https://example.org/x",
    "ml.m5.large",
    "1",
    "0.5",
    "a" * 32,
    "/opt/ml/x",
    "name@example.org",
    "1.2.3",
    "Mon:03:00",
    "subnet-1",
    "d-abcdef",
    "10.0.0.0/16",
)
# What a minimal input from the model lacks although the service asks for it.
EXTRAS: dict[str, Record] = {
    "Model": {"PrimaryContainer": {"Image": "image:1"}},
    "Pipeline": {"PipelineDefinition": '{"Version": "2020-12-01", "Steps": []}'},
    "ModelPackage": {"ModelPackageName": "name-1"},
}
# Resources that live inside or on top of others, which the tests of their own cover.
DEPENDENT = {
    "App", "Endpoint", "EndpointConfig", "HubContentReference", "InferenceComponent",
    "MonitoringSchedule", "TransformJob", "ModelCardExportJob", "EdgeDeploymentStage",
}  # fmt: skip
CREATED = sorted(
    name.removeprefix("Create")
    for name in HANDLERS
    if name.startswith("Create") and name.removeprefix("Create") not in DEPENDENT
)


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(handlers=services.HANDLERS, whole=services.WHOLE, present=lambda: NOW)


def ask(cloud: Cloud, operation: str, params: Record) -> Record:
    call = Call(cloud, "sagemaker", operation, params, "123456789012", "us-east-1", NOW, {})
    return cloud.invoke(call)


def minimal(shape: Shape | None) -> Any:
    """Return the smallest value a shape accepts."""
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return [minimal(shape.member) for _ in range(int(shape.metadata.get("min", 0)))]
    if isinstance(shape, StringShape):
        return _string(shape)
    if shape is None or isinstance(shape, MapShape):
        return {}
    scalars: dict[str, Any] = {"boolean": True, "timestamp": NOW, "blob": b"x"}
    return scalars.get(shape.type_name, int(shape.metadata.get("min", 1)))


def _structure(shape: StructureShape) -> Record:
    names = list(shape.required_members)
    if getattr(shape, "is_tagged_union", False) and not names:
        names = [next(iter(shape.members))]
    return {name: minimal(shape.members[name]) for name in names}


def _string(shape: StringShape) -> str:
    if shape.enum:
        return str(shape.enum[0])
    for text in STRINGS:
        if not list(shapes.faults(text, shape)):
            return text
    low = int(shape.metadata.get("min", 1))
    pytest.skip(f"no sample matches {shape.metadata.get('pattern')} of at least {low}")


def created(cloud: Cloud, kind: str) -> tuple[Record, Record]:
    """Create one resource of a kind; return what was asked for and what is stored."""
    params = minimal(models.operation("sagemaker", f"Create{kind}").input_shape)
    answer = ask(cloud, f"Create{kind}", params | EXTRAS.get(kind, {}))
    record = rows(cloud, kind)[0]
    arns = {key: value for key, value in answer.items() if key.endswith("Arn")}
    assert arns == {key: record[key] for key in arns}
    return params, record


def rows(cloud: Cloud, kind: str) -> list[Record]:
    """Return what is stored of a kind."""
    return cloud.space("123456789012", "us-east-1").rows(naming.SAME.get(kind, kind))


def names(kind: str, record: Record) -> Record:
    """Return the members that name a record in requests."""
    if kind == "ModelPackage":
        return {"ModelPackageName": record["ModelPackageArn"]}
    keys = naming.keys(naming.SAME.get(kind, kind))
    return {key: record[key] for key in keys if key in record}


@pytest.mark.parametrize("kind", CREATED)
def test_what_is_created_is_described(cloud: Cloud, kind: str) -> None:
    params, record = created(cloud, kind)
    if not naming.exists(f"Describe{kind}"):
        pytest.skip("the API has no describe operation")
    described = ask(cloud, f"Describe{kind}", names(kind, record))
    plain = {key: value for key, value in params.items() if isinstance(value, (str, int))}
    assert {key: described[key] for key in plain if key in described}.items() <= plain.items()


@pytest.mark.parametrize("kind", CREATED)
def test_what_is_created_is_listed(cloud: Cloud, kind: str) -> None:
    _, record = created(cloud, kind)
    listing = f"List{naming.plural(naming.SAME.get(kind, kind))}"
    member = naming.summary(listing) if listing in HANDLERS else None
    if member is None:
        pytest.skip("the API has no list operation")
    required = minimal(models.operation("sagemaker", listing).input_shape)
    mine = {key: record.get(key, value) for key, value in required.items()}
    if kind == "ModelPackage":
        mine["ModelPackageType"] = "Both"
    assert len(ask(cloud, listing, mine)[member[0]]) == 1


@pytest.mark.parametrize("kind", CREATED)
def test_what_is_deleted_is_gone(cloud: Cloud, kind: str) -> None:
    _, record = created(cloud, kind)
    operation = f"Delete{naming.SAME.get(kind, kind)}"
    if operation not in HANDLERS:
        pytest.skip("the API has no delete operation")
    extra = {
        "Artifact": {"ArtifactArn": record["_arn"]},
        "Pipeline": {"ClientRequestToken": "a" * 32},
    }
    ask(cloud, operation, names(kind, record) | extra.get(kind, {}))
    assert rows(cloud, kind) == []


def test_every_resource_has_an_arn_of_its_account_and_region(cloud: Cloud) -> None:
    for kind in ("TrainingJob", "Experiment", "Domain"):
        params = minimal(models.operation("sagemaker", f"Create{kind}").input_shape)
        ask(cloud, f"Create{kind}", params)
        record = cloud.space("123456789012", "us-east-1").rows(kind)[0]
        assert re.match(r"arn:aws:sagemaker:us-east-1:123456789012:[a-z-]+/", record["_arn"])
