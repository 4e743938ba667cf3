"""Logs of every kind of step, and what endpoints keep of requests and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import placement_gaps
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import (
    BatchJob,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    Function,
    InferenceComponent,
    LogGroup,
    LogStream,
    ProcessingJob,
    StateMachine,
    StateMachineRun,
    Traffic,
    TrainingJob,
    TransformJob,
)
from mlaudit.sight import View

_Job = TrainingJob | ProcessingJob | TransformJob


@dataclass(frozen=True, slots=True)
class StepLogs:
    """What one kind of step of a workload logged in the window.

    Attributes:
        arn: The log group, or what should have one.
        words: The kind of step.
        last_event_at: The newest event; ``None`` where there is none in the window.
        retention_days: How long events are kept; ``None`` for ever.
        level: The level a state machine logs at; ``None`` for anything else.
        idle: Whether nothing is known to have run that the group should still show.
    """

    arn: str
    words: str
    last_event_at: datetime | None
    retention_days: int | None
    level: str | None
    idle: bool


@dataclass(frozen=True, slots=True)
class InferenceRecord:
    """What an endpoint keeps of its requests and answers.

    Attributes:
        arn: The endpoint.
        words: The endpoint in words.
        modes: ``Input``, ``Output`` or both; empty where nothing is kept.
        sampling_percent: The share of requests that is kept.
    """

    arn: str
    words: str
    modes: tuple[str, ...]
    sampling_percent: int | None


_ALL = 100
"""Percent."""

LOG_KINDS = (
    TrainingJob,
    ProcessingJob,
    TransformJob,
    BatchJob,
    Endpoint,
    InferenceComponent,
    Function,
    EventSourceMapping,
    StateMachine,
    StateMachineRun,
    LogGroup,
    LogStream,
    Traffic,
)

BATCH_GROUP = "/aws/batch/job"


@provider
def step_logs(view: View) -> Evidence[StepLogs]:
    """One item for each kind of step that ran in the window; none where logs cannot be seen."""
    gaps = view.gaps(*LOG_KINDS)
    if not view.sees(LogGroup, LogStream):
        return Evidence((), gaps)
    items = (*_of_jobs(view), *_of_batch(view), *_of_servers(view), *_of_machines(view))
    # What logged has run: whether it did need not be seen elsewhere.
    told = {each.arn for each in view.items(StateMachine) if _newest(view, _groups_of(each))}
    gaps = tuple(gap for gap in gaps if gap.subject not in told)
    return Evidence(items, tuple(dict.fromkeys((*gaps, *_unknown_streams(view)))))


def _of_jobs(view: View) -> Iterator[StepLogs]:
    """Jobs by kind: one that logged speaks for its kind, so silence takes all of them in sight."""
    jobs: tuple[tuple[type, str, Iterable[TrainingJob | ProcessingJob | TransformJob]], ...] = (
        (TrainingJob, "training jobs", view.items(TrainingJob)),
        (ProcessingJob, "processing jobs", view.items(ProcessingJob)),
        (TransformJob, "transform jobs", view.items(TransformJob)),
    )
    for kind, words, every in jobs:
        ran = [each for each in every if view.window.covers(each.ended_at)]
        group = f"/aws/sagemaker/{kind.__name__}s"
        names = {each.name for each in ran}
        mine = [each for each in _streams(view, [group]) if each.name.split("/")[0] in names]
        if mine or (ran and not view.gaps(kind)):
            idle = not any(_still_kept(view, group, each.ended_at) for each in ran)
            yield _logs(view, group, words, mine, idle=idle)


def _of_batch(view: View) -> Iterator[StepLogs]:
    """AWS Batch jobs that name a stream; those that never started have none."""
    ran = [job for job in _batch_jobs(view) if job.log_stream]
    written = {job.log_stream for job in ran}
    mine = [each for each in _streams(view, [BATCH_GROUP]) if each.name in written]
    if mine or (ran and not view.gaps(BatchJob)):
        idle = not any(_still_kept(view, BATCH_GROUP, job.ended_at) for job in ran)
        yield _logs(view, BATCH_GROUP, "AWS Batch jobs", mine, idle=idle)


def _unknown_streams(view: View) -> Iterator[Gap]:
    """AWS Batch jobs that ran and log where AWS Batch does not say, such as on many nodes."""
    for job in _batch_jobs(view):
        if job.status == "SUCCEEDED" and not job.log_stream:
            yield Gap.unread("batch:DescribeJobs", view.region.name, "LogsElsewhere", job.arn)


def _batch_jobs(view: View) -> tuple[BatchJob, ...]:
    return tuple(job for job in view.items(BatchJob) if view.window.covers(job.ended_at))


def _of_servers(view: View) -> Iterator[StepLogs]:
    for endpoint in view.items(Endpoint):
        groups = _groups_of_endpoint(view, endpoint)
        found = _streams(view, groups)
        if endpoint.serving and (found or view.sees(Traffic)):
            idle = not _has_answered(view, endpoint, groups[0])
            yield _logs(view, groups[0], f"endpoint {endpoint.name}", found, idle=idle)
    fed = view.region.by(EventSourceMapping, "function_arn")
    for function in view.items(Function):
        if function.endpoint_names or function.tags or function.arn in fed:  # else it is not read
            group = f"/aws/lambda/{function.name}"
            words = f"function {function.name}"
            yield _logs(view, group, words, _streams(view, [group]), idle=True)


def _groups_of_endpoint(view: View, endpoint: Endpoint) -> tuple[str, ...]:
    """Where an endpoint logs; the models placed on its fleet each have a group of their own."""
    placed = view.region.by(InferenceComponent, "endpoint_arn").get(endpoint.arn, ())
    return (
        f"/aws/sagemaker/Endpoints/{endpoint.name}",
        *(f"/aws/sagemaker/InferenceComponents/{each.name}" for each in placed),
    )


def _has_answered(view: View, endpoint: Endpoint, group: str) -> bool:
    """Whether it answered requests so lately that its logs of them must still be there."""
    traffic = view.region.by(Traffic, "endpoint_arn").get(endpoint.arn, ())
    return any(each.requests and _still_kept(view, group, each.last_at) for each in traffic)


def _of_machines(view: View) -> Iterator[StepLogs]:
    ran = view.region.by(StateMachineRun, "machine_arn")
    blind = {gap.subject for gap in view.region.gaps(StateMachineRun)}
    for machine in view.items(StateMachine):
        if not (machine.tags or machine.runs_ml):
            continue  # its log group is not read
        logs = _of_machine(view, machine, ran.get(machine.arn, ()))
        if logs.last_event_at or machine.arn in ran or not {None, machine.arn} & blind:
            yield logs


def _of_machine(view: View, machine: StateMachine, runs: Iterable[StateMachineRun]) -> StepLogs:
    words = f"state machine {machine.name}"
    groups = _groups_of(machine)
    if not groups:
        return StepLogs(machine.arn, words, None, None, "OFF", idle=not runs)
    idle = not any(_still_kept(view, groups[0], run.ended_at or run.started_at) for run in runs)
    logs = _logs(view, groups[0], words, _streams(view, groups), idle=idle)
    return replace(logs, level=machine.log_level)


def _groups_of(machine: StateMachine) -> tuple[str, ...]:
    """The log groups a state machine writes to."""
    arns = () if machine.log_level == "OFF" else machine.log_group_arns
    return tuple(arn.removesuffix(":*").partition(":log-group:")[2] for arn in arns)


def _still_kept(view: View, group: str, moment: datetime | None) -> bool:
    """Whether an event of that moment is younger than the group's retention."""
    kept = _retention(view, group)
    return moment is not None and (kept is None or moment > view.window.end - timedelta(days=kept))


