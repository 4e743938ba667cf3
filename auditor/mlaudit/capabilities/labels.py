"""How labels come about, and what crosses one answer with another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import DATA_JOBS, inside, jobs_of_window
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import LabelingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Labeling:
    """A labelling job whose labels a workload uses, or that belongs to it.

    Attributes:
        arn: The job.
        name: Its name.
        status: Its status, in lower case.
        completed: Whether it ended with success in the window.
        labeled: How many objects it labelled.
        crossed_by: What crosses one answer with another, in words; ``None`` for nothing.
        at: When it last changed.
    """

    arn: str
    name: str
    status: str
    completed: bool
    labeled: int
    crossed_by: str | None
    at: datetime


@provider
def labelings(view: View) -> Evidence[Labeling]:
    """The labelling jobs behind a workload.

    Where there is none, labels may come from business, from a tool outside of AWS or from long ago,
    or there may be none: a gap. So is what a function of one's own does with single answers.
    """
    jobs = labeling_jobs_behind(view)
    found = [(job, _crossed_by(view, job)) for job in jobs]
    gaps = list(view.gaps(LabelingJob, *DATA_JOBS))
    region, read = view.region.name, "sagemaker:DescribeLabelingJob"
    items: list[Labeling] = []
    for job, crossed_by in found:
        if crossed_by or not job.consolidates:
            items.append(_labeling(view, job, crossed_by))
        else:
            gaps.append(Gap.unread(read, region, "CodeNotRead", job.arn))
    if not jobs:
        about = view.workload or region
        gaps.append(Gap.unread("sagemaker:ListLabelingJobs", region, "LabelsFromElsewhere", about))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def labeling_jobs_behind(view: View) -> list[LabelingJob]:
    """The labelling jobs that belong to a workload, or whose labels it reads."""
    read = {uri for job in jobs_of_window(view) for uri in job.inputs}
    own = {each.arn for each in view.items(LabelingJob)}
    return [
        each
        for each in view.region.all(LabelingJob)
        if each.arn in own or any(_meet(uri, _place(each)) for uri in read)
    ]


def _place(job: LabelingJob) -> str:
    """Where the labels of a job lie, and nothing else does."""
    return f"{job.output.rstrip('/')}/{job.name}"


def _meet(one: str, other: str) -> bool:
    return inside(one, other) or inside(other, one)


def _labeling(view: View, job: LabelingJob, crossed_by: str | None) -> Labeling:
    return Labeling(
        arn=job.arn,
        name=job.name,
        status=job.status.lower(),
        completed=job.status == "Completed" and view.window.covers(job.changed_at),
        labeled=job.labeled,
        crossed_by=crossed_by,
        at=job.changed_at,
    )


def _crossed_by(view: View, job: LabelingJob) -> str | None:
    if job.workers > 1:
        return f"{job.workers} people for each object"
    if job.learns:
        return "a model that learns along"
    reviews = [
        each.name
        for each in view.region.all(LabelingJob)
        if each.arn != job.arn and each.status == "Completed"
        if each.manifest and inside(each.manifest, _place(job))
    ]
    return f"labelling job {min(reviews)}, which reviews them" if reviews else None
