"""On record outside the registry: tracked runs, and the source behind what serves."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.algorithms import built_in
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import Pipeline, StateMachine, TrackedRun, Tracker, TrainingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class RunTracking:
    """How many of the training jobs that ended in the window a tracker knows.

    Attributes:
        arn: One of the jobs: one that is not tracked where there is any.
        jobs: How many jobs there are.
        tracked: How many of them are attached to a run.
    """

    arn: str
    jobs: int
    tracked: int

    def observed(self) -> Observation:
        """How many of the jobs are tracked: enough, some or none."""
        fact = f"{self.tracked} of {self.jobs} training jobs are attached to a run"
        if self.tracked and self.tracked >= ENOUGH * self.jobs:
            return Observation(self.arn, Grade.EXERCISED, fact)
        return Observation(self.arn, Grade.CONFIGURED if self.tracked else Grade.MISSED, fact)


ENOUGH = 0.9
"""The share of jobs from which single ones that are not tracked are an exception."""


@provider
def run_tracking(view: View) -> Evidence[RunTracking]:
    """One item, where anything trained in the window.

    What was logged to MLflow is behind its own interface, a search does not tell which jobs are
    tied to it, and a tracker outside of AWS is out of sight: while too few jobs are attached to a
    run and the others may be tied to one, or could reach one, that is a gap. Only code of one's own
    that is not isolated could. Of the whole platform, jobs that carry the same tags are those of
    one team, with one tracker.
    """
    jobs = [job for job in view.items(TrainingJob) if view.window.covers(job.ended_at)]
    gaps = view.gaps(TrainingJob, TrackedRun, Tracker)
    if not jobs:
        return Evidence((), gaps)
    runs = view.region.by(TrackedRun, "job_arn")
    missed = [job for job in jobs if not _is_tracked(job, frozenset(runs))]
    item = RunTracking((missed or jobs)[0].arn, len(jobs), len(jobs) - len(missed))
    teams = {_team(view, job) for job in jobs if job not in missed}
    flows = any(each.product.startswith(_MLFLOW) for each in view.region.all(Tracker))
    anywhere = bool(view.region.all(Tracker))
    open_jobs = [
        job
        for job in missed
        if flows or (_reaches_out(job) and (anywhere or _team(view, job) not in teams))
    ]
    if open_jobs and item.tracked < ENOUGH * item.jobs:
        operation, region = "sagemaker:ListTrialComponents", view.region.name
        gaps += (Gap.unread(operation, region, "RunsInTracker", open_jobs[0].arn),)
    return Evidence((item,), gaps)


_MLFLOW = "MLflow"


def _reaches_out(job: TrainingJob) -> bool:
    """Whether a job runs code that could log to a tracker."""
    return not job.isolated and not built_in(job)


def _team(view: View, job: TrainingJob) -> frozenset[tuple[str, str]]:
    """Whose a job is: a workload is one team's."""
    return frozenset(job.tags.items() if view.members is None else ())


def _is_tracked(job: TrainingJob, known: frozenset[str]) -> bool:
    in_experiment = not known.isdisjoint({job.arn, job.tuning_job_arn or ""})
    return in_experiment or bool(job.experiment or job.mlflow_arn)


@dataclass(frozen=True, slots=True)
class SourceOfModel:
    """A registered version that serves and names the commit that made it."""

    version: ServedVersion
    commit: str
    repository: str | None


@provider
def sources_of_models(view: View) -> Evidence[SourceOfModel]:
    """The source of every version that serves; one that names no commit is a gap.

    Its code may be under version control all the same.
    """
    seen = view.once(served_versions)
    items: list[SourceOfModel] = []
    gaps = list(seen.gaps)
    for each in seen.items:
        if each.package and each.package.commit:
            items.append(SourceOfModel(each, each.package.commit, each.package.repository))
        else:
            subject = each.package.arn if each.package else each.arn
            operation, region = "sagemaker:DescribeModelPackage", view.region.name
            gaps.append(Gap.unread(operation, region, "SourceNotOnRecord", subject))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class DeclaredWorkflow:
    """A pipeline or state machine that a CloudFormation stack made.

    Attributes:
        arn: The pipeline or state machine.
        name: Its name.
        stack: The name of the stack.
    """

    arn: str
    name: str
    stack: str


STACK = "aws:cloudformation:stack-name"


@provider
def declared_workflows(view: View) -> Evidence[DeclaredWorkflow]:
    """What a stack made. Where none did, another tool may have: a gap."""
    flows: tuple[Pipeline | StateMachine, ...] = (*view.items(Pipeline), *view.items(StateMachine))
    items = tuple(
        DeclaredWorkflow(each.arn, each.name, each.tags[STACK])
        for each in flows
        if STACK in each.tags
    )
    gaps = view.gaps(Pipeline, StateMachine)
    if flows and not items:
        operation, region = "sagemaker:DescribePipeline", view.region.name
        gaps += (Gap.unread(operation, region, "DeployedByUnknown", flows[0].arn),)
    return Evidence(items, gaps)
