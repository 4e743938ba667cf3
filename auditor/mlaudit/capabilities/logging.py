"""Logs of every kind of step, and what endpoints keep of requests and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mlaudit.evidence import Evidence
from mlaudit.resources import (
    BatchJob,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    Function,
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


LOG_KINDS = (
    TrainingJob,
    ProcessingJob,
    TransformJob,
    BatchJob,
    Endpoint,
    Function,
    EventSourceMapping,
    StateMachine,
    StateMachineRun,
    LogGroup,
    LogStream,
    Traffic,
)


def step_logs(view: View) -> Evidence[StepLogs]:
    """One item for each kind of step that ran in the window; none where logs cannot be seen."""
    if not view.sees(LogGroup, LogStream):
        return Evidence((), view.gaps(*LOG_KINDS))
    items = (*_of_jobs(view), *_of_servers(view), *_of_machines(view))
    return Evidence(items, view.gaps(*LOG_KINDS))


def _of_jobs(view: View) -> Iterator[StepLogs]:
    """Jobs by kind: one that logged speaks for its kind, so silence needs all jobs in sight."""
    jobs: tuple[tuple[type, str, str, Iterable[_Job]], ...] = (
        (TrainingJob, "TrainingJobs", "training jobs", view.items(TrainingJob)),
        (ProcessingJob, "ProcessingJobs", "processing jobs", view.items(ProcessingJob)),
        (TransformJob, "TransformJobs", "transform jobs", view.items(TransformJob)),
    )
    for kind, folder, words, every in jobs:
        ran = [each for each in every if view.window.covers(each.ended_at)]
        group = f"/aws/sagemaker/{folder}"
        names = {each.name for each in ran}
        mine = [each for each in _streams(view, group) if each.name.split("/")[0] in names]
        idle = not any(_still_kept(view, group, each.ended_at) for each in ran)
        if mine or (ran and not view.gaps(kind)):
            yield _logs(view, group, words, mine, idle=idle)
    batch = view.items(BatchJob)
    written = {each.log_stream for each in batch}
    mine = [each for each in _streams(view, "/aws/batch/job") if each.name in written]
    if mine or (batch and not view.gaps(BatchJob)):
        yield _logs(view, "/aws/batch/job", "AWS Batch jobs", mine)


def _still_kept(view: View, group: str, moment: datetime | None) -> bool:
    """Whether an event of that moment is younger than the group's retention."""
    kept = _retention(view, group)
    return moment is not None and (kept is None or moment > view.window.end - timedelta(days=kept))


def _of_servers(view: View) -> Iterator[StepLogs]:
    traffic = view.region.by(Traffic, "endpoint_arn")
    for endpoint in view.items(Endpoint):
        group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
        found = _streams(view, group)
        idle = not any(each.requests for each in traffic.get(endpoint.arn, ()))
        if endpoint.serving and (found or view.sees(Traffic)):
            yield _logs(view, group, f"endpoint {endpoint.name}", found, idle=idle)
    fed = view.region.by(EventSourceMapping, "function_arn")
    for function in view.items(Function):
        if function.endpoint_names or function.tags or function.arn in fed:  # else it is not read
            group = f"/aws/lambda/{function.name}"
            words = f"function {function.name}"
            yield _logs(view, group, words, _streams(view, group), idle=True)


def _of_machines(view: View) -> Iterator[StepLogs]:
    ran = view.region.by(StateMachineRun, "machine_arn")
    for machine in view.items(StateMachine):
        if not (machine.tags or machine.runs_ml):
            continue  # its log group is not read
        words = f"state machine {machine.name}"
        groups = [arn.removesuffix(":*") for arn in machine.log_group_arns]
        if machine.log_level == "OFF" or not groups:
            yield StepLogs(machine.arn, words, None, None, "OFF", idle=False)
        elif machine.arn in ran:
            name = groups[0].partition(":log-group:")[2]
            logs = _logs(view, name, words, _streams(view, name))
            yield replace(logs, level=machine.log_level)


def _streams(view: View, group: str) -> tuple[LogStream, ...]:
    return view.region.by(LogStream, "group_name").get(group, ())


def _retention(view: View, group: str) -> int | None:
    found = view.region.by(LogGroup, "name").get(group, ())
    return found[0].retention_days if found else None


def _logs(
    view: View,
    group: str,
    words: str,
    streams: Iterable[LogStream],
    *,
    idle: bool = False,
) -> StepLogs:
    found = view.region.by(LogGroup, "name").get(group, ())
    return StepLogs(
        arn=found[0].arn if found else group,
        words=words,
        last_event_at=max((each.last_event_at for each in streams), default=None),
        retention_days=_retention(view, group),
        level=None,
        idle=idle,
    )


def inference_records(view: View) -> Evidence[InferenceRecord]:
    """What each serving endpoint keeps."""
    configs = view.region.by(EndpointConfig, "name")
    items = []
    for endpoint in view.items(Endpoint):
        for config in configs.get(endpoint.config_name or "", ()):
            capture = config.data_capture
            on = capture is not None and capture.enabled
            if endpoint.serving:
                items.append(
                    InferenceRecord(
                        arn=endpoint.arn,
                        words=f"endpoint {endpoint.name}",
                        modes=capture.modes if capture and on else (),
                        sampling_percent=capture.sampling_percent if capture and on else None,
                    )
                )
    return Evidence(tuple(items), view.gaps(Endpoint, EndpointConfig))
