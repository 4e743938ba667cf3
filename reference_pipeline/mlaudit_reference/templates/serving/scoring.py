"""What scores new files at set times: a machine with its schedule, its table and its alarms.

A state machine lists the files of a prefix by pages, looks up in a table which of them are scored
already, has the rest scored by one transform job (or several), and records them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.language import Properties, Value, allow, arn, att, ref, role
from mlaudit_reference.templates.machines import Machine, States, machine, publish, start
from mlaudit_reference.templates.serving import alarms, models, stores
from mlaudit_reference.templates.serving.pages import FILES, states

MACHINE = "Scoring"
SCHEDULE_ROLE = "ScheduleRole"


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
        states(manifest, mode, jobs),
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
