"""Requests of steps, held against what the API of AWS takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

Problems = Callable[[str, Mapping[str, Any]], list[str]]
Filled = Callable[[Any], Any]

OWN = {"image": "1.dkr.ecr.eu-west-1.amazonaws.com/own@sha256:" + "a" * 64}
OWN["serving_image"] = OWN["image"]

_AT_DEPLOYMENT = {
    "Key": "arn:aws:kms:eu-west-1:111122223333:key/1234",
    "Registry": "683313688378.dkr.ecr.eu-west-1.amazonaws.com",
    "SecurityGroup": "sg-0123456789",
}


@pytest.fixture(scope="session")
def filled() -> Filled:
    """Fill a definition in with values, as they would be in a run."""
    return _filled


@pytest.fixture(scope="session")
def problems() -> Problems:
    """Tell what an operation of SageMaker would not take."""
    model = boto3.client("sagemaker", region_name="eu-west-1").meta.service_model

    def problems(operation: str, request: Mapping[str, Any]) -> list[str]:
        shape = model.operation_model(operation).input_shape
        found = ParamValidator().validate(request, shape)
        return [
            *([found.generate_report()] if found.has_errors() else []),
            *_breaks(request, shape),
        ]

    return problems


def _filled(value: Any) -> Any:
    if isinstance(value, list):
        return [_filled(each) for each in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda found: _deployed(found[1]), value)
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Get"}:
        return _got(value["Get"])
    if value.keys() == {"Std:Join"}:
        join = value["Std:Join"]
        return join["On"].join(_filled(each) for each in join["Values"])
    return {key: _filled(each) for key, each in value.items()}


def _deployed(name: str) -> str:
    if name.endswith("Role"):
        return f"arn:aws:iam::111122223333:role/{name}"
    if name.startswith("Subnet"):
        return f"subnet-{ord(name[-1]):010d}"
    return _AT_DEPLOYMENT.get(name, f"a-{name.lower()}")


def _got(path: str) -> str:
    known = {
        "Parameters.ApprovalStatus": "PendingManualApproval",
        "Parameters.CommitId": "0123456789abcdef",
        "Parameters.TrainingInstanceType": "ml.m5.xlarge",
        "Parameters.TuningStrategy": "Bayesian",
        "Execution.PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/p",
    }
    short = ("JobName", "Id", "DateTime", "Trigger", "Version")
    return known.get(path) or ("abc123" if path.endswith(short) else "s3://a-bucket/place")


def _breaks(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Where a request breaks patterns, choices and limits, which botocore leaves to the service."""
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from _breaks(member, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for each in value:
            yield from _breaks(each, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for name, member in value.items():
            yield from _breaks(name, shape.key, f"{path}.{name}")
            yield from _breaks(member, shape.value, f"{path}.{name}")
    elif shape.type_name == "string":
        yield from _breaks_text(value, shape, path)


def _breaks_text(value: str, shape: Any, path: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield f"{path}: {value} is none of {shape.enum}"
    if len(value) > shape.metadata.get("max", len(value)):
        yield f"{path}: {value} is too long"
    pattern = shape.metadata.get("pattern", "")
    # Python knows no classes of Unicode: such patterns are left to the service.
    if pattern and "\\p{" not in pattern.lower() and not re.fullmatch(pattern, value):
        yield f"{path}: {json.dumps(value)} is not {pattern}"
