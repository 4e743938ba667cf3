"""Transform jobs as states of a machine: what they read, where they write, how they are tried."""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.finish import tags_of
from mlaudit_reference.templates.language import Properties
from mlaudit_reference.templates.machines import State, call, caught
from mlaudit_reference.templates.serving import alarms
from mlaudit_reference.templates.serving.pages import RUN

HOURS = 12
"""After how long a job is given up."""

_AGAIN = [
    {
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 60,
        "BackoffRate": 2,
        "MaxAttempts": 2,
        "JitterStrategy": "FULL",
    }
]
"""How jobs are tried again: each try is billed, and a wrong file fails each time."""


def job(manifest: Manifest, mode: Mode, *, model: str, source: Properties, target: str) -> State:
    """What a transform job is given; the files hold one record a line as JSON.

    Args:
        manifest: The manifest.
        mode: The mode.
        model: The ``${…}`` that stands for the name of the model.
        source: Where the files are, as an ``S3DataSource``.
        target: Where results are put, as an expression.
    """
    settings = manifest.chain if mode is Mode.CHAIN else manifest.batch
    encrypted = manifest.encryption == "kms"
    key = {"KmsKeyId": "${Key}"} if encrypted else {}
    volume = {"VolumeKmsKeyId": "${Key}"} if encrypted else {}
    return {
        "TransformJobName": f"{{% '{manifest.name}-{mode}-' & $substring($uuid(), 0, 18) %}}",
        "ModelName": model,
        "BatchStrategy": "MultiRecord",
        "MaxPayloadInMB": 6,
        "ModelClientConfig": {"InvocationsMaxRetries": 3, "InvocationsTimeoutInSeconds": 600},
        "TransformInput": {
            "DataSource": {"S3DataSource": source},
            "ContentType": "application/jsonlines",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": target,
            "Accept": "application/jsonlines",
            "AssembleWith": "Line",
            **key,
        },
        "TransformResources": {
            "InstanceType": settings.instance_type,
            "InstanceCount": manifest.batch.instances if mode is Mode.BATCH else 1,
            **volume,
        },
        "Tags": [{"Key": name, "Value": value} for name, value in tags_of(manifest).items()],
    }


def manifest_file(mode: Mode) -> Properties:
    """The files of the page, as a source."""
    place = f"s3://${{DataBucket}}/{names.SCORED}{mode}/manifests/"
    return {"S3DataType": "ManifestFile", "S3Uri": f"{{% '{place}' & {RUN} & '.json' %}}"}


def folder(mode: Mode, name: str) -> str:
    """A folder of this page of this run, as an expression."""
    place = f"s3://${{DataBucket}}/{names.SCORED}{mode}/{name}/"
    return f"{{% '{place}' & {RUN} & '/' %}}"


def results(mode: Mode, name: str = "results") -> str:
    """Where results lie for good."""
    return f"s3://${{DataBucket}}/{names.SCORED}{mode}/{name}/"


def score(arguments: State, then: str) -> State:
    """A state that runs a transform job and waits for its end."""
    return call(
        "sagemaker:createTransformJob.sync",
        arguments,
        TimeoutSeconds=HOURS * alarms.HOUR,
        Retry=_AGAIN,
        Catch=caught("TellFailure"),
        Next=then,
    )
