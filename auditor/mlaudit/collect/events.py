"""Collect tags, triggers, and facts of the buckets that work reads and writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tag_map, tags_by_arn, unqualified
from mlaudit.resources import (
    Bucket,
    FeatureGroup,
    ProcessingJob,
    ResourceTags,
    TrainingJob,
    TransformJob,
    Trigger,
)

GET_TAGGED = Operation(
    "resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList",
    "PaginationToken", "PaginationToken", ("ResourcesPerPage", 100),
)  # fmt: skip
LIST_BUSES = Operation("events", "ListEventBuses", "EventBuses", page_size=("Limit", 100))
LIST_RULES = Operation("events", "ListRules", "Rules", page_size=("Limit", 100))
LIST_RULE_TARGETS = Operation("events", "ListTargetsByRule", "Targets", page_size=("Limit", 100))
LIST_SCHEDULES = lists("scheduler", "ListSchedules", "Schedules")
GET_SCHEDULE = Operation("scheduler", "GetSchedule")
GET_VERSIONING = Operation("s3", "GetBucketVersioning")
GET_NOTIFICATION = Operation(
    "s3", "GetBucketNotificationConfiguration", iam="s3:GetBucketNotification"
)

_STARTS_WORK = ("sagemaker", "states", "sfn", "lambda", "batch", "codepipeline", "codebuild")


@collector(GET_TAGGED)
def resource_tags(reader: Reader) -> Iterator[ResourceTags]:
    """What carries a tag that names its workload."""
    found: dict[str, dict[str, str]] = {}
    for key in reader.tag_keys:
        for record in reader.items(GET_TAGGED, TagFilters=[{"Key": key}]):
            found.setdefault(record["ResourceARN"], {}).update(tag_map(record["Tags"]))
    for arn, tags in found.items():
        yield ResourceTags(arn=arn, region=reader.region, tags=tags)


@collector(LIST_BUSES, LIST_RULES, LIST_RULE_TARGETS)
def rules(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[Trigger]:
    """EventBridge rules of every bus, with their targets."""
    tagged = tags_by_arn(tags)

    def fetch(rule: Record) -> Trigger:
        arn, name = rule["Arn"], rule["Name"]
        targets = reader.items(
            LIST_RULE_TARGETS, arn, Rule=name, EventBusName=rule.get("EventBusName", "default")
        )
        return Trigger(
            arn=arn,
            region=reader.region,
            name=name,
            tags=tagged.get(arn, {}),
            enabled=rule["State"].startswith("ENABLED"),
            schedule=rule.get("ScheduleExpression"),
            pattern=rule.get("EventPattern"),
            targets=tuple(unqualified(target["Arn"]) for target in targets),
        )

    def rules_of(bus: Record) -> list[Record]:
        return list(reader.items(LIST_RULES, bus["Arn"], EventBusName=bus["Name"]))

    buses = list(reader.items(LIST_BUSES))
    found = [rule for some in list(reader.each(buses, rules_of)) for rule in some]
    yield from reader.each(found, fetch)


@collector(LIST_SCHEDULES, GET_SCHEDULE)
def schedules(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[Trigger]:
    """EventBridge Scheduler schedules that start work."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> Trigger:
        arn = summary["Arn"]
        record = reader.one(
            GET_SCHEDULE, arn, Name=summary["Name"], GroupName=summary.get("GroupName", "default")
        )
        return Trigger(
            arn=arn,
            region=reader.region,
            name=summary["Name"],
            tags=tagged.get(arn, {}),
            enabled=record["State"] == "ENABLED",
            schedule=record["ScheduleExpression"],
            pattern=None,
            targets=_started_by(record["Target"], arn),
        )

    listed = [each for each in reader.items(LIST_SCHEDULES) if _starts_work(each)]
    yield from reader.each(listed, fetch)


def _starts_work(summary: Record) -> bool:
    target = (summary.get("Target") or {}).get("Arn", "")
    return any(f":{service}:" in target for service in _STARTS_WORK)


def _started_by(target: Mapping[str, str], arn: str) -> tuple[str, ...]:
    """The target's ARN; for a call of any AWS API, also the ARNs its input names."""
    if ":aws-sdk:" not in target["Arn"]:
        return (unqualified(target["Arn"]),)
    partition, region, account = arn.split(":")[1], *arn.split(":")[3:5]
    pipeline = f"arn:{partition}:sagemaker:{region}:{account}:pipeline/"
    function = f"arn:{partition}:lambda:{region}:{account}:function:"
    named = _input(target).items()
    return (
        target["Arn"],
        *(pipeline + value.lower() for key, value in named if key == "PipelineName"),
        *(
            unqualified(function + value)
            for key, value in named
            if key == "FunctionName" and not value.startswith("arn:")
        ),
        *(unqualified(value) for _, value in named if value.startswith("arn:")),
    )


def _input(target: Mapping[str, str]) -> dict[str, str]:
    try:
        content = json.loads(target.get("Input") or "{}")
    except ValueError:
        return {}
    items = content.items() if isinstance(content, dict) else ()
    return {key: value for key, value in items if isinstance(value, str)}


@collector(GET_VERSIONING, GET_NOTIFICATION)
def buckets(
    reader: Reader,
    training: Sequence[TrainingJob],
    processing: Sequence[ProcessingJob],
    transforms: Sequence[TransformJob],
    features: Sequence[FeatureGroup],
) -> Iterator[Bucket]:
    """The buckets that jobs and feature groups of this region read and write."""
    uris: list[str | None] = [each.offline_uri for each in features]
    for job in training:
        uris += [*job.inputs, job.artifact]
    for process in processing:
        uris += [*process.inputs, *process.outputs]
    for transform in transforms:
        uris += [*transform.inputs, transform.output]

    arns = [each.arn for some in (training, processing, transforms, features) for each in some]
    partition = arns[0].split(":")[1] if arns else "aws"

    def fetch(name: str) -> Bucket:
        arn = f"arn:{partition}:s3:::{name}"
        versioning = reader.one(GET_VERSIONING, arn, Bucket=name)
        events = reader.one(GET_NOTIFICATION, arn, Bucket=name)
        return Bucket(
            arn=arn,
            region=reader.region,
            name=name,
            versioned=versioning.get("Status") == "Enabled",
            sends_events=_sends_events(events),
            notifies=tuple(sorted(_notified(events))),
        )

    yield from reader.referenced(sorted(_bucket_names(uris)), fetch)


def _sends_events(notification: Record) -> bool:
    """EventBridge is switched on by an empty member; the other targets are listed."""
    return notification.get("EventBridgeConfiguration") is not None or any(
        notification.get(f"{kind}Configurations") for kind in ("Queue", "Topic", "LambdaFunction")
    )


def _notified(notification: Record) -> Iterator[str]:
    """What hears of new objects, directly."""
    for member, arn in _NOTIFIED.items():
        for each in notification.get(member) or ():
            if any(event.startswith("s3:ObjectCreated:") for event in each.get("Events") or ()):
                yield unqualified(each[arn])


_NOTIFIED = {
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
}


def _bucket_names(uris: Iterable[str | None]) -> set[str]:
    names = {uri.split("/")[2] for uri in uris if uri and uri.startswith("s3://")}
    return names - {""}
