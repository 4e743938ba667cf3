"""Collect what delivers: pipelines of CodePipeline with their executions, and runbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tags_by_arn, utc
from mlaudit.resources import (
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    ResourceTags,
    Runbook,
)

LIST_PIPELINES = Operation(
    "codepipeline", "ListPipelines", "pipelines", "nextToken", "nextToken", ("maxResults", 1000)
)
GET_PIPELINE = Operation("codepipeline", "GetPipeline")
LIST_RUNS = Operation(
    "codepipeline", "ListPipelineExecutions", "pipelineExecutionSummaries", "nextToken",
    "nextToken", ("maxResults", 100),
)  # fmt: skip
LIST_DOCUMENTS = lists("ssm", "ListDocuments", "DocumentIdentifiers", 50)


@collector(LIST_PIPELINES, GET_PIPELINE)
def delivery_pipelines(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[DeliveryPipeline]:
    """Every pipeline of CodePipeline; of the configuration of its actions only names are kept."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> DeliveryPipeline:
        record = reader.one(GET_PIPELINE, name=summary["name"])
        arn = record["metadata"]["pipelineArn"]
        return DeliveryPipeline(
            arn=arn,
            region=reader.region,
            name=summary["name"],
            tags=tagged.get(arn, {}),
            actions=tuple(_actions(record["pipeline"])),
        )

    yield from reader.each(list(reader.items(LIST_PIPELINES)), fetch)


def _actions(pipeline: Record) -> Iterator[DeliveryAction]:
    for stage in pipeline["stages"]:
        for action in sorted(stage["actions"], key=lambda each: each.get("runOrder", 1)):
            kind = action["actionTypeId"]
            configured = action.get("configuration") or {}
            yield DeliveryAction(
                stage=stage["name"],
                name=action["name"],
                category=kind["category"].lower(),
                provider=kind["provider"],
                project=configured.get("ProjectName"),
                stack=configured.get("StackName"),
                account=_account(action.get("roleArn")),
            )


def _account(role: str | None) -> str | None:
    return role.split(":")[4] if role else None


@collector(LIST_RUNS)
def delivery_runs(reader: Reader, pipelines: Sequence[DeliveryPipeline]) -> Iterator[DeliveryRun]:
    """The executions of each pipeline that started in the window; the newest are listed first."""

    def fetch(pipeline: DeliveryPipeline) -> list[DeliveryRun]:
        listed = reader.items(LIST_RUNS, pipeline.arn, pipelineName=pipeline.name)
        recent = takewhile(lambda each: utc(each["startTime"]) >= reader.window.start, listed)
        return [_run(each, pipeline) for each in recent]

    for runs in reader.each(pipelines, fetch):
        yield from runs


def _run(record: Record, pipeline: DeliveryPipeline) -> DeliveryRun:
    return DeliveryRun(
        arn=f"{pipeline.arn}#{record['pipelineExecutionId']}",
        region=pipeline.region,
        pipeline_arn=pipeline.arn,
        status=record["status"],
        trigger=(record.get("trigger") or {}).get("triggerType", ""),
        started_at=utc(record["startTime"]),
        ended_at=utc(record["lastUpdateTime"]),
    )


@collector(LIST_DOCUMENTS)
def runbooks(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[Runbook]:
    """Automation documents that are tagged; without one there is nothing to ask."""
    tagged = {
        arn.rpartition("/")[2]: (arn, kept)
        for arn, kept in tags_by_arn(tags).items()
        if ":ssm:" in arn and "document/" in arn
    }
    own = [
        {"Key": "Owner", "Values": ["Self"]},
        {"Key": "DocumentType", "Values": ["Automation"]},
    ]
    for each in reader.items(LIST_DOCUMENTS, Filters=own) if tagged else ():
        if each["Name"] in tagged:
            arn, kept = tagged[each["Name"]]
            yield Runbook(arn=arn, region=reader.region, name=each["Name"], tags=kept)
