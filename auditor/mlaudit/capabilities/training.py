"""Training, wherever it ran: SageMaker training jobs and AWS Batch jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.collect.hardware import is_parallel
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import BatchJob, HostUse, Pipeline, TrainingJob, TuningJob
from mlaudit.sight import Region, View

COMPLETED = "Completed"


@dataclass(frozen=True, slots=True)
class ParallelTraining:
    """A training job that ran on many machines or accelerators.

    Attributes:
        arn: The job.
        shape: The machines, in words.
        succeeded: Whether it completed.
        use: Mean use of each host in percent; ``None`` where it is not known for every host.
        ended_at: When it ended.
    """

    arn: str
    shape: str
    succeeded: bool
    use: tuple[float, ...] | None
    ended_at: datetime

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, fact, self.ended_at)


@provider
def parallel_training(view: View) -> Evidence[ParallelTraining]:
    """Training jobs and AWS Batch jobs of the window that ran on more than one device.

    One that completed before the window shows that it is set up: nothing is told of its hosts.
    """
    hosts = view.region.by(HostUse, "job_arn")
    items = [
        ParallelTraining(
            arn=job.arn,
            shape=_shape(job),
            succeeded=job.status == COMPLETED,
            use=_known_use(hosts[job.arn]),
            ended_at=job.ended_at,
        )
        for job in view.items(TrainingJob)
        if job.arn in hosts and job.ended_at and view.window.covers(job.ended_at)
    ]
    items += [
        ParallelTraining(
            arn=job.arn,
            shape=f"{_shape(job)} before the window",
            succeeded=True,
            use=None,
            ended_at=job.ended_at,
        )
        for job in view.items(TrainingJob)
        if job.status == COMPLETED
        and job.ended_at
        and not view.window.covers(job.ended_at)
        and is_parallel(job)
    ]
    items += [
        ParallelTraining(
            arn=each.arn,
            shape=f"{each.nodes} nodes with {each.gpus} GPUs each in AWS Batch",
            succeeded=each.status == "SUCCEEDED",
            use=None,
            ended_at=each.ended_at,
        )
        for each in view.items(BatchJob)
        if (each.nodes > 1 or each.gpus > 1) and each.ended_at and view.window.covers(each.ended_at)
    ]
    return Evidence(tuple(items), view.gaps(TrainingJob, HostUse, BatchJob))


def _shape(job: TrainingJob) -> str:
    return ", ".join(f"{each.count} x {each.instance_type}" for each in job.fleets)


def _known_use(hosts: tuple[HostUse, ...]) -> tuple[float, ...] | None:
    known = tuple(each.percent for each in hosts if each.percent is not None)
    return known if len(known) == len(hosts) else None


@dataclass(frozen=True, slots=True)
class TuningRun:
    """A hyperparameter tuning job of the workload.

    Attributes:
        arn: The job.
        strategy: Its strategy.
        completed: Whether it completed.
        recent: Whether it ended in the window.
        ended_at: When it ended.
    """

    arn: str
    strategy: str
    completed: bool
    recent: bool
    ended_at: datetime | None


@provider
def tuning_runs(view: View) -> Evidence[TuningRun]:
    """The tuning jobs of a workload."""
    items = (
        TuningRun(
            arn=job.arn,
            strategy=job.strategy,
            completed=job.status == COMPLETED,
            recent=view.window.covers(job.ended_at),
            ended_at=job.ended_at,
        )
        for job in view.items(TuningJob)
    )
    return Evidence(tuple(items), view.gaps(TuningJob))


@dataclass(frozen=True, slots=True)
class TuningStrategies:
    """The tuning strategies that were used in the region, by anybody, in the window."""

    strategies: tuple[str, ...]
    arn: str


@provider
def tuning_strategies(view: View) -> Evidence[TuningStrategies]:
    """One item, where any tuning job completed in the window."""
    return Evidence(view.region.once(_strategies), view.region.gaps(TuningJob))


def _strategies(region: Region) -> tuple[TuningStrategies, ...]:
    done = [
        job
        for job in region.all(TuningJob)
        if job.status == COMPLETED and region.window.covers(job.ended_at)
    ]
    names = tuple(sorted({job.strategy for job in done}))
    return (TuningStrategies(names, max(job.arn for job in done)),) if done else ()


@dataclass(frozen=True, slots=True)
class TrainingShapes:
    """The machines a workload trained on in the window.

    Attributes:
        arn: A job, or the pipeline that could run one.
        shapes: Every different type and number of machines.
        parameters: Pipeline parameters that choose the machines of training steps, by their name.
        at: When the newest of the jobs ended.
    """

    arn: str
    shapes: tuple[str, ...]
    parameters: tuple[str, ...]
    at: datetime | None


@provider
def training_shapes(view: View) -> Evidence[TrainingShapes]:
    """One item, where anything trained or could be trained."""
    done = [
        job
        for job in view.items(TrainingJob)
        if job.status == COMPLETED and view.window.covers(job.ended_at)
    ]
    steps = [
        (pipeline.arn, step)
        for pipeline in view.items(Pipeline)
        for step in pipeline.steps
        if step.kind in {"training", "tuning"}
    ]
    gaps = view.gaps(TrainingJob, Pipeline)
    if not done and not steps:
        return Evidence((), gaps)
    shapes = {f"{each.count} x {each.instance_type}" for job in done for each in job.fleets}
    newest = max(done, key=lambda job: (job.ended_at or job.created_at, job.arn), default=None)
    item = TrainingShapes(
        arn=newest.arn if newest else steps[0][0],
        shapes=tuple(sorted(shapes)),
        parameters=tuple(
            sorted(
                {
                    name
                    for _, step in steps
                    for name in step.parameters
                    if "instance" in name.lower()
                }
            )
        ),
        at=newest.ended_at if newest else None,
    )
    return Evidence((item,), gaps)
