"""Collect how new versions came to serve: deployments, calls that made them, shadow tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tags_by_arn, utc, utc_or_none
from mlaudit.resources import (
    ApiCall,
    Deployment,
    Endpoint,
    InferenceComponent,
    ResourceTags,
    ShadowTest,
)

DESCRIBE_ENDPOINT = Operation("sagemaker", "DescribeEndpoint")
DESCRIBE_COMPONENT = Operation("sagemaker", "DescribeInferenceComponent")
LOOKUP_EVENTS = lists("cloudtrail", "LookupEvents", "Events", 50)
LIST_EXPERIMENTS = lists("sagemaker", "ListInferenceExperiments", "InferenceExperiments")
DESCRIBE_EXPERIMENT = Operation("sagemaker", "DescribeInferenceExperiment")

_SUBJECTS = {
    "UpdateEndpoint": "endpointName",
    "UpdateInferenceComponent": "inferenceComponentName",
}
"""The calls that are asked for, each with the request member that names what it is about."""


@collector(DESCRIBE_ENDPOINT)
def endpoint_deployments(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[Deployment]:
    """How each endpoint that serves was last updated, and how it splits its traffic now."""

    def fetch(endpoint: Endpoint) -> Deployment:
        record = reader.one(DESCRIBE_ENDPOINT, endpoint.arn, EndpointName=endpoint.name)
        variants = record.get("ProductionVariants") or ()
        weights = {each["VariantName"]: each.get("CurrentWeight", 0.0) for each in variants}
        images = [image for each in variants for image in each.get("DeployedImages") or ()]
        return _deployment(record, endpoint.arn, reader.region, weights, images)

    yield from reader.referenced([each for each in endpoints if each.serving], fetch)


@collector(DESCRIBE_COMPONENT)
def component_deployments(
    reader: Reader, components: Sequence[InferenceComponent]
) -> Iterator[Deployment]:
    """How each inference component was last updated."""

    def fetch(component: InferenceComponent) -> Deployment:
        name = component.name
        record = reader.one(DESCRIBE_COMPONENT, component.arn, InferenceComponentName=name)
        container = (record.get("Specification") or {}).get("Container") or {}
        images = [container.get("DeployedImage") or {}]
        return _deployment(record, component.arn, reader.region, {}, images)

    yield from reader.referenced(components, fetch)


def _deployment(
    record: Record, arn: str, region: str, weights: dict[str, float], images: Iterable[Record]
) -> Deployment:
    asked = record.get("LastDeploymentConfig") or {}
    blue_green = asked.get("BlueGreenUpdatePolicy") or {}
    routing = blue_green.get("TrafficRoutingConfiguration") or {}
    rolling = "ROLLING" if asked.get("RollingUpdatePolicy") else None
    rollback = asked.get("AutoRollbackConfiguration") or {}
    return Deployment(
        arn=f"{arn}#deployment",
        region=region,
        subject_arn=arn,
        strategy=routing.get("Type") or rolling,
        bake_seconds=blue_green.get("TerminationWaitInSeconds"),
        alarm_names=tuple(each["AlarmName"] for each in rollback.get("Alarms") or ()),
        weights=weights,
        images=_resolved(images),
        failed=bool(record.get("FailureReason")),
        modified_at=utc(record["LastModifiedTime"]),
    )


def _resolved(images: Iterable[Record]) -> dict[str, str]:
    """What each image stood for when it was deployed, where AWS tells."""
    found = ((each.get("SpecifiedImage"), each.get("ResolvedImage") or "") for each in images)
    return {asked: resolved for asked, resolved in found if asked and "@sha256:" in resolved}


@collector(LOOKUP_EVENTS)
def api_calls(
    reader: Reader, endpoints: Sequence[Endpoint], components: Sequence[InferenceComponent]
) -> Iterator[ApiCall]:
    """Updates of what serves, made with success in the window; asked only where anything serves."""
    asked = ["UpdateEndpoint"] * bool(endpoints) + ["UpdateInferenceComponent"] * bool(components)
    for name in asked:
        for event in reader.items(
            LOOKUP_EVENTS,
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
            StartTime=reader.window.start,
            EndTime=reader.window.end,
        ):
            content = json.loads(event["CloudTrailEvent"])
            if not content.get("errorCode"):
                yield _call(event, content, reader.region)


def _call(event: Record, content: dict[str, Any], region: str) -> ApiCall:
    """Map one event; of its content only the name of its subject is kept."""
    name = event["EventName"]
    return ApiCall(
        arn=f"event:{event['EventId']}",
        region=region,
        name=name,
        subject=(content.get("requestParameters") or {})[_SUBJECTS[name]],
        caller=event.get("Username") or "",
        at=utc(event["EventTime"]),
    )


@collector(LIST_EXPERIMENTS, DESCRIBE_EXPERIMENT)
def shadow_tests(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[ShadowTest]:
    """Shadow tests that were changed, run or ended in the window."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> ShadowTest:
        record = reader.one(DESCRIBE_EXPERIMENT, Name=summary["Name"])
        schedule = record.get("Schedule") or {}
        shadows = (record.get("ShadowModeConfig") or {}).get("ShadowModelVariants") or ()
        return ShadowTest(
            arn=record["Arn"],
            region=reader.region,
            name=record["Name"],
            tags=tagged.get(record["Arn"], {}),
            status=record["Status"],
            endpoint_name=record["EndpointMetadata"]["EndpointName"],
            model_names=tuple(each["ModelName"] for each in record["ModelVariants"]),
            sampling_percent=max((each["SamplingPercentage"] for each in shadows), default=0),
            started_at=utc_or_none(schedule.get("StartTime")),
            ended_at=utc_or_none(record.get("CompletionTime")),
        )

    changed = reader.items(
        LIST_EXPERIMENTS, Type="ShadowMode", LastModifiedTimeAfter=reader.window.start
    )
    yield from reader.each(list(changed), fetch)
