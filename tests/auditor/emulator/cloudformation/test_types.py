"""Every type that stacks can have here is made from a small template, and unmade."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlaudit.emulator.cloudformation import providers, templates

TEMPLATE = (Path(__file__).parent / "every_type.yaml").read_text(encoding="utf-8")
# What keeps the tags that its stack had at first.
KEPT = {
    ":compute-environment/",
    ":feature-group/",
    ":project/",
    ":serverless-cluster/",
    "job-definition/",
}
# What deleting leaves in its service for a while or for ever, as AWS does.
LASTING = {"key/", "job-definition/"}


def test_the_template_has_every_type() -> None:
    types = {each["Type"] for each in templates.read(TEMPLATE).resources.values()}
    assert types == set(providers.ROWS)


@pytest.mark.slow
def test_every_type_is_made_as_told_and_unmade(stacks: Any, client: Callable[..., Any]) -> None:
    _prepare(client)
    status = stacks.create(TEMPLATE, Tags=[{"Key": "team", "Value": "ml"}])
    assert status == "CREATE_COMPLETE", stacks.reasons()
    ids = stacks.ids()
    assert len(ids) == len(templates.read(TEMPLATE).resources)
    assert [name for name, found in ids.items() if not found or "None" in found] == []
    tagged = client("resourcegroupstaggingapi")
    filters: list[Any] = [{"Key": "team", "Values": ["ml"]}]
    assert len(_arns(tagged, filters)) > 40

    client("cloudformation").detect_stack_drift(StackName="demo")
    drifts = stacks.client.describe_stack_resource_drifts(StackName="demo", MaxResults=100)
    changed = [
        (each["LogicalResourceId"], each["PropertyDifferences"])
        for each in drifts["StackResourceDrifts"]
        if each["StackResourceDriftStatus"] != "IN_SYNC"
    ]
    assert changed == []

    before = set(_arns(tagged, filters))
    assert stacks.update(TEMPLATE, Tags=[{"Key": "team", "Value": "other"}]) == "UPDATE_COMPLETE"
    assert {arn for arn in _arns(tagged, filters) if not any(part in arn for part in KEPT)} == set()
    filters[0]["Values"].append("other")
    assert set(_arns(tagged, filters)) >= before

    assert stacks.delete() == "DELETE_COMPLETE", stacks.reasons()
    left = [arn for arn in _arns(tagged, filters) if not any(part in arn for part in LASTING)]
    assert left == []


def _prepare(client: Callable[..., Any]) -> None:
    """Put into the account what the template takes from outside: a layer and where it lies."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("module.py", "")
    client("s3").create_bucket(Bucket="given")
    client("s3").put_object(Bucket="given", Key="layer.zip", Body=buffer.getvalue())
    client("ssm").put_parameter(Name="/given/bucket", Value="given", Type="String")


def _arns(tagged: Any, filters: list[dict[str, Any]]) -> list[str]:
    pages = tagged.get_paginator("get_resources").paginate(TagFilters=filters)
    return [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
