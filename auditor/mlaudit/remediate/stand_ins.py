"""What stands in, in a rehearsal, for what makes a scan look at something. Pure.

A collector looks at a bucket because a job reads it, at a repository because a job is made from its
images, at a log group because a state machine writes to it, at a topic because an alarm notifies
it. Where that is not made again, a stand-in does. It is there before and after: no scan tells of
it as something that changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mlaudit.collect.logs import group_name
from mlaudit.collect.pipelines import concerns_ml
from mlaudit.emulator.seeding import PastCall
from mlaudit.remediate.touched import Touched
from mlaudit.resources import (
    Bucket,
    EventSourceMapping,
    Function,
    ImageRepository,
    LogGroup,
    StateMachine,
    Topic,
)

NAME = "mlaudit-rehearsal"
"""How the names of all stand-ins begin."""

_LOOKED_AT = "/aws/sagemaker/"
"""How the names of log groups begin that are looked at whoever writes to them."""

_DEFINITION = {
    "StartAt": "Train",
    "States": {
        "Train": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {},
            "End": True,
        }
    },
}

Calls = Iterator[PastCall]


def stand_ins(touched: Touched, buckets: frozenset[str]) -> Calls:
    """All of them.

    Args:
        touched: What the plan touches.
        buckets: The names of the buckets that are made again.
    """
    yield from _notifying(touched)
    yield from _writing(touched)
    yield from _working(touched, buckets)


def _notifying(touched: Touched) -> Calls:
    """Who listens to a topic that is changed, and an alarm that notifies it."""
    wanted = touched.keys("sns.topic", "TopicArn") | touched.keys("sns.subscription", "TopicArn")
    for topic in touched.all(Topic):
        if topic.arn in wanted:
            name = topic.arn.rpartition(":")[2]
            yield PastCall("sns", "CreateTopic", {"Name": name}, touched.past)
            yield PastCall("cloudwatch", "PutMetricAlarm", _alarm(topic.arn), touched.past)
            yield from _listening(topic, touched.past, touched.snapshot.scope.started_at)


def _listening(topic: Topic, past: datetime, now: datetime) -> Calls:
    """As many as there are; who they are is only known of functions and queues."""
    for arn in topic.passes_to:
        yield _listener(topic, arn.split(":")[2], arn, past)
    for number in range(topic.confirmed - len(topic.passes_to)):
        yield _listener(topic, "sms", f"+4144{number:07}", past)
    for number in range(topic.pending):
        yield _listener(topic, "email", f"{number}@{NAME}.invalid", now)


def _listener(topic: Topic, protocol: str, address: str, at: datetime) -> PastCall:
    params = {"TopicArn": topic.arn, "Protocol": protocol, "Endpoint": address}
    return PastCall("sns", "Subscribe", params, at)


def _alarm(topic: str) -> Mapping[str, Any]:
    return {
        "AlarmName": f"{NAME}-{topic.rpartition(':')[2]}",
        "Namespace": NAME,
        "MetricName": NAME,
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [topic],
    }


def _writing(touched: Touched) -> Calls:
    """A state machine for each log group that is changed and that the scan looks at."""
    names = touched.keys("logs.group", "logGroupName")
    looked_at = _looked_at(touched)
    own = sorted(each for each in names & looked_at if not each.startswith(_LOOKED_AT))
    for number, name in enumerate(own):
        arn = touched.arn("logs", f"log-group:{name}:*", touched.region)
        machine = {
            "name": f"{NAME}-{number}",
            "definition": json.dumps(_DEFINITION),
            "roleArn": touched.arn("iam", f"role/{NAME}"),
            "loggingConfiguration": {
                "level": "ALL",
                "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
            },
        }
        yield PastCall("stepfunctions", "CreateStateMachine", machine, touched.past)


def _looked_at(touched: Touched) -> set[str]:
    """The log groups that the scan looked at, or would have if they had been there."""
    fed = {each.function_arn for each in touched.all(EventSourceMapping)}
    of_functions = {
        f"/aws/lambda/{each.name}"
        for each in touched.all(Function)
        if each.endpoint_names or each.tags or each.arn in fed
    }
    of_machines = {
        group_name(arn)
        for each in touched.all(StateMachine)
        if concerns_ml(each)
        for arn in each.log_group_arns
    }
    return of_functions | of_machines | {each.name for each in touched.all(LogGroup)}


def _working(touched: Touched, buckets: frozenset[str]) -> Calls:
    """A job for each bucket and each repository that is changed and that the scan looked at."""
    seen = {each.name for each in touched.all(Bucket)}
    names = touched.keys("ecr.repository", "repositoryName")
    arns = {touched.arn("ecr", f"repository/{each}", touched.region) for each in names}
    places = sorted(each.place for each in touched.all(ImageRepository) if each.arn in arns)
    used = [(f"s3://{each}/{NAME}", f"{NAME}:1") for each in sorted(buckets & seen)]
    used += [("", f"{each}:{NAME}") for each in places]
    role = touched.arn("iam", f"role/{NAME}")
    for number, (uri, image) in enumerate(used):
        job = {"TrainingJobName": f"{NAME}-{number}", "RoleArn": role, **_job(uri, image)}
        yield PastCall("sagemaker", "CreateTrainingJob", job, touched.past)


def _job(uri: str, image: str) -> Mapping[str, Any]:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}
    inputs = [{"ChannelName": "train", "DataSource": source}]
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        **({"InputDataConfig": inputs} if uri else {}),
        "OutputDataConfig": {"S3OutputPath": uri or f"s3://{NAME}/"},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": "ml.m5.large",
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
