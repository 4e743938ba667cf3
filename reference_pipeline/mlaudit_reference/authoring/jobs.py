"""Jobs in the words of the SDK: processors, trainers, tuners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagemaker.core import shapes
from sagemaker.core.network import NetworkConfig
from sagemaker.core.parameter import ContinuousParameter, IntegerParameter
from sagemaker.core.processing import Processor
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.train.configs import (
    CheckpointConfig,
    Compute,
    Networking,
    OutputDataConfig,
    StoppingCondition,
)
from sagemaker.train.model_trainer import ModelTrainer
from sagemaker.train.tuner import HyperparameterTuner

from mlaudit_reference.authoring.values import Words
from mlaudit_reference.container import spaces
from mlaudit_reference.definitions import images, jobs, learning, places, processing
from mlaudit_reference.definitions.expressions import Value
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.finish import tags_of

Named = Mapping[str, Value]


class Jobs:
    """Makes the arguments of steps that run jobs."""

    def __init__(self, manifest: Manifest, words: Words, session: PipelineSession) -> None:
        """Remember for which system, and with which words."""
        self._manifest = manifest
        self._words = words
        self._session = session
        self._key = "${Key}" if manifest.encryption == "kms" else None
        self._network = jobs.network(manifest).get("VpcConfig", {})

    def processing(self, program: str, role: str, inputs: Named, outputs: Named) -> Any:
        """A job that runs a program over folders."""
        say, manifest = self._words.say, self._manifest
        processor = Processor(
            role=self._words.role(jobs.role(role)),
            image_uri=self._words.parameters["TrainingImage"],
            instance_count=1,
            instance_type=manifest.training.processing_type,
            entrypoint=["/bin/sh", "-c", processing.UNPACK_AND_RUN, program],
            volume_size_in_gb=jobs.VOLUME_GB,
            volume_kms_key=self._volume_key(manifest.training.processing_type),
            output_kms_key=self._key,
            max_runtime_in_seconds=jobs.PROCESSING_SECONDS,
            sagemaker_session=self._session,
            env={"DATA_VERSION": self._words.parameters["DataVersion"]},
            tags=jobs.tags(manifest),
            network_config=NetworkConfig(
                enable_network_isolation=True,
                security_group_ids=self._said("SecurityGroupIds"),
                subnets=self._said("Subnets"),
            ),
        )
        every = {"code": places.code(), "settings": places.settings(manifest), **inputs}
        return processor.run(
            inputs=[_input(name, say(place)) for name, place in every.items()],
            outputs=[_output(name, say(place)) for name, place in outputs.items()],
        )

    def training(self, channels: Named) -> Any:
        """A training job with the default hyperparameters."""
        hyperparameters = learning.hyperparameters(self._manifest, tuned=True)
        trainer = self._trainer("train", hyperparameters)
        if self._manifest.training.spot:
            place = self._words.say(places.of_run(places.CHECKPOINTS, "train/"))
            trainer.with_checkpoint_config(CheckpointConfig(s3_uri=place))
        if images.is_accelerated(self._manifest.training.instance_type):
            trainer.with_infra_check_config(shapes.InfraCheckConfig(enable_infra_check=True))
        return trainer.train(input_data_config=self._channels(channels))

    def tuning(self, channels: Named) -> Any:
        """A search for hyperparameters."""
        plan = self._manifest.tuning
        trainer = self._trainer("tune", learning.hyperparameters(self._manifest, tuned=False))
        tuner = HyperparameterTuner(
            model_trainer=trainer,
            objective_metric_name=spaces.OBJECTIVE,
            hyperparameter_ranges={
                each.name: _range(each) for each in spaces.space(self._manifest.framework)
            },
            metric_definitions=[
                {"Name": name, "Regex": regex} for name, regex in spaces.METRICS.items()
            ],
            strategy=self._words.parameters["TuningStrategy"],
            objective_type="Maximize",
            max_jobs=plan.max_jobs,
            max_parallel_jobs=plan.parallel,
            early_stopping_type="Auto" if plan.early_stopping else "Off",
            tags=jobs.tags(self._manifest),
        )
        return tuner.tune(inputs=self._channels(channels), wait=False)

    def _trainer(self, name: str, hyperparameters: Mapping[str, str]) -> Any:
        plan = self._manifest.training
        seconds = plan.max_hours * jobs.SECONDS
        wait = {"max_wait_time_in_seconds": learning.SPOT_WAIT * seconds} if plan.spot else {}
        trainer = ModelTrainer(
            base_job_name=name,
            sagemaker_session=self._session,
            role=self._words.role(jobs.role(learning.ROLE)),
            training_image=self._words.parameters["TrainingImage"],
            compute=self._compute(),
            networking=Networking(
                enable_network_isolation=True,
                enable_inter_container_traffic_encryption=plan.instances > 1,
                security_group_ids=self._said("SecurityGroupIds"),
                subnets=self._said("Subnets"),
            ),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=seconds, **wait),
            output_data_config=OutputDataConfig(
                s3_output_path=self._words.say(places.artifact(places.MODELS.rstrip("/"))),
                kms_key_id=self._key,
            ),
            hyperparameters=dict(hyperparameters),
            tags=[{"key": key, "value": each} for key, each in tags_of(self._manifest).items()],
        )
        trainer.with_retry_strategy(shapes.RetryStrategy(maximum_retry_attempts=learning.ATTEMPTS))
        return trainer.with_metric_definitions(
            [
                shapes.MetricDefinition(name=metric, regex=regex)
                for metric, regex in spaces.METRICS.items()
            ]
        )

    def _compute(self) -> Any:
        plan = self._manifest.training
        return Compute(
            instance_type=self._words.parameters["TrainingInstanceType"],
            instance_count=plan.instances,
            volume_size_in_gb=jobs.VOLUME_GB,
            volume_kms_key_id=self._volume_key(plan.instance_type),
            enable_managed_spot_training=plan.spot,
        )

    def _channels(self, channels: Named) -> list[Any]:
        return [
            shapes.Channel(channel_name=name, data_source=_source(self._words.say(place)))
            for name, place in channels.items()
        ]

    def _volume_key(self, instance_type: str) -> str | None:
        return self._key if jobs.volume_key(self._manifest, instance_type) else None

    def _said(self, member: str) -> list[Any] | None:
        found = self._network.get(member)
        return [self._words.say(each) for each in found] if found else None


def _source(place: Any) -> Any:
    source = shapes.S3DataSource(
        s3_data_type="S3Prefix",
        s3_uri=place,
        s3_data_distribution_type="FullyReplicated",
    )
    return shapes.DataSource(s3_data_source=source)


def _input(name: str, place: Any) -> Any:
    return shapes.ProcessingInput(
        input_name=name,
        app_managed=False,
        s3_input=shapes.ProcessingS3Input(
            s3_uri=place,
            s3_data_type="S3Prefix",
            local_path=f"{processing.ROOT}/input/{name}",
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
            s3_compression_type="None",
        ),
    )


def _output(name: str, place: Any) -> Any:
    return shapes.ProcessingOutput(
        output_name=name,
        app_managed=False,
        s3_output=shapes.ProcessingS3Output(
            s3_uri=place,
            local_path=f"{processing.ROOT}/output/{name}",
            s3_upload_mode="EndOfJob",
        ),
    )


def _range(parameter: spaces.Parameter) -> Any:
    kind = IntegerParameter if parameter.type == "Integer" else ContinuousParameter
    low, high = parameter.minimum, parameter.maximum
    if parameter.type == "Integer" and low is not None and high is not None:
        low, high = int(low), int(high)
    return kind(low, high, scaling_type=parameter.scale)
