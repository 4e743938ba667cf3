"""The whole pipeline, authored with the SDK; run as a program, it prints the definitions.

``python -m mlaudit_reference.authoring.pipeline < pipeline.yaml`` takes one or more manifests.
Nothing is sent anywhere, so any credentials do. ``SAGEMAKER_VALIDATE_ROLE=false`` keeps the SDK
from asking IAM for roles that are not there yet, and a configuration file with ``TelemetryOptOut``
keeps it from reporting.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml
from sagemaker.core.shapes import MlflowConfig
from sagemaker.core.workflow.conditions import (
    ConditionGreaterThanOrEqualTo,
    ConditionLessThanOrEqualTo,
)
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.lineage_step import LineageStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.pipeline_experiment_config import PipelineExperimentConfig
from sagemaker.mlops.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep, TuningStep

from mlaudit_reference import names
from mlaudit_reference.authoring.jobs import Jobs
from mlaudit_reference.authoring.normal import normal
from mlaudit_reference.authoring.records import Records
from mlaudit_reference.authoring.values import Words
from mlaudit_reference.definitions import steps as plan
from mlaudit_reference.definitions.expressions import Deployed
from mlaudit_reference.definitions.parameters import settings_of
from mlaudit_reference.manifest import Manifest, read_manifest

_OF_SERVICE = StepRetryPolicy(
    exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
    interval_seconds=10,
    backoff_rate=2.0,
    max_attempts=5,
)
_OF_JOB = SageMakerJobStepRetryPolicy(
    exception_types=[
        SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
        SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
        SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT,
    ],
    interval_seconds=300,
    backoff_rate=2.0,
    max_attempts=3,
)
_CONDITIONS = {
    "GreaterThanOrEqualTo": ConditionGreaterThanOrEqualTo,
    "LessThanOrEqualTo": ConditionLessThanOrEqualTo,
}


def authored(manifest: Manifest) -> dict[str, Any]:
    """The definition of the pipeline of a system, as the SDK writes it."""
    return _Author(manifest).definition()


class _Author:
    def __init__(self, manifest: Manifest) -> None:
        session = PipelineSession(default_bucket="nowhere")
        self._manifest = manifest
        self._session = session
        self._words = Words()
        for setting in settings_of(manifest):
            self._words.parameter(setting)
        self._jobs = Jobs(manifest, self._words, session)
        role = self._words.role(Deployed("PipelineRole"))
        self._records = Records(self._words, session, role)

    def definition(self) -> dict[str, Any]:
        experiment = names.training_pipeline(self._manifest)
        tracked = MlflowConfig(
            mlflow_resource_arn="${TrackingApp}", mlflow_experiment_name=experiment
        )
        pipeline = Pipeline(
            name=experiment,
            parameters=list(self._words.parameters.values()),
            pipeline_experiment_config=PipelineExperimentConfig(
                experiment, ExecutionVariables.PIPELINE_EXECUTION_ID
            ),
            mlflow_config=tracked if self._manifest.training.tracking else None,
            steps=self._steps(plan.steps_of(self._manifest)),
            sagemaker_session=self._session,
        )
        found: dict[str, Any] = normal(json.loads(pipeline.definition()))
        return found

    def _steps(self, steps: plan.Steps) -> list[Any]:
        return [
            self._gate(each) if isinstance(each, plan.Gate) else self._step(each) for each in steps
        ]

    def _step(self, step: plan.Step) -> Any:
        made = self._made(step)
        self._words.steps[step.name] = made
        return made

    def _made(self, step: plan.Step) -> Any:
        after = list(step.after) or None
        match step.kind:
            case plan.Kind.PROCESSING:
                return self._processing(step)
            case plan.Kind.TRAINING:
                arguments = self._jobs.training(_channels(step.request))
                return TrainingStep(step_args=arguments, **self._common(step))
            case plan.Kind.TUNING:
                channels = _channels(step.request["TrainingJobDefinition"])
                arguments = self._jobs.tuning(channels)
                return TuningStep(step_args=arguments, depends_on=after, **self._common(step))
            case plan.Kind.REGISTER:
                return ModelStep(
                    name=step.name,
                    description=step.about,
                    step_args=self._records.package(step.request),
                    retry_policies=[_OF_SERVICE],
                )
            case plan.Kind.LINEAGE:
                return LineageStep(
                    name=step.name,
                    description=step.about,
                    depends_on=after,
                    **self._records.lineage(step.request),
                )
            case plan.Kind.FAIL:
                return FailStep(name=step.name, error_message=step.request["ErrorMessage"])
            case plan.Kind.AUTOML:
                raise NotImplementedError(step.name)

    def _processing(self, step: plan.Step) -> Any:
        request = step.request
        inputs = {
            each["InputName"]: each["S3Input"]["S3Uri"]
            for each in request["ProcessingInputs"]
            if each["InputName"] not in {"code", "settings"}
        }
        outputs = {
            each["OutputName"]: each["S3Output"]["S3Uri"]
            for each in request["ProcessingOutputConfig"]["Outputs"]
        }
        program = request["AppSpecification"]["ContainerEntrypoint"][-1]
        role = request["RoleArn"].name.removesuffix("Role")
        files = [
            PropertyFile(name=name, output_name=output, path=file)
            for name, (output, file) in step.reports.items()
        ]
        return ProcessingStep(
            step_args=self._jobs.processing(program, role, inputs, outputs),
            property_files=files,
            **self._common(step),
        )

    def _common(self, step: plan.Step) -> dict[str, Any]:
        days = self._manifest.training.cache_days
        cache = CacheConfig(enable_caching=True, expire_after=f"P{days}D") if days else None
        return {
            "name": step.name,
            "description": step.about,
            "cache_config": cache,
            "retry_policies": [_OF_SERVICE, _OF_JOB],
        }

    def _gate(self, gate: plan.Gate) -> Any:
        conditions = [
            _CONDITIONS[each.operator](left=self._words.say(each.number), right=each.bound)
            for each in gate.limits
        ]
        return ConditionStep(
            name=gate.name,
            description=gate.about,
            conditions=conditions,
            if_steps=self._steps(gate.then),
            else_steps=[self._step(gate.otherwise)],
        )


def _channels(request: Any) -> dict[str, Any]:
    return {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"]
        for each in request["InputDataConfig"]
    }


if __name__ == "__main__":
    manifests = [read_manifest(each) for each in yaml.safe_load_all(sys.stdin)]
    json.dump([authored(each) for each in manifests], sys.stdout)
