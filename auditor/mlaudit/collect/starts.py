"""Collect what set work off: the hours in which rules did, and the programs that started runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.deployments import LOOKUP_EVENTS
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.scaling import GET_METRICS, HOUR, Metric, points_of
from mlaudit.collect.values import unqualified, utc
from mlaudit.resources import Function, Pipe, PipelineRun, RuleUse, RunStart, Trigger
from mlaudit.resources.orchestration import PIPES

LIST_PIPES = Operation("pipes", "ListPipes", "Pipes", page_size=("Limit", 100))

_STARTED = (":sagemaker:", ":states:", ":lambda:", ":sqs:", ":batch:", ":codepipeline:")
"""What a rule may set off that ends in training or in a deployment."""
_OTHER = "codepipeline.amazonaws.com"


@collector(GET_METRICS)
def rule_uses(reader: Reader, triggers: Sequence[Trigger]) -> Iterator[RuleUse]:
    """When each rule on events that may start such work set off its targets, to the hour."""
    rules = {
        Metric(each.arn, "AWS/Events", "Invocations", _dimensions(each)): each
        for each in triggers
        if each.enabled and each.pattern and any(kind in _starts(each) for kind in _STARTED)
    }
    for metric, points in points_of(reader, tuple(rules), "Sum", HOUR):
        yield RuleUse(
            arn=f"{metric.subject}#use",
            region=reader.region,
            trigger_arn=metric.subject,
            hours=tuple(sorted(moment for moment, value in points if value > 0)),
        )


def _starts(rule: Trigger) -> str:
    return " ".join(rule.targets)


def _dimensions(rule: Trigger) -> tuple[tuple[str, str], ...]:
    """A rule of a bus of one's own is told apart by the bus, which stands in its ARN."""
    bus, _, name = rule.arn.partition(":rule/")[2].rpartition("/")
    named = (("RuleName", name),)
    return (("EventBusName", bus), *named) if bus else named


@collector(LIST_PIPES)
def pipes(reader: Reader) -> Iterator[Pipe]:
    """Every EventBridge pipe."""
    for record in reader.items(LIST_PIPES):
        yield Pipe(
            arn=record["Arn"],
            region=reader.region,
            name=record["Name"],
            source_arn=record["Source"],
            target_arn=unqualified(record["Target"]),
            enrichment_arn=unqualified(record.get("Enrichment", "")) or None,
            enabled=record["DesiredState"] == "RUNNING",
        )


@collector(LOOKUP_EVENTS)
def run_starts(
    reader: Reader, runs: Sequence[PipelineRun], functions: Sequence[Function]
) -> Iterator[RunStart]:
    """Starts of pipelines by functions, pipes and programs outside; asked only where any ran."""
    names = {PIPES, *(each.name for each in functions)}
    for event in _events(reader) if runs else ():
        content = json.loads(event["CloudTrailEvent"])
        outside = _provider(content)
        service = (content.get("userIdentity") or {}).get("invokedBy")
        program = outside or (PIPES if service == PIPES else event.get("Username")) or ""
        if not content.get("errorCode") and (outside or program in names):
            asked = (content.get("requestParameters") or {})["pipelineName"]
            yield RunStart(
                arn=f"event:{event['EventId']}",
                region=reader.region,
                pipeline_name=asked.rpartition("/")[2].lower(),
                program=program,
                outside=bool(outside),
                at=utc(event["EventTime"]),
            )


def _events(reader: Reader) -> Iterator[Record]:
    """Starts of SageMaker pipelines; CodePipeline calls those of its own the same."""
    named = {"AttributeKey": "EventName", "AttributeValue": "StartPipelineExecution"}
    found = reader.items(
        LOOKUP_EVENTS,
        LookupAttributes=[named],
        StartTime=reader.window.start,
        EndTime=reader.window.end,
    )
    return (each for each in found if each.get("EventSource") != _OTHER)


def _provider(content: Mapping[str, Any]) -> str:
    """Who vouched for a program that is not of the account, such as a git host's runner."""
    session = (content.get("userIdentity") or {}).get("sessionContext") or {}
    federated = (session.get("webIdFederationData") or {}).get("federatedProvider") or ""
    return str(federated).rpartition("/")[2]
