"""What each type of step does when a pipeline runs: it creates the real resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.sagemaker import records
from mlaudit.emulator.sagemaker.pipelines import lineage_steps, references

_SUFFIX = 10
_SHORT_NAME = 32


@dataclass(frozen=True, slots=True)
class Running:
    """One step of one execution, about to run."""

    call: Call
    step: Record
    arguments: Record
    execution_id: str
    execution_arn: str
    at: datetime
    scope: Mapping[str, Any]
    by: str

    @property
    def name(self) -> str:
        """Return the name of the step."""
        return str(self.step["Name"])

    def job_name(self, longest: int = 63) -> str:
        """Return the name the service gives to what the step creates."""
        suffix = self.call.token(f"step {self.name}", _SUFFIX)
        if longest <= _SHORT_NAME:
            return f"{self.execution_id}-{self.name[:8]}-{suffix}"[:longest]
        room = longest - len(f"pipelines-{self.execution_id}--{suffix}")
        return f"pipelines-{self.execution_id}-{self.name[:room]}-{suffix}"

    def create(self, kind: str, name: str, operation: str = "") -> Record:
        """Create the resource of a step under this name and return its record."""
        params = {**self.arguments, _NAME_KEYS[kind]: name}
        self.call.invoke(operation or f"Create{kind}", params, now=self.at)
        record = records.lookup(self.call, kind, name)
        if record is None:
            raise AssertionError(name)
        return record


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step left behind: its metadata, and what later steps may refer to."""

    metadata: Record
    properties: Record
    ended: datetime | None = None
    failure: str | None = None


_NAME_KEYS = {
    "TrainingJob": "TrainingJobName",
    "ProcessingJob": "ProcessingJobName",
    "TransformJob": "TransformJobName",
    "HyperParameterTuningJob": "HyperParameterTuningJobName",
    "AutoMLJob": "AutoMLJobName",
    "Model": "ModelName",
    "EndpointConfig": "EndpointConfigName",
    "Endpoint": "EndpointName",
    "InferenceComponent": "InferenceComponentName",
}


def run(running: Running) -> Ran:
    """Run one step."""
    runner = _RUNNERS.get(running.step["Type"])
    if runner is None:
        return Ran({}, {}, failure=f"Step type {running.step['Type']} is not emulated.")
    return runner(running)


def _job(kind: str, key: str, ended: str, *, longest: int = 63) -> Callable[[Running], Ran]:
    def runner(running: Running) -> Ran:
        record = running.create(kind, running.job_name(longest))
        return Ran({key: {"Arn": record["_arn"]}}, record, record.get(ended))

    return runner


def _automl(running: Running) -> Ran:
    newer = "AutoMLProblemTypeConfig" in running.arguments
    operation = "CreateAutoMLJobV2" if newer else "CreateAutoMLJob"
    record = running.create("AutoMLJob", running.job_name(_SHORT_NAME), operation)
    return Ran({"AutoMLJob": {"Arn": record["_arn"]}}, record, record["EndTime"])


def _resource(kind: str) -> Callable[[Running], Ran]:
    def runner(running: Running) -> Ran:
        name = running.arguments.get(_NAME_KEYS[kind]) or running.job_name()
        record = running.create(kind, name)
        return Ran({kind: {"Arn": record["_arn"]}}, record)

    return runner


def _endpoint(running: Running) -> Ran:
    name = running.arguments["EndpointName"]
    existing = records.lookup(running.call, "Endpoint", name)
    if existing is None:
        return _resource("Endpoint")(running)
    running.call.invoke("UpdateEndpoint", running.arguments, now=running.at)
    return Ran({"Endpoint": {"Arn": existing["_arn"]}}, existing)


def _register(running: Running) -> Ran:
    params = dict(running.arguments)
    params["MetadataProperties"] = {
        **params.get("MetadataProperties", {}),
        "GeneratedBy": running.execution_arn,
    }
    group = params.get("ModelPackageGroupName")
    if group and records.lookup(running.call, "ModelPackageGroup", group) is None:
        running.call.invoke(
            "CreateModelPackageGroup", {"ModelPackageGroupName": group}, now=running.at
        )
    answer = running.call.invoke("CreateModelPackage", params, now=running.at, by=running.by)
    record = running.call.space.table("ModelPackage")[answer["ModelPackageArn"]]
    return Ran({"RegisterModel": {"Arn": record["_arn"]}}, record)


