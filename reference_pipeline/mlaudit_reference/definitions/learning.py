"""Requests for what learns: CreateTrainingJob and CreateHyperParameterTuningJob."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit_reference.container import spaces
from mlaudit_reference.definitions import images, jobs, places
from mlaudit_reference.definitions.expressions import Parameter, Value
from mlaudit_reference.manifest import Manifest, Strategy

CODE_CHANNEL = "code"
ROLE = "Train"
ATTEMPTS = 3
"""How often a job is tried anew when AWS failed, not the code (``RetryStrategy``)."""

SPOT_WAIT = 4
"""How many times its longest running time a job may take together with waiting for capacity."""

Channels = Mapping[str, Value]


def training(manifest: Manifest, channels: Channels) -> dict[str, Any]:
    """The request of one training job with the default hyperparameters.

    Interrupted on spare capacity, it goes on from its newest checkpoint.
    """
    spot = {}
    if manifest.training.spot:
        place = places.of_run(places.CHECKPOINTS, "train/")
        kept = {"S3Uri": place, "LocalPath": "/opt/ml/checkpoints"}
        spot = {"CheckpointConfig": kept}
    checked = images.is_accelerated(manifest.training.instance_type)
    return {
        **_job(manifest, channels),
        "HyperParameters": hyperparameters(manifest, tuned=True),
        **({"InfraCheckConfig": {"EnableInfraCheck": True}} if checked else {}),
        **spot,
        "Tags": jobs.tags(manifest),
    }


def tuning(manifest: Manifest, channels: Channels) -> dict[str, Any]:
    """The request of a search for hyperparameters.

    Its trials keep no checkpoints: all of them would share one place. An interrupted one starts
    anew.
    """
    definition = {
        **_job(manifest, channels),
        "StaticHyperParameters": hyperparameters(manifest, tuned=False),
    }
    return {
        "HyperParameterTuningJobConfig": _search(manifest),
        "TrainingJobDefinition": definition,
        **_warm_start(manifest),
        "Tags": jobs.tags(manifest),
    }


def hyperparameters(manifest: Manifest, *, tuned: bool) -> dict[str, str]:
    """The hyperparameters of a job: all with their defaults, or those alone that are not tuned."""
    return {**_program(manifest), **_defaults(manifest, tuned=tuned)}


def _job(manifest: Manifest, channels: Channels) -> dict[str, Any]:
    """What a training job and the trials of a search have in common."""
    plan = manifest.training
    seconds = plan.max_hours * jobs.SECONDS
    wait = {"MaxWaitTimeInSeconds": SPOT_WAIT * seconds} if plan.spot else {}
    metrics = [{"Name": name, "Regex": regex} for name, regex in spaces.METRICS.items()]
    return {
        "AlgorithmSpecification": {
            "MetricDefinitions": metrics,
            "TrainingImage": Parameter("TrainingImage"),
            "TrainingInputMode": "File",
        },
        "EnableInterContainerTrafficEncryption": plan.instances > 1,
        "EnableManagedSpotTraining": plan.spot,
        "EnableNetworkIsolation": True,
        "InputDataConfig": [_channel(name, place) for name, place in channels.items()],
        "OutputDataConfig": {
            "CompressionType": "GZIP",
            "S3OutputPath": places.artifact(places.MODELS.rstrip("/")),
            **jobs.output_key(manifest),
        },
        "ResourceConfig": {
            "InstanceCount": plan.instances,
            "InstanceType": Parameter("TrainingInstanceType"),
            "VolumeSizeInGB": jobs.VOLUME_GB,
            **jobs.volume_key(manifest, plan.instance_type),
        },
        "RetryStrategy": {"MaximumRetryAttempts": ATTEMPTS},
        "RoleArn": jobs.role(ROLE),
        "StoppingCondition": {"MaxRuntimeInSeconds": seconds, **wait},
        **jobs.network(manifest),
    }


def _channel(name: str, place: Value) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": jobs.folder(place)}}


def _program(manifest: Manifest) -> dict[str, str]:
    """What the training toolkit in the image is told: which program, and how to start it.

    The code comes in a channel of its own: a container without a network can get it no other way.
    """
    distributed = manifest.training.instances > 1
    return {
        "sagemaker_program": images.entry_script(manifest),
        "sagemaker_submit_directory": f"/opt/ml/input/data/{CODE_CHANNEL}/sourcedir.tar.gz",
        **({"sagemaker_torch_distributed_enabled": "true"} if distributed else {}),
    }


def _defaults(manifest: Manifest, *, tuned: bool) -> dict[str, str]:
    flags = {"warm-start"} if manifest.training.incremental else set[str]()
    return {
        each.name: _text(each, on=each.name in flags)
        for each in spaces.PARAMETERS[manifest.framework]
        if tuned or not each.is_tuned
    }


def _text(parameter: spaces.Parameter, *, on: bool) -> str:
    if parameter.type == "Flag":
        return "true" if on or parameter.default else "false"
    return _number(parameter, parameter.default)


def _number(parameter: spaces.Parameter, value: float) -> str:
    return str(int(value)) if parameter.type == "Integer" else str(value)


def _search(manifest: Manifest) -> dict[str, Any]:
    plan = manifest.tuning
    early = plan.early_stopping and plan.strategy is not Strategy.HYPERBAND
    return {
        "HyperParameterTuningJobObjective": {
            "MetricName": spaces.OBJECTIVE,
            "Type": "Maximize",
        },
        "ParameterRanges": {
            "ContinuousParameterRanges": _ranges(manifest, "Continuous"),
            "IntegerParameterRanges": _ranges(manifest, "Integer"),
        },
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": plan.max_jobs,
            "MaxParallelTrainingJobs": plan.parallel,
        },
        "Strategy": Parameter("TuningStrategy"),
        **_strategy(manifest),
        "TrainingJobEarlyStoppingType": "Auto" if early else "Off",
    }


def _ranges(manifest: Manifest, kind: str) -> list[dict[str, str]]:
    return [
        {
            "Name": each.name,
            "MinValue": _number(each, each.minimum),
            "MaxValue": _number(each, each.maximum),
            "ScalingType": each.scale,
        }
        for each in spaces.space(manifest.framework)
        if each.type == kind and each.minimum is not None and each.maximum is not None
    ]


def _strategy(manifest: Manifest) -> dict[str, Any]:
    """Hyperband is told how many times a trial reports what it has reached."""
    if manifest.tuning.strategy is not Strategy.HYPERBAND:
        return {}
    rounds = {each.name: each.default for each in spaces.PARAMETERS[manifest.framework]}
    most = int(next((rounds[name] for name in ("epochs", "rounds") if name in rounds), 1))
    limits = {"MinResource": 1, "MaxResource": most}
    return {"StrategyConfig": {"HyperbandStrategyConfig": limits}}


def _warm_start(manifest: Manifest) -> dict[str, Any]:
    """Earlier searches are learned from, though the data has changed since (TransferLearning)."""
    parents = manifest.tuning.warm_start
    if not parents:
        return {}
    return {
        "WarmStartConfig": {
            "ParentHyperParameterTuningJobs": [
                {"HyperParameterTuningJobName": name} for name in parents
            ],
            "WarmStartType": "TransferLearning",
        }
    }
