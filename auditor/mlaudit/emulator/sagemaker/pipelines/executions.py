"""Run a pipeline's definition, and answer for its executions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import experiments, listing, records
from mlaudit.emulator.sagemaker.pipelines import definition, references, steps

_KIND = "PipelineExecution"
_STEP = "PipelineExecutionStep"
_TRANSIENT = timedelta(seconds=20)


def start(call: Call) -> Record:
    """Run every step of a pipeline, one after the other, and remember what happened."""
    pipeline = records.find(call, "Pipeline", {"PipelineName": call.params["PipelineName"]})
    document = definition.parsed(pipeline["PipelineDefinition"])
    execution = _new(call, pipeline)
    call.space.table(_KIND)[execution["_arn"]] = execution
    pipeline["LastRunTime"] = call.now
    scope = _scope(call, document, execution, pipeline)
    if "PipelineExperimentConfig" in document:
        config = references.resolved(document["PipelineExperimentConfig"], scope)
        execution["PipelineExperimentConfig"] = config
    run = _Run(call, execution, scope)
    run.steps(document["Steps"])
    execution["LastModifiedTime"] = run.at
    execution |= {key: value for key, value in call.becomes.items() if key != "Steps"}
    return {
        "PipelineExecutionArn": execution["_arn"],
        "PipelineVersionId": execution["PipelineVersionId"],
    }


def describe(call: Call) -> Record:
    """Describe an execution."""
    return _find(call)


def describe_definition(call: Call) -> Record:
    """Return the definition an execution ran."""
    return _find(call)


def list_(call: Call) -> Record:
    """List the executions of a pipeline."""
    pipeline = records.find(call, "Pipeline", {"PipelineName": call.params["PipelineName"]})
    rows = [row for row in call.space.rows(_KIND) if row["PipelineArn"] == pipeline["_arn"]]
    return listing.answer(call, _KIND, rows, ignoring=frozenset({"PipelineName"}))


def list_steps(call: Call) -> Record:
    """List the steps of an execution."""
    execution = _find(call)
    page = listing.paged(call, execution["_steps"][:: _order(call)])
    page["PipelineExecutionSteps"] = page.pop("rows")
    return page


def list_parameters(call: Call) -> Record:
    """List the parameters an execution was started with."""
    page = listing.paged(call, _find(call).get("PipelineParameters", []))
    page["PipelineParameters"] = page.pop("rows")
    return page


def stop(call: Call) -> Record:
    """Stop an execution; those here have always ended already."""
    execution = _find(call)
    if execution["PipelineExecutionStatus"] != "Executing":
        text = f"Pipeline execution {execution['_arn']} is not in Executing status."
        raise Refusal("ValidationException", text)
    execution["PipelineExecutionStatus"] = "Stopped"
    return execution


def update(call: Call) -> Record:
    """Change the display name or description of an execution."""
    execution = _find(call)
    execution |= {key: value for key, value in call.params.items() if key != "PipelineExecutionArn"}
    return execution


class _Run:
    """The progress of one execution."""

    def __init__(self, call: Call, execution: Record, scope: dict[str, Any]) -> None:
        self.call = call
        self.execution = execution
        self.scope = scope
        self.at: datetime = call.now
        self.failed = False

    def steps(self, items: list[Record]) -> None:
        """Run steps in order until one fails."""
        for step in definition.ordered(items):
            if not self.failed:
                self._step(step)

    def _step(self, step: Record) -> None:
        override = self._override(step["Name"])
        if step["Type"] == "Condition":
            self._condition(step, override)
            return
        arguments = references.resolved(step.get("Arguments", {}), self.scope)
        running = steps.Running(
            call=self.call,
            step=step,
            arguments=arguments,
            execution_id=self.execution["_arn"].rsplit("/", 1)[-1],
            execution_arn=self.execution["_arn"],
            at=self.at,
            scope=self.scope,
            by=self.execution["_by"],
        )
        ran = steps.run(running)
        self._track(ran.metadata)
        self.scope["Steps"][step["Name"]] = ran.properties
        ended = max(ran.ended or self.at, min(self.at + _TRANSIENT, self.call.cloud.now))
        failure = override.get("FailureReason") or ran.failure
        if override.get("StepStatus") == "Failed" and not failure:
            failure = "ClientError: the step failed."
        self._note(step, ran.metadata, ended, failure)

    def _condition(self, step: Record, override: Mapping[str, Any]) -> None:
        outcome = bool(override.get("Outcome", True))
        metadata = {"Condition": {"Outcome": "True" if outcome else "False"}}
        self._note(step, metadata, self.at, None)
        self.steps(step.get("Arguments", {}).get("IfSteps" if outcome else "ElseSteps", []))

    def _note(self, step: Record, metadata: Record, ended: datetime, failure: str | None) -> None:
        record: Record = {
            "StepName": step["Name"],
            "StartTime": self.at,
            "EndTime": ended,
            "StepStatus": "Failed" if failure else "Succeeded",
            "Metadata": metadata,
            "AttemptCount": 1,
        }
        for key in ("DisplayName", "Description"):
            if step.get(key):
                record[f"Step{key}"] = step[key]
        if failure:
            record["FailureReason"] = failure
            self.failed = True
            self.execution["PipelineExecutionStatus"] = "Failed"
            self.execution["FailureReason"] = f"Step failure: {step['Name']}"
        self.execution["_steps"].append(record)
        self.at = ended

    def _track(self, metadata: Record) -> None:
        """Keep a job in the experiment that the definition names."""
        config = self.execution.get("PipelineExperimentConfig")
        job = next(iter(metadata.values()), None)
        arn = job.get("Arn") or job.get("CheckJobArn") if isinstance(job, dict) else None
        if config and arn:
            experiments.track(self.call, config, arn, self.at)

    def _override(self, name: str) -> Mapping[str, Any]:
        overrides: Mapping[str, Mapping[str, Any]] = self.call.becomes.get("Steps", {})
        return overrides.get(name, {})


def _new(call: Call, pipeline: Record) -> Record:
    arn = f"{pipeline['_arn']}/execution/{call.token('execution', 12)}"
    name = (
        call.params.get("PipelineExecutionDisplayName")
        or f"execution-{int(call.now.timestamp() * 1000)}"
    )
    execution: Record = {
        "_arn": arn,
        "_kind": _KIND,
        "_born": call.now,
        "_steps": [],
        "_by": _assumed(pipeline["RoleArn"]),
        "PipelineArn": pipeline["_arn"],
        "PipelineExecutionArn": arn,
        "PipelineExecutionDisplayName": name,
        "PipelineExecutionStatus": "Succeeded",
        "CreationTime": call.now,
        "StartTime": call.now,
        "LastModifiedTime": call.now,
        "CreatedBy": {},
        "LastModifiedBy": {},
        "PipelineVersionId": pipeline["PipelineVersionId"],
        "PipelineDefinition": pipeline["PipelineDefinition"],
        "PipelineParameters": call.params.get("PipelineParameters", []),
        "Tags": [],
    }
    if "PipelineExecutionDescription" in call.params:
        execution["PipelineExecutionDescription"] = call.params["PipelineExecutionDescription"]
    return execution


def _assumed(role: str) -> str:
    """Return who a pipeline's role is while a run has assumed it."""
    account, name = role.split(":")[4], role.rpartition("/")[2]
    return f"arn:aws:sts::{account}:assumed-role/{name}/SageMaker"


