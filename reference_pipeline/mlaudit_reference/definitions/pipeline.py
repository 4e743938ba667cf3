"""The definition of the SageMaker pipeline, version 2020-12-01, written without the SDK.

Source: JSON schema of pipeline definitions in the SageMaker developer guide. What is known only at
deployment stands in it as ``${Name}``, for CloudFormation to fill in.
"""

from __future__ import annotations

from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions.expressions import (
    Deployed,
    Expression,
    Joined,
    Made,
    Output,
    Parameter,
    Reported,
    Run,
    Value,
    merged,
    said,
)
from mlaudit_reference.definitions.parameters import Setting, settings_of
from mlaudit_reference.definitions.steps import Gate, Kind, Limit, Step, Steps, steps_of
from mlaudit_reference.manifest import Manifest

VERSION = "2020-12-01"
Definition = dict[str, Any]

RETRIED = frozenset({Kind.PROCESSING, Kind.TRAINING, Kind.TUNING, Kind.AUTOML, Kind.REGISTER})
CACHED = frozenset({Kind.PROCESSING, Kind.TRAINING, Kind.TUNING, Kind.AUTOML})

_RUN = {
    "id": "Execution.PipelineExecutionId",
    "arn": "Execution.PipelineExecutionArn",
    "started": "Execution.StartDateTime",
}
_OF_SERVICE = {
    "BackoffRate": 2.0,
    "ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"],
    "IntervalSeconds": 10,
    "MaxAttempts": 5,
}
_OF_JOB = {
    "BackoffRate": 2.0,
    "ExceptionType": [
        "SageMaker.JOB_INTERNAL_ERROR",
        "SageMaker.CAPACITY_ERROR",
        "SageMaker.RESOURCE_LIMIT",
    ],
    "IntervalSeconds": 300,
    "MaxAttempts": 3,
}
"""A failure of one's own code is never retried: it would fail again, and be paid for again."""


def definition(manifest: Manifest) -> Definition:
    """The pipeline of a system, ready to be written as JSON."""
    experiment = names.training_pipeline(manifest)
    return {
        "Version": VERSION,
        "Metadata": {},
        "Parameters": [_parameter(each) for each in settings_of(manifest)],
        "PipelineExperimentConfig": {
            "ExperimentName": experiment,
            "TrialName": {"Get": _RUN["id"]},
        },
        **(_tracked(experiment) if manifest.training.tracking else {}),
        "Steps": _steps(steps_of(manifest), manifest),
    }


def _tracked(experiment: str) -> Definition:
    """Runs are kept in the MLflow app too, beside the experiments of SageMaker."""
    app = _word(Deployed("TrackingApp"))
    return {"MlflowConfig": {"MlflowResourceArn": app, "MlflowExperimentName": experiment}}


def in_words(value: Any) -> Any:
    """A request as a definition says it."""
    return said(value, _word)


def _parameter(setting: Setting) -> Definition:
    found: Definition = {"Name": setting.name, "Type": "String"}
    if setting.default is not None:
        found["DefaultValue"] = in_words(setting.default)
    if setting.choices:
        found["EnumValues"] = list(setting.choices)
    return found


def _steps(steps: Steps, manifest: Manifest) -> list[Definition]:
    return [
        _gate(each, manifest) if isinstance(each, Gate) else _step(each, manifest) for each in steps
    ]


def _step(step: Step, manifest: Manifest) -> Definition:
    found: Definition = {
        "Name": step.name,
        "Type": step.kind.value,
        "Arguments": in_words(step.request),
    }
    if step.kind is not Kind.FAIL:
        found["Description"] = step.about
    if step.after:
        found["DependsOn"] = list(step.after)
    if step.reports:
        found["PropertyFiles"] = [
            {"PropertyFileName": name, "OutputName": output, "FilePath": file}
            for name, (output, file) in step.reports.items()
        ]
    if step.kind in RETRIED:
        of_job = step.kind is not Kind.REGISTER
        found["RetryPolicies"] = [_OF_SERVICE, *([_OF_JOB] if of_job else [])]
    if step.kind in CACHED and manifest.training.cache_days:
        days = f"P{manifest.training.cache_days}D"
        found["CacheConfig"] = {"Enabled": True, "ExpireAfter": days}
    return found


def _gate(gate: Gate, manifest: Manifest) -> Definition:
    return {
        "Name": gate.name,
        "Type": "Condition",
        "Description": gate.about,
        "Arguments": {
            "Conditions": [_condition(each) for each in gate.limits],
            "IfSteps": _steps(gate.then, manifest),
            "ElseSteps": [_step(gate.otherwise, manifest)],
        },
    }


def _condition(limit: Limit) -> Definition:
    return {
        "Type": limit.operator,
        "LeftValue": in_words(limit.number),
        "RightValue": limit.bound,
    }


def _word(expression: Expression) -> Any:
    """A text, or a reference."""
    match expression:
        case Deployed(name):
            return f"${{{name}}}"
        case Joined(parts):
            return _text(parts)
        case Reported(output, report, _, path):
            file = {"Get": f"Steps.{output.step}.PropertyFiles.{report}"}
            return {"Std:JsonGet": {"PropertyFile": file, "Path": path}}
        case _:
            return {"Get": _path(expression)}


def _path(expression: Parameter | Run | Made | Output) -> str:
    match expression:
        case Parameter(name):
            return f"Parameters.{name}"
        case Run(what):
            return _RUN[what]
        case Made(step, path):
            return f"Steps.{step}.{path}"
        case Output(step, name):
            return f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"


def _text(parts: tuple[Value, ...]) -> Any:
    """A text, or one that is put together when the pipeline runs."""
    words = merged(tuple(part if isinstance(part, str) else _word(part) for part in parts))
    return words[0] if len(words) == 1 else {"Std:Join": {"On": "", "Values": list(words)}}
