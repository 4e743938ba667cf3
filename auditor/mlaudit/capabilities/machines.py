"""The machines that serve and train, and how training pays for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import placement_gaps, placements
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import HostUse, TrainingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Machine:
    """A type of instance that something serves or trained on.

    Attributes:
        arn: What runs on it.
        words: That in words.
        instance_type: The type, such as ``ml.m5.large``.
        at: When it last ran, where that is known.
    """

    arn: str
    words: str
    instance_type: str
    at: datetime | None

    @property
    def family(self) -> str:
        """Its family, such as ``m5``."""
        return self.instance_type.removeprefix("ml.").partition(".")[0]

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def machines(view: View) -> Evidence[Machine]:
    """What variants serve on, and what training jobs of the window ran on."""
    items = [
        Machine(each.endpoint.arn, each.words, kind, None)
        for each in placements(view)
        for kind in (each.variant.instance_type, *each.variant.instance_pools)
        if kind
    ]
    items += [
        Machine(job.arn, f"training job {job.name}", fleet.instance_type, job.ended_at)
        for job in view.items(TrainingJob)
        if view.window.covers(job.ended_at)
        for fleet in job.fleets
    ]
    gaps = dict.fromkeys((*placement_gaps(view), *view.gaps(TrainingJob)))
    return Evidence(tuple(dict.fromkeys(items)), tuple(gaps))


@dataclass(frozen=True, slots=True)
class TrainingCapacity:
    """How a training job that ended in the window paid for its machines and kept its work.

    Attributes:
        arn: The job.
        name: Its name.
        spot: Whether it ran on spot capacity, which may be taken away.
        checkpoints: Whether it wrote checkpoints.
        took: How long it took, waiting included.
        ended_at: When it ended.
    """

    arn: str
    name: str
    spot: bool
    checkpoints: bool
    took: timedelta
    ended_at: datetime

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"training job {self.name} {fact}", self.ended_at)


@provider
def training_capacities(view: View) -> Evidence[TrainingCapacity]:
    """The training jobs that ended in the window."""
    items = (
        TrainingCapacity(
            arn=job.arn,
            name=job.name,
            spot=job.spot,
            checkpoints=job.checkpoint_uri is not None,
            took=job.ended_at - job.created_at,
            ended_at=job.ended_at,
        )
        for job in view.items(TrainingJob)
        if job.ended_at and view.window.covers(job.ended_at)
    )
    return Evidence(tuple(items), view.gaps(TrainingJob))


@dataclass(frozen=True, slots=True)
class SharedTraining:
    """A training job of the window that ran on several machines.

    Attributes:
        arn: The job.
        name: Its name.
        machines: How many machines it ran on.
        copied: Whether each machine got all of the data, as far as S3 brought it.
        busy: Mean use of the least busy machine in percent; ``None`` where it was not measured.
        ended_at: When it ended.
    """

    arn: str
    name: str
    machines: int
    copied: bool
    busy: float | None
    ended_at: datetime

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        words = f"training job {self.name} on {self.machines} machines {fact}"
        return Observation(self.arn, grade, words, self.ended_at)


@provider
def shared_trainings(view: View) -> Evidence[SharedTraining]:
    """The jobs on several machines; none where the use of machines could not be seen."""
    hosts = view.region.by(HostUse, "job_arn")
    items = (
        SharedTraining(
            arn=job.arn,
            name=job.name,
            machines=job.instances,
            copied=not (job.shards or job.other_data),
            busy=_least_busy(hosts.get(job.arn, ())),
            ended_at=job.ended_at,
        )
        for job in view.items(TrainingJob)
        if job.instances > 1 and job.ended_at and view.window.covers(job.ended_at)
    )
    return Evidence(tuple(items) if view.sees(HostUse) else (), view.gaps(TrainingJob, HostUse))


def _least_busy(hosts: tuple[HostUse, ...]) -> float | None:
    known = [each.percent for each in hosts if each.percent is not None]
    return min(known) if known and len(known) == len(hosts) else None