def _scope(call: Call, document: Record, execution: Record, pipeline: Record) -> dict[str, Any]:
    parameters = {
        item["Name"]: item["DefaultValue"]
        for item in document.get("Parameters", [])
        if "DefaultValue" in item
    }
    types = {item["Name"]: item.get("Type", "String") for item in document.get("Parameters", [])}
    for item in call.params.get("PipelineParameters", []):
        if item["Name"] not in types:
            raise Refusal("ValidationException", f"Unknown parameter {item['Name']}.")
        parameters[item["Name"]] = _typed(item["Name"], item["Value"], types[item["Name"]])
    return {
        "Parameters": parameters,
        "Steps": {},
        "Execution": {
            "PipelineName": pipeline["PipelineName"],
            "PipelineArn": pipeline["_arn"],
            "PipelineExecutionArn": execution["_arn"],
            "PipelineExecutionId": execution["_arn"].rsplit("/", 1)[-1],
            "StartDateTime": call.now.isoformat(),
            "CurrentDateTime": call.now.isoformat(),
        },
    }


def _typed(name: str, value: str, kind: str) -> Any:
    try:
        return _TYPES.get(kind, str)(value)
    except ValueError as error:
        text = f"Parameter {name} is not of type {kind}: {value}"
        raise Refusal("ValidationException", text) from error


def _boolean(value: str) -> bool:
    return value.lower() == "true"


_TYPES: Mapping[str, Callable[[str], Any]] = {"Integer": int, "Float": float, "Boolean": _boolean}


def _find(call: Call) -> Record:
    arn = call.params["PipelineExecutionArn"]
    execution = call.space.table(_KIND).get(arn)
    if execution is None:
        text = f"Pipeline execution with ARN {arn} does not exist."
        raise Refusal("ResourceNotFound", text)
    return execution


def _order(call: Call) -> int:
    return -1 if call.params.get("SortOrder", "Descending") == "Descending" else 1
