"""Training that starts by itself: at set times, on new data, on worse answers, on shifted data.

Everything that may start training starts one state machine and tells it why. The machine starts
training unless it is running already, was started a moment ago, or too little of the data is new;
the reason stands in the execution of the pipeline. What does not start now is not made up for: the
next reason, or the schedule, comes by itself. With Airflow, its own scheduler does this, so that
there is no such stack (guide items 8.2-8.5).
"""

from __future__ import annotations

from collections.abc import Sequence

from mlaudit_reference import names
from mlaudit_reference.manifest import Engine, Manifest
from mlaudit_reference.templates import events, shared
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    allow,
    arn,
    att,
    ref,
    role,
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
    machine_arn,
    publish,
    start,
    tell,
)
from mlaudit_reference.templates.trainers import trainer

MACHINE = "Retraining"
RULES_ROLE = "RulesRole"
SCHEDULE_ROLE = "ScheduleRole"


def _content(manifest: Manifest) -> Content:
    resources = {
        **events.dead_letters(manifest),
        **machine(manifest, _machine(manifest)),
        RULES_ROLE: role(
            "events.amazonaws.com",
            start(manifest, MACHINE),
            about="Lets rules start retraining",
        ),
        **_rules(manifest),
        **_failures(manifest),
    }
    if manifest.triggers.schedule:
        resources |= _schedule(manifest, manifest.triggers.schedule)
    return Content(resources)


STACK = Stack(
    name="retraining",
    about="Starts training on a schedule, on new data, on worse answers and on shifted data.",
    wanted=lambda manifest: manifest.engine is not Engine.AIRFLOW,
    content=_content,
)


def _schedule(manifest: Manifest, expression: str) -> dict[str, Properties]:
    target = {
        "Arn": ref(MACHINE),
        "RoleArn": att(SCHEDULE_ROLE),
        "Input": '{"why": "schedule", "of": "the calendar"}',
    }
    may = [*start(manifest, MACHINE), *events.to_dead_letters(manifest)]
    return {
        "OnSchedule": events.schedule(manifest, "Trains at set times", expression, target),
        SCHEDULE_ROLE: role(
            "scheduler.amazonaws.com", may, about="Lets a schedule start retraining"
        ),
    }


def _rules(manifest: Manifest) -> dict[str, Properties]:
    """One rule for each thing besides time that the manifest lets start training."""
    wanted = {
        "OnNewData": (manifest.triggers.new_data, "new-data", _new_data(manifest)),
        "OnQuality": (manifest.triggers.quality, "quality", _alarmed(manifest, "quality")),
        "OnDrift": (manifest.triggers.drift, "drift", _alarmed(manifest, "drift", "attribution")),
    }
    paths = {"new-data": "$.detail.object.key", "quality": _ALARM, "drift": _ALARM}
    return {
        logical: events.rule(
            f"Starts training: {why}",
            pattern,
            events.to_machine(MACHINE, RULES_ROLE, {"why": why, "of": paths[why], "at": "$.time"}),
        )
        for logical, (is_wanted, why, pattern) in wanted.items()
        if is_wanted
    }


_ALARM = "$.detail.alarmName"


def _new_data(manifest: Manifest) -> Properties:
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [shared.data_bucket(manifest)]},
            "object": {"key": [{"prefix": manifest.data.prefix}]},
        },
    }


def _alarmed(manifest: Manifest, *whats: str) -> Properties:
    alarms = [{"prefix": names.alarm(manifest, what, "")} for what in whats]
    return {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": alarms, "state": {"value": ["ALARM"]}},
    }


def _failures(manifest: Manifest) -> dict[str, Properties]:
    """Rules that tell people of what failed, whatever had started it."""
    pipelines = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
        "detail": {
            "pipelineArn": [{"prefix": arn("sagemaker", f"pipeline/{manifest.name}-")}],
            "currentPipelineExecutionStatus": ["Failed"],
        },
    }
    machines = {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": [{"prefix": machine_arn(f"{manifest.name}-")}],
            "status": ["ABORTED", "FAILED", "TIMED_OUT"],
        },
    }
    return {
        "PipelineFailed": events.rule(
            "Tells of a pipeline that failed",
            pipelines,
            events.to_people(
                manifest,
                "The pipeline execution <run> failed.",
                run="$.detail.pipelineExecutionArn",
            ),
        ),
        "MachineFailed": events.rule(
            "Tells of a state machine that failed",
            machines,
            events.to_people(
                manifest,
                "The state machine execution <run> ended as <status>.",
                run="$.detail.executionArn",
                status="$.detail.status",
            ),
        ),
    }


def _machine(manifest: Manifest) -> Machine:
    made = trainer(manifest)
    rest, enough = manifest.triggers.rest_hours, manifest.triggers.new_files
    states: States = {
        "Look": made.look("Is it running"),
        "Is it running": choose(("$running > 0", "Not now"), otherwise="What for"),
        "What for": choose(
            ("$why = 'schedule'", "Train"),
            (f"$rested < {rest}", "Not now"),
            ("$why = 'new-data'", "Count new files"),
            otherwise="Train",
        ),
        "Count new files": _count_new_files(),
        "Is there more": choose(("$token != ''", "Count new files"), otherwise="Is it enough"),
        "Is it enough": choose((f"$new >= {enough}", "Train"), otherwise="Not now"),
        "Not now": {"Type": "Succeed"},
        **made.train(manifest),
        "Tell": tell(f"{manifest.name}: retraining could not start", "{% $cause %}", "Failed"),
        "Failed": fail("NotStarted"),
    }
    return Machine(
        logical=MACHINE,
        name=names.retraining_machine(manifest),
        about="Starts training, and says why.",
        start="Look",
        states=states,
        may=[*made.may(manifest), *_list_data(manifest), *publish(manifest)],
        values={
            "Training": made.arn(manifest),
            "Alerts": shared.alerts(manifest),
            "Bucket": shared.data_bucket(manifest),
            "Prefix": manifest.data.prefix,
        },
    )


def _list_data(manifest: Manifest) -> Sequence[Properties]:
    bucket = shared.bucket_arn(shared.data_bucket(manifest))
    where = {"StringLike": {"s3:prefix": f"{manifest.data.prefix}*"}}
    return (allow(("s3:ListBucket",), [bucket], where),)


def _count_new_files() -> State:
    """Count the files that came after the newest training that did not fail, page by page."""
    listed = (
        "{% $merge([{'Bucket': '${Bucket}', 'Prefix': '${Prefix}'}, "
        "$token = '' ? {} : {'ContinuationToken': $token}]) %}"
    )
    assigned = {
        "new": "{% $new + $count($states.result.Contents[$toMillis(LastModified) > $since]) %}",
        "token": "{% $exists($states.result.NextContinuationToken) ? "
        "$states.result.NextContinuationToken : '' %}",
    }
    return call(
        "aws-sdk:s3:listObjectsV2",
        listed,
        Assign=assigned,
        Retry=RETRY,
        Catch=caught("Tell"),
        Next="Is there more",
    )
