"""How training runs are inspected: by tools inside them, and by the use of their hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.captures import in_a_tracker
from mlaudit.capabilities.dashboards import COMPUTE
from mlaudit.capabilities.images import framework_of
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Alarm,
    BatchJob,
    Dashboard,
    TrainingJob,
    TrainingTools,
    WatchedMetric,
)
from mlaudit.resources.monitoring import ANY
from mlaudit.sight import View

_HOSTS = "/aws/sagemaker/trainingjobs"
PROGRAM = "sagemaker_program"
"""The hyperparameter that gives a training image code of one's own to run."""


@dataclass(frozen=True, slots=True)
class InspectedJob:
    """A training job of the window that took long or had accelerators.

    Attributes:
        arn: The job.
        words: It in words.
        tools: What inspected it.
        at: When it ended.
    """

    arn: str
    words: str
    tools: tuple[str, ...]
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def inspected_jobs(view: View) -> Evidence[InspectedJob]:
    """Every such job but those that tuning tried.

    Code of one's own may profile itself, and a tracker may record the machine: a gap for a job
    without tools. So is what an AWS Batch job with accelerators does.
    """
    items: list[InspectedJob] = []
    gaps = [*view.gaps(TrainingJob, TrainingTools, BatchJob), *_batch_jobs(view)]
    for job, tools in _worth_it(view):
        doubts = () if tools else _doubts(view, job)
        gaps += doubts
        if not doubts:
            machines = ", ".join(f"{each.count} x {each.instance_type}" for each in job.fleets)
            words = f"training job {job.name} on {machines}"
            items.append(InspectedJob(job.arn, words, tools, job.ended_at))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _worth_it(view: View) -> Iterator[tuple[TrainingJob, tuple[str, ...]]]:
    for job in view.items(TrainingJob):
        found = view.region.get(TrainingTools, f"{job.arn}#tools")
        if found:
            yield job, found.tools


def _doubts(view: View, job: TrainingJob) -> tuple[Gap, ...]:
    framework = framework_of(job.image)
    if framework and framework.built_in and PROGRAM not in job.hyperparameters:
        return in_a_tracker(view, job.arn)
    read = "sagemaker:DescribeTrainingJob"
    return (Gap.unread(read, view.region.name, "CodeNotRead", job.arn),)


def _batch_jobs(view: View) -> tuple[Gap, ...]:
    return tuple(
        Gap.unread("batch:DescribeJobs", view.region.name, "CodeNotRead", job.arn)
        for job in view.items(BatchJob)
        if job.gpus and view.window.covers(job.ended_at)
    )


@dataclass(frozen=True, slots=True)
class HostWatch:
    """What shows or watches how busy the hosts of training jobs are.

    Attributes:
        arn: The alarm or the dashboard.
        words: It in words.
    """

    arn: str
    words: str


@provider
def host_watches(view: View) -> Evidence[HostWatch]:
    """Alarms and dashboards on the hosts of such jobs; without one, other tools may show them.

    There is none to ask for where no job took long or had accelerators.
    """
    names = {job.name for job, _ in _worth_it(view)}
    gaps = view.gaps(TrainingJob, TrainingTools)
    if not names:
        return Evidence((), gaps)
    items = [
        HostWatch(each.arn, f"alarm {each.name} watches")
        for each in view.region.all(Alarm)
        if any(_is_of_hosts(metric, names) for metric in each.watches)
    ]
    items += [
        HostWatch(each.arn, f"dashboard {each.name} shows")
        for each in view.region.all(Dashboard)
        if any(_is_of_hosts(metric, names) for metric in each.shows)
    ]
    if not items:
        region = view.region.name
        gaps += view.gaps(Alarm, Dashboard)
        gaps += (Gap.unread("cloudwatch:ListDashboards", region, "HostsShownElsewhere", region),)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _is_of_hosts(metric: WatchedMetric, jobs: set[str]) -> bool:
    """Whether a metric tells how busy the hosts of some jobs are, or those of all jobs."""
    host = metric.dimensions.get("Host", ANY)
    mine = host == ANY or host.partition("/")[0] in jobs
    named = metric.name == ANY or bool(COMPUTE.search(metric.name))
    return metric.namespace.lower() == _HOSTS and mine and named
