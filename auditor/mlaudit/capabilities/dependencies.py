"""What a workload depends on that AWS closes, ends or no longer develops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import DATA_JOBS
from mlaudit.capabilities.fairness import ANALYSES
from mlaudit.capabilities.labels import labeling_jobs_behind
from mlaudit.evidence import Evidence
from mlaudit.lifecycle import Notice, notices, runtimes
from mlaudit.model import Grade, Observation
from mlaudit.resources import (
    Endpoint,
    EndpointConfig,
    Function,
    LabelingJob,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    TrainingJob,
)
from mlaudit.sight import View

_LOOKED_AT = (
    Endpoint,
    EndpointConfig,
    Function,
    LabelingJob,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    TrainingJob,
)
_CLARIFY_STEP = "clarifycheck"


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something of a workload, with the service or the runtime that it depends on.

    Attributes:
        arn: What depends on it.
        words: What depends on what, in words.
        notice: What AWS says about its future; ``None`` where nothing is known.
        judged_on: The day of the scan.
    """

    arn: str
    words: str
    notice: Notice | None
    judged_on: date

    @property
    def warning(self) -> str | None:
        """What to say about its future, with the date; ``None`` while there is nothing to say."""
        return self.notice.warning(self.judged_on) if self.notice else None

    @property
    def is_over(self) -> bool:
        """Whether what it depends on has ended."""
        return self.notice is not None and self.notice.is_over(self.judged_on)

    def observed(self, grade: Grade) -> Observation:
        """An observation about it: what to say of its future, and what there is instead."""
        if not (self.notice and self.warning):
            return Observation(self.arn, grade, self.words)
        fact = f"{self.words}, which {self.warning}; there is {self.notice.instead} instead"
        return Observation(self.arn, grade, fact)


@provider
def dependencies(view: View) -> Evidence[Dependency]:
    """What uses a service with a notice, and every function with a runtime of AWS.

    Where there is neither, one that says so, unless there is nothing at all to look at.
    """
    today = view.window.end.date()
    items = [Dependency(*each, today) for each in (*_of_services(view), *_of_runtimes(view))]
    if not items:
        seen = sorted(each.arn for kind in _LOOKED_AT for each in view.items(kind))
        words = f"none of {len(seen)} resources uses what AWS closes or ends"
        items = [Dependency(arn, words, None, today) for arn in seen[:1]]
    return Evidence(tuple(items), view.gaps(*_LOOKED_AT, *DATA_JOBS))


def _of_services(view: View) -> Iterator[tuple[str, str, Notice]]:
    for arn, words, service in _uses(view):
        notice = notices()[service]
        yield arn, f"{words} {notice.name}", notice


def _uses(view: View) -> Iterator[tuple[str, str, str]]:
    for schedule in view.items(MonitoringSchedule):
        if schedule.status != "Stopped":
            yield schedule.arn, f"schedule {schedule.name} runs on", "model_monitor"
    trainings = [
        each
        for each in view.items(TrainingJob)
        if each.debugger and view.window.covers(each.ended_at)
    ]
    yield from _newest(trainings, "training job {} is watched by", "debugger")
    yield from _of_clarify(view)
    for labeling in labeling_jobs_behind(view):
        yield labeling.arn, f"labelling job {labeling.name} runs on", "ground_truth"


def _of_clarify(view: View) -> Iterator[tuple[str, str, str]]:
    for config in view.items(EndpointConfig):
        if config.explains:
            words = f"endpoint configuration {config.name} explains answers by"
            yield config.arn, words, "clarify"
    for pipeline in view.items(Pipeline):
        for step in pipeline.steps:
            if step.kind == _CLARIFY_STEP:
                words = f"step {step.name} of pipeline {pipeline.name} runs on"
                yield pipeline.arn, words, "clarify"
    jobs = [each for each in view.items(ProcessingJob) if ANALYSES in (each.image or "")]
    yield from _newest(jobs, "processing job {} runs on", "clarify")


def _newest(
    jobs: Sequence[TrainingJob | ProcessingJob], words: str, service: str
) -> Iterator[tuple[str, str, str]]:
    """One use for all jobs of a kind: the newest stands for the others."""
    if jobs:
        newest = max(jobs, key=lambda each: (each.created_at, each.name))
        others = f", the newest of {len(jobs)}," if len(jobs) > 1 else ""
        yield newest.arn, words.format(f"{newest.name}{others}"), service


def _of_runtimes(view: View) -> Iterator[tuple[str, str, Notice | None]]:
    """The functions, but for those that are container images of their own."""
    for function in view.items(Function):
        if function.runtime:
            words = f"function {function.name} is on {function.runtime}"
            yield function.arn, words, runtimes().get(function.runtime)
