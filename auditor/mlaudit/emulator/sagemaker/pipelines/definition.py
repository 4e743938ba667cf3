"""Pipelines, their versions, and the definitions in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, records
from mlaudit.emulator.sagemaker.pipelines import references


def accept(call: Call, record: Record) -> None:
    """Refuse a pipeline whose definition cannot be read."""
    if "PipelineDefinition" not in record:
        text = "Only pipelines with an inline PipelineDefinition are emulated."
        raise Refusal("ValidationException", text)
    parsed(record["PipelineDefinition"])
    record.setdefault("PipelineDisplayName", record["PipelineName"])
    record["PipelineStatus"] = "Active"
    record["CreatedBy"] = record["LastModifiedBy"] = {}
    add_version(call, record)


def update(call: Call) -> Record:
    """Change a pipeline; a changed definition is a new version."""
    record = records.find(call, "Pipeline")
    if "PipelineDefinition" in call.params:
        parsed(call.params["PipelineDefinition"])
    record |= {key: value for key, value in call.params.items() if key != "PipelineName"}
    record["LastModifiedTime"] = call.now
    if "PipelineDefinition" in call.params:
        add_version(call, record)
    return record


def add_version(call: Call, record: Record) -> None:
    """Remember the definition of a pipeline as its next version."""
    number = call.space.count(f"pipeline versions of {record['PipelineName']}")
    key = f"{record['_arn']}/version/{number}"
    record["PipelineVersionId"] = number
    call.space.table("PipelineVersion")[key] = {
        "_arn": key,
        "_kind": "PipelineVersion",
        "_born": call.now,
        "PipelineArn": record["PipelineArn"],
        "PipelineName": record["PipelineName"],
        "PipelineVersionId": number,
        "CreationTime": call.now,
        "LastModifiedTime": call.now,
        "PipelineDefinition": record["PipelineDefinition"],
    }


def list_versions(call: Call) -> Record:
    """List the versions of a pipeline."""
    pipeline = records.find(call, "Pipeline")
    rows = [
        row for row in call.space.rows("PipelineVersion") if row["PipelineArn"] == pipeline["_arn"]
    ]
    ignoring = frozenset({"PipelineName"})
    return listing.answer(call, "PipelineVersion", rows, ignoring=ignoring)


def parsed(text: str) -> Record:
    """Return a definition as data.

    Raises:
        Refusal: it is not a definition.
    """
    try:
        definition: Any = json.loads(text)
        steps = list(walk(definition["Steps"]))
        names = [step["Name"] for step in steps]
        types = [step["Type"] for step in steps]
    except (ValueError, KeyError, TypeError) as error:
        message = f"Unable to parse pipeline definition. {type(error).__name__}: {error}"
        raise Refusal("ValidationException", message) from error
    if len(set(names)) != len(names) or len(types) != len(names):
        raise Refusal("ValidationException", "Step names in a pipeline must be unique.")
    result: Record = definition
    return result


def walk(steps: list[Record]) -> Iterator[Record]:
    """Yield every step, also those in the branches of conditions."""
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            arguments = step.get("Arguments", {})
            yield from walk(arguments.get("IfSteps", []))
            yield from walk(arguments.get("ElseSteps", []))


def ordered(steps: list[Record]) -> list[Record]:
    """Return steps so that each follows those it depends on or refers to."""
    names = {step["Name"] for step in steps}
    pending, done, result = list(steps), set[str](), list[Record]()
    while pending:
        ready = [step for step in pending if not (_needs(step) & names) - done]
        if not ready:
            raise Refusal("ValidationException", "The steps of the pipeline form a cycle.")
        step = ready[0]
        pending.remove(step)
        done.add(step["Name"])
        result.append(step)
    return result


def _needs(step: Record) -> set[str]:
    inner = {item["Name"] for item in walk([step])}
    asked = {str(item) for item in step.get("DependsOn", [])}
    return (asked | references.step_names(step.get("Arguments", {}))) - inner
