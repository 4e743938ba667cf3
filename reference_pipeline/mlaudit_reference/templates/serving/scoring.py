"""Scoring of files by transform jobs: each new file once, whatever fails in between.

A state machine lists the files of a prefix by pages, looks up in a table which of them are scored
already, has the rest scored by one transform job (or several), and records them. A file is known
by its name and its ETag, so that one that was replaced is scored again. What is recorded was
scored; a run that fails leaves its page to the next run, which writes the same results again.
Expressions are JSONata, which Step Functions evaluates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.finish import tags_of
from mlaudit_reference.templates.language import (
    Properties,
    Value,
    allow,
    arn,
    att,
    ref,
    role,
    sub,
)
from mlaudit_reference.templates.machines import (
    RETRY,
    Machine,
    State,
    States,
    call,
    caught,
    choose,
    fail,
    machine,
    publish,
    start,
    tell,
)
from mlaudit_reference.templates.serving import alarms, models, stores

PAGE = 100
"""Files of a page: the most items of BatchGetItem and of TransactWriteItems."""

HOURS = 12
"""After how long a job is given up."""

FILES = "Files"
"""The logical id of the table of files that are scored."""

MACHINE = "Scoring"
SCHEDULE_ROLE = "ScheduleRole"

RECORDED = "Record"
"""The state after the last job of a page."""

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


def scheduled(
    manifest: Manifest, mode: Mode, jobs: States, values: Mapping[str, Value]
) -> dict[str, Properties]:
    """All that scores the new files of a mode at set times; models are added.

    Args:
        manifest: The manifest.
        mode: ``batch`` or ``chain``; its prefixes end in its name.
        jobs: The states that score a page, the first of them first; the last of them is followed
            by ``RECORDED``.
        values: What ``${…}`` in them stands for.
    """
    scoring = Machine(
        MACHINE,
        names.chain_machine(manifest) if mode is Mode.CHAIN else names.batch_machine(manifest),
        f"Scores the new files under {names.TO_SCORE}{mode}/ with {manifest.name}.",
        "Start",
        _states(manifest, mode, jobs),
        _may(manifest, mode),
        {**_values(manifest), **values},
    )
    return {
        **_model_role(manifest, mode),
        FILES: stores.table(manifest),
        **machine(manifest, scoring),
        **_started(manifest, mode),
        **_alarms(manifest),
    }


def _states(manifest: Manifest, mode: Mode, jobs: States) -> States:
    prefix = f"{names.TO_SCORE}{mode}/"
    cause = "{% 'Execution ' & $states.context.Execution.Id & ' failed: ' & $cause %}"
    return {
        "Start": {"Type": "Pass", "Assign": {"last": prefix, "page": 0}, "Next": "ListFiles"},
        **_find_new(prefix),
        "WriteManifest": _write_manifest(mode, next(iter(jobs))),
        **jobs,
        RECORDED: _record(),
        "AnyMore": choose(("$more", "ListFiles"), otherwise="Done"),
        "Done": {"Type": "Succeed"},
        "TellFailure": tell(f"{manifest.name}: {mode} scoring failed", cause, "Failed"),
        "Failed": fail("NotScored"),
    }


def _task(resource_name: str, arguments: State, then: str, **more: Any) -> State:
    """A quick call, tried again; people hear of it when that fails for good."""
    return call(
        resource_name, arguments, Retry=RETRY, Catch=caught("TellFailure"), **more, Next=then
    )


def _find_new(prefix: str) -> States:
    listed = "$states.result.Contents"
    return {
        "ListFiles": _task(
            "aws-sdk:s3:listObjectsV2",
            {
                "Bucket": "${DataBucket}",
                "Prefix": prefix,
                "MaxKeys": PAGE,
                "StartAfter": "{% $last %}",
            },
            "AnyFiles",
            Assign={
                "files": f"{{% [{listed}[Size > 0].{{'key': Key, 'id': Key & '#' & ETag}}] %}}",
                "more": "{% $states.result.IsTruncated = true %}",
                "last": f"{{% $exists({listed}) ? {listed}[-1].Key : $last %}}",
                "page": "{% $page + 1 %}",
            },
        ),
        "AnyFiles": choose(("$count($files) > 0", "LookUp"), otherwise="AnyMore"),
        "LookUp": _task(
            "aws-sdk:dynamodb:batchGetItem",
            {
                "RequestItems": {
                    f"${{{FILES}}}": {
                        "ConsistentRead": True,
                        "Keys": "{% [$files.{'id': {'S': id}}] %}",
                    }
                }
            },
            "AnyNew",
            Assign={
                "new": (
                    "{% ($known := $states.result.Responses.*.id.S;"
                    " [$files[$not(id in $known)]]) %}"
                )
            },
        ),
        "AnyNew": choose(("$count($new) > 0", "WriteManifest"), otherwise="AnyMore"),
    }


def _write_manifest(mode: Mode, then: str) -> State:
    """Write down the files of the page as a job takes them (S3DataType ``ManifestFile``)."""
    return _task(
        "aws-sdk:s3:putObject",
        {
            "Bucket": "${DataBucket}",
            "Key": f"{{% '{names.SCORED}{mode}/manifests/' & {_RUN} & '.json' %}}",
            "ContentType": "application/json",
            "Body": "{% $append([{'prefix': 's3://${DataBucket}/'}], $new.key) %}",
        },
        then,
    )


_RUN = "$states.context.Execution.Name & '-' & $string($page)"
"""What names one page of one run."""


def _record() -> State:
    item = "{'id': {'S': id}, 'scored_at': {'S': $now()}, 'run': {'S': $run}}"
    return _task(
        "aws-sdk:dynamodb:transactWriteItems",
        {
            "TransactItems": (
                f"{{% ($run := {_RUN};"
                f" [$new.{{'Put': {{'TableName': '${{{FILES}}}', 'Item': {item}}}}}]) %}}"
            )
        },
        "AnyMore",
    )


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
    return {"S3DataType": "ManifestFile", "S3Uri": f"{{% '{place}' & {_RUN} & '.json' %}}"}


def folder(mode: Mode, name: str) -> str:
    """A folder of this page of this run, as an expression."""
    place = f"s3://${{DataBucket}}/{names.SCORED}{mode}/{name}/"
    return f"{{% '{place}' & {_RUN} & '/' %}}"


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


def _values(manifest: Manifest) -> dict[str, Value]:
    found = {
        "Alerts": shared.alerts(manifest),
        "DataBucket": shared.data_bucket(manifest),
        FILES: ref(FILES),
    }
    return {**found, "Key": shared.key(manifest)} if manifest.encryption == "kms" else found


def _may(manifest: Manifest, mode: Mode) -> Sequence[Properties]:
    """What the machine may: find files, keep record of them, and run its jobs.

    Step Functions waits for a job by a rule of its own ("Run a job (.sync)").
    """
    bucket = shared.data_bucket(manifest)
    jobs = (
        "sagemaker:AddTags",
        "sagemaker:CreateTransformJob",
        "sagemaker:DescribeTransformJob",
        "sagemaker:StopTransformJob",
    )
    return (
        *shared.read_objects(bucket, f"{names.TO_SCORE}{mode}/"),
        *shared.write_objects(bucket, f"{names.SCORED}{mode}/manifests/"),
        allow(("dynamodb:BatchGetItem", "dynamodb:PutItem"), [att(FILES)]),
        allow(jobs, [arn("sagemaker", f"transform-job/{manifest.name}-{mode}-*")]),
        allow(
            ("events:DescribeRule", "events:PutRule", "events:PutTargets"),
            [arn("events", "rule/StepFunctionsGetEventsForSageMakerTransformJobsRule")],
        ),
        *publish(manifest),
    )


def _model_role(manifest: Manifest, mode: Mode) -> dict[str, Properties]:
    """The role of the models: it is theirs that a transform job reads and writes by."""
    bucket = shared.data_bucket(manifest)
    return models.model_role(
        manifest,
        "/aws/sagemaker/TransformJobs",
        (
            *shared.read_objects(bucket, f"{names.TO_SCORE}{mode}/"),
            *shared.read_objects(bucket, f"{names.SCORED}{mode}/"),
            *shared.write_objects(bucket, f"{names.SCORED}{mode}/"),
        ),
    )


def _started(manifest: Manifest, mode: Mode) -> dict[str, Properties]:
    settings = manifest.chain if mode is Mode.CHAIN else manifest.batch
    about = f"Scores new files with {manifest.name}"
    target = {"Arn": ref(MACHINE), "RoleArn": att(SCHEDULE_ROLE)}
    return {
        "Schedule": events.schedule(manifest, about, settings.schedule, target),
        SCHEDULE_ROLE: role(
            "scheduler.amazonaws.com",
            [*start(manifest, MACHINE), *events.to_dead_letters(manifest)],
            about="Starts scoring at set times",
        ),
        **events.dead_letters(manifest),
    }


def _alarms(manifest: Manifest) -> dict[str, Properties]:
    watches = {
        metric: alarms.Watch(
            f"Scoring of files {words}.",
            f"Executions{metric}",
            0,
            "Sum",
            namespace="AWS/States",
            seconds=5 * alarms.MINUTE,
            periods=1,
        )
        for metric, words in (
            ("Failed", "failed"),
            ("TimedOut", "took too long"),
            ("Aborted", "was stopped"),
        )
    }
    return alarms.alarms(manifest, MACHINE, watches, {"StateMachineArn": ref(MACHINE)})


def uri(manifest: Manifest, prefix: str) -> Properties:
    """A place in the data bucket."""
    return sub(f"s3://${{Bucket}}/{prefix}", {"Bucket": shared.data_bucket(manifest)})