def _check(key: str) -> Callable[[Running], Ran]:
    """Return the runner of a QualityCheck or ClarifyCheck step: a processing job with a verdict."""

    def runner(running: Running) -> Ran:
        step = running.step
        name = running.job_name()
        running.call.invoke(
            "CreateProcessingJob", {**running.arguments, "ProcessingJobName": name}, now=running.at
        )
        job = records.lookup(running.call, "ProcessingJob", name) or {}
        skip = references.resolved(step.get("SkipCheck", False), running.scope)
        register = references.resolved(step.get("RegisterNewBaseline", False), running.scope)
        metadata: Record = {
            "CheckType": step.get("CheckType", _CHECK_TYPES[key]),
            "CheckJobArn": job["_arn"],
            "SkipCheck": bool(skip),
            "RegisterNewBaseline": bool(register),
        }
        group = references.resolved(step.get("ModelPackageGroupName"), running.scope)
        if group:
            metadata["ModelPackageGroupName"] = group
        supplied = references.resolved(step.get("SuppliedBaselineConstraints"), running.scope)
        baseline = supplied or _registered(running.call, group, metadata["CheckType"])
        if baseline:
            metadata["BaselineUsedForDriftCheckConstraints"] = baseline
        folder = _output_folder(job)
        if folder:
            metadata["CalculatedBaselineConstraints"] = f"{folder}/constraints.json"
            if key == "QualityCheck":
                metadata["CalculatedBaselineStatistics"] = f"{folder}/statistics.json"
        return Ran({key: metadata}, {**job, **metadata}, job.get("ProcessingEndTime"))

    return runner


_CHECK_TYPES = {"QualityCheck": "DATA_QUALITY", "ClarifyCheck": "DATA_BIAS"}


_BASELINES = {
    "DATA_BIAS": ("Bias", "PreTrainingConstraints"),
    "DATA_QUALITY": ("ModelDataQuality", "Constraints"),
    "MODEL_BIAS": ("Bias", "PostTrainingConstraints"),
    "MODEL_EXPLAINABILITY": ("Explainability", "Constraints"),
    "MODEL_QUALITY": ("ModelQuality", "Constraints"),
}
"""Where a version registers what a check of each type compares with."""


def _registered(call: Call, group: str | None, check_type: str) -> str | None:
    """Return the baseline of the newest approved version of a group."""
    kind, member = _BASELINES[check_type]
    versions = [
        row
        for row in call.space.rows("ModelPackage")
        if group and row.get("ModelPackageGroupName") == group
        if row.get("ModelApprovalStatus") == "Approved"
    ]
    held = versions[-1].get("DriftCheckBaselines", {}) if versions else {}
    found: str | None = held.get(kind, {}).get(member, {}).get("S3Uri")
    return found


def _output_folder(job: Record) -> str | None:
    outputs = job.get("ProcessingOutputConfig", {}).get("Outputs", [])
    uris = [item["S3Output"]["S3Uri"] for item in outputs if "S3Output" in item]
    return uris[0].rstrip("/") if uris else None


def _lambda(running: Running) -> Ran:
    step = running.step
    arn = references.resolved(step.get("FunctionArn"), running.scope)
    outputs = [
        {"Name": item["OutputName"], "Value": ""} for item in step.get("OutputParameters", [])
    ]
    properties = {"OutputParameters": {item["Name"]: item["Value"] for item in outputs}}
    return Ran({"Lambda": {"Arn": arn, "OutputParameters": outputs}}, properties)


def _lineage(running: Running) -> Ran:
    made = lineage_steps.record(running.call, running.arguments, running.at)
    return Ran({"Lineage": made}, made)


def _fail(running: Running) -> Ran:
    message = str(running.arguments.get("ErrorMessage", "The pipeline failed."))
    return Ran({"Fail": {"ErrorMessage": message}}, {}, failure=message)


_RUNNERS: Mapping[str, Callable[[Running], Ran]] = {
    "Training": _job("TrainingJob", "TrainingJob", "TrainingEndTime"),
    "Processing": _job("ProcessingJob", "ProcessingJob", "ProcessingEndTime"),
    "Transform": _job("TransformJob", "TransformJob", "TransformEndTime"),
    "Tuning": _job(
        "HyperParameterTuningJob", "TuningJob", "HyperParameterTuningEndTime", longest=_SHORT_NAME
    ),
    "AutoML": _automl,
    "Model": _resource("Model"),
    "CreateModel": _resource("Model"),
    "RegisterModel": _register,
    "EndpointConfig": _resource("EndpointConfig"),
    "Endpoint": _endpoint,
    "InferenceComponent": _resource("InferenceComponent"),
    "QualityCheck": _check("QualityCheck"),
    "ClarifyCheck": _check("ClarifyCheck"),
    "Lambda": _lambda,
    "Lineage": _lineage,
    "Fail": _fail,
}
