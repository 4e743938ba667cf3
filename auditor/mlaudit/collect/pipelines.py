"""Collect what runs work in order: SageMaker pipelines, state machines, managed Airflow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.definitions import pipeline_steps, state_machine_steps
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import MISREAD, Reader, Record, UnseenError
from mlaudit.collect.values import kept_tags, tags_by_arn, utc, utc_or_none
from mlaudit.collect.whole import SEARCH, Searchable, since, whole
from mlaudit.resources import (
    AirflowEnvironment,
    ModelPackage,
    Pipeline,
    PipelineRun,
    ResourceTags,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
)

DESCRIBE_PIPELINE = Operation("sagemaker", "DescribePipeline")
PIPELINES = Searchable(
    path=("Pipeline",),
    listing=lists("sagemaker", "ListPipelines", "PipelineSummaries"),
    describing=DESCRIBE_PIPELINE,
    name="PipelineName",
    parameter="PipelineName",
    arn="PipelineArn",
)
LIST_RUNS = lists("sagemaker", "ListPipelineExecutions", "PipelineExecutionSummaries")
LIST_STEPS = lists("sagemaker", "ListPipelineExecutionSteps", "PipelineExecutionSteps")
LIST_MACHINES = Operation(
    "stepfunctions", "ListStateMachines", "stateMachines", "nextToken", "nextToken",
    ("maxResults", 100),
)  # fmt: skip
DESCRIBE_MACHINE = Operation("stepfunctions", "DescribeStateMachine")
LIST_MACHINE_RUNS = Operation(
    "stepfunctions", "ListExecutions", "executions", "nextToken", "nextToken",
    ("maxResults", 100),
)  # fmt: skip
LIST_AIRFLOW = lists("mwaa", "ListEnvironments", "Environments", 25)
GET_AIRFLOW = Operation("mwaa", "GetEnvironment")

RUNS_EXAMINED = 10
"""How many runs of a pipeline have their steps read: the newest of the window."""

ML_KINDS = frozenset(
    {"training", "tuning", "processing", "transform", "automl", "model", "registermodel",
     "endpoint", "endpointconfig", "inference", "pipeline", "batch"}
)  # fmt: skip
"""Kinds of state machine tasks that make it a part of machine learning."""


@collector(*PIPELINES.operations)
def pipelines(reader: Reader) -> Iterator[Pipeline]:
    """Every SageMaker pipeline with the steps of its definition."""

    def read(record: Record, tags: Mapping[str, str]) -> tuple[Record, Mapping[str, str]]:
        return record, tags

    def fetch(found: tuple[Record, Mapping[str, str]]) -> Pipeline:
        record, tags = found
        arn = record["PipelineArn"]
        if "PipelineDefinition" not in record:
            name = record["PipelineName"]
            record = reader.one(DESCRIBE_PIPELINE, arn, PipelineName=name)
        return Pipeline(
            arn=arn,
            region=reader.region,
            name=record["PipelineName"],
            tags=tags,
            status=record["PipelineStatus"],
            steps=_parsed(
                reader, DESCRIBE_PIPELINE, arn, pipeline_steps, record["PipelineDefinition"]
            ),
            created_at=utc(record["CreationTime"]),
            modified_at=utc(record["LastModifiedTime"]),
        )

    yield from reader.each(list(whole(reader, PIPELINES, read)), fetch)


def _parsed(
    reader: Reader,
    operation: Operation,
    arn: str,
    parse: Callable[[str], tuple[Step, ...]],
    definition: str,
) -> tuple[Step, ...]:
    try:
        return parse(definition)
    except ValueError:
        reader.not_read(operation, "DefinitionNotUnderstood", arn)
        return ()


@collector(SEARCH, LIST_RUNS)
def pipeline_runs(reader: Reader, pipelines: Sequence[Pipeline]) -> Iterator[PipelineRun]:
    """Executions of the window; a pipeline for which ``Search`` shows none is asked itself.

    So is every pipeline when ``Search`` does not answer to the end, or not in a way understood.
    """
    found = _searched_runs(reader)
    yield from (run for runs in found.values() for run in runs)

    def fetch(pipeline: Pipeline) -> list[PipelineRun]:
        listed = reader.items(
            LIST_RUNS, pipeline.arn, PipelineName=pipeline.name, CreatedAfter=reader.window.start
        )
        return [_run(each, pipeline.arn, reader.region) for each in listed]

    unseen = [pipeline for pipeline in pipelines if pipeline.arn not in found]
    for runs in reader.each(unseen, fetch):
        yield from runs


def _searched_runs(reader: Reader) -> Mapping[str, Sequence[PipelineRun]]:
    found = defaultdict(list)
    try:
        for result in reader.items(
            SEARCH, Resource="PipelineExecution", SearchExpression={"Filters": [since(reader)]}
        ):
            record = result["PipelineExecution"]
            run = _run(record, record["PipelineArn"], reader.region)
            found[run.pipeline_arn].append(run)
    except (UnseenError, *MISREAD):
        return {}
    return found


def _run(record: Record, pipeline_arn: str, region: str) -> PipelineRun:
    started = utc(record.get("StartTime") or record["CreationTime"])
    return PipelineRun(
        arn=record["PipelineExecutionArn"],
        region=region,
        pipeline_arn=pipeline_arn,
        status=record["PipelineExecutionStatus"],
        started_at=started,
        modified_at=utc(record.get("LastModifiedTime") or started),
    )


@collector(LIST_STEPS)
def run_steps(
    reader: Reader, runs: Sequence[PipelineRun], packages: Sequence[ModelPackage]
) -> Iterator[RunStep]:
    """The steps of each pipeline's newest runs, and of the runs that registered a package."""
    asked = {run.arn for run in _newest(runs)}
    asked |= {
        each.generated_by
        for each in packages
        if each.generated_by and "/execution/" in each.generated_by
    }

    def fetch(run_arn: str) -> list[RunStep]:
        listed = reader.items(LIST_STEPS, run_arn, PipelineExecutionArn=run_arn)
        return [_step(each, run_arn, reader.region) for each in listed]

    for steps in reader.each(sorted(asked), fetch):
        yield from steps