def has_logs(view: View, job: TrainingJob) -> bool:
    """Whether what a training job logged is still kept.

    Streams older than the window are not listed: then the retention of their group tells.
    """
    group = f"/aws/sagemaker/{TrainingJob.__name__}s"
    older = not view.window.covers(job.ended_at) and group in view.region.by(LogGroup, "name")
    names = {each.name.split("/")[0] for each in _streams(view, [group])}
    return (older or job.name in names) and _still_kept(view, group, job.ended_at)


def _streams(view: View, groups: Iterable[str]) -> tuple[LogStream, ...]:
    by_group = view.region.by(LogStream, "group_name")
    return tuple(each for group in groups for each in by_group.get(group, ()))


def _newest(view: View, groups: Iterable[str]) -> datetime | None:
    return max((each.last_event_at for each in _streams(view, groups)), default=None)


def _retention(view: View, group: str) -> int | None:
    found = view.region.by(LogGroup, "name").get(group, ())
    return found[0].retention_days if found else None


def _logs(
    view: View, group: str, words: str, streams: Iterable[LogStream], *, idle: bool
) -> StepLogs:
    """What was logged to the group of the newest stream, or to the usual one."""
    newest = max(streams, key=lambda each: (each.last_event_at, each.arn), default=None)
    group = newest.group_name if newest else group
    found = view.region.by(LogGroup, "name").get(group, ())
    return StepLogs(
        arn=found[0].arn if found else group,
        words=words,
        last_event_at=newest.last_event_at if newest else None,
        retention_days=_retention(view, group),
        level=None,
        idle=idle,
    )


@provider
def inference_records(view: View) -> Evidence[InferenceRecord]:
    """What each serving endpoint keeps."""
    configs = view.region.by(EndpointConfig, "name")
    items = (
        _inference_record(endpoint, config)
        for endpoint in view.items(Endpoint)
        if endpoint.serving
        for config in configs.get(endpoint.config_name or "", ())
    )
    return Evidence(tuple(items), placement_gaps(view))


def _inference_record(endpoint: Endpoint, config: EndpointConfig) -> InferenceRecord:
    words = f"endpoint {endpoint.name}"
    if config.asynchronous:  # requests are objects in S3, and so are the answers to them
        return InferenceRecord(endpoint.arn, words, ("Input", "Output"), _ALL)
    capture = config.data_capture
    if capture is None or not capture.enabled:
        return InferenceRecord(endpoint.arn, words, (), None)
    return InferenceRecord(endpoint.arn, words, capture.modes, capture.sampling_percent)