def _newest(runs: Iterable[PipelineRun]) -> Iterator[PipelineRun]:
    by_pipeline = defaultdict(list)
    for run in sorted(runs, key=lambda run: (run.started_at, run.arn), reverse=True):
        by_pipeline[run.pipeline_arn].append(run)
    for newest in by_pipeline.values():
        yield from newest[:RUNS_EXAMINED]


def _step(record: Record, run_arn: str, region: str) -> RunStep:
    metadata = record.get("Metadata") or {}
    kind, made = _made(metadata)
    check = metadata.get("QualityCheck") or metadata.get("ClarifyCheck") or {}
    return RunStep(
        arn=f"{run_arn}#{record['StepName']}",
        region=region,
        run_arn=run_arn,
        name=record["StepName"],
        status=record["StepStatus"],
        kind=kind,
        made_arn=made,
        checks=check.get("CheckType"),
        baseline=None if check.get("SkipCheck") else check.get(_COMPARED_WITH),
        results=tuple(str(check[member]) for member in _CALCULATED if check.get(member)),
        ended_at=utc_or_none(record.get("EndTime")),
    )


_COMPARED_WITH = "BaselineUsedForDriftCheckConstraints"
_CALCULATED = ("CalculatedBaselineConstraints", "CalculatedBaselineStatistics")


def _made(metadata: Mapping[str, Any]) -> tuple[str, str | None]:
    """The kind of step and the ARN of what it made, from its one metadata member."""
    for member, content in metadata.items():
        if isinstance(content, dict):
            return member.lower().removesuffix("job"), content.get("Arn") or content.get(
                "CheckJobArn"
            )
    return "", None


@collector(LIST_MACHINES, DESCRIBE_MACHINE)
def state_machines(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[StateMachine]:
    """Every Step Functions state machine with the tasks of its definition."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> StateMachine:
        arn = summary["stateMachineArn"]
        record = reader.one(DESCRIBE_MACHINE, arn, stateMachineArn=arn)
        logging = record.get("loggingConfiguration") or {}
        groups = (each.get("cloudWatchLogsLogGroup") for each in logging.get("destinations") or ())
        return StateMachine(
            arn=arn,
            region=reader.region,
            name=record["name"],
            tags=tagged.get(arn, {}),
            express=record.get("type") == "EXPRESS",
            steps=_parsed(reader, DESCRIBE_MACHINE, arn, state_machine_steps, record["definition"]),
            log_level=logging.get("level") or "OFF",
            log_group_arns=tuple(each["logGroupArn"] for each in groups if each),
            tracing=bool((record.get("tracingConfiguration") or {}).get("enabled")),
            created_at=utc(record["creationDate"]),
        )

    yield from reader.each(list(reader.items(LIST_MACHINES)), fetch)


def concerns_ml(machine: StateMachine) -> bool:
    """Whether a state machine runs machine learning, or was tagged as a part of it."""
    return bool(machine.tags) or any(step.kind in ML_KINDS for step in machine.steps)


@collector(LIST_MACHINE_RUNS)
def state_machine_runs(
    reader: Reader, machines: Sequence[StateMachine]
) -> Iterator[StateMachineRun]:
    """Executions of the window; express machines keep theirs in logs, which are not read."""

    def fetch(machine: StateMachine) -> list[StateMachineRun]:
        listed = reader.items(LIST_MACHINE_RUNS, machine.arn, stateMachineArn=machine.arn)
        recent = takewhile(lambda each: reader.window.covers(utc(each["startDate"])), listed)
        return [_machine_run(each, machine) for each in recent]

    for machine in machines:
        if machine.express and concerns_ml(machine):
            reader.not_read(LIST_MACHINE_RUNS, "ExpressRunsAreInLogs", machine.arn)
    standard = [each for each in machines if concerns_ml(each) and not each.express]
    for runs in reader.each(standard, fetch):
        yield from runs


def _machine_run(record: Record, machine: StateMachine) -> StateMachineRun:
    return StateMachineRun(
        arn=record["executionArn"],
        region=machine.region,
        machine_arn=machine.arn,
        status=record["status"],
        started_at=utc(record["startDate"]),
        ended_at=utc_or_none(record.get("stopDate")),
    )


@collector(LIST_AIRFLOW, GET_AIRFLOW)
def airflow_environments(reader: Reader) -> Iterator[AirflowEnvironment]:
    """Every managed Airflow environment."""

    def fetch(name: str) -> AirflowEnvironment:
        record = reader.one(GET_AIRFLOW, Name=name)["Environment"]
        logging = record.get("LoggingConfiguration") or {}
        return AirflowEnvironment(
            arn=record["Arn"],
            region=reader.region,
            name=record["Name"],
            tags=kept_tags(record.get("Tags")),
            status=record["Status"],
            dag_bucket_arn=record.get("SourceBucketArn"),
            task_logging=bool((logging.get("TaskLogs") or {}).get("Enabled")),
        )

    yield from reader.each([_text(each) for each in reader.items(LIST_AIRFLOW)], fetch)


def _text(name: object) -> str:
    if isinstance(name, str):
        return name
    raise TypeError("a name was expected")
