"""Orchestrators: SageMaker Pipelines, Step Functions and managed Airflow as one idea."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mlaudit.capabilities import provider
from mlaudit.capabilities.starters import trigger_gaps, triggers_to
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    AirflowEnvironment,
    AutoMLJob,
    Pipeline,
    PipelineRun,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
    TrainingJob,
    TransformJob,
)
from mlaudit.sight import View


class Engine(StrEnum):
    """What runs the steps in order."""

    PIPELINES = "SageMaker pipeline"
    STEP_FUNCTIONS = "state machine"


@dataclass(frozen=True, slots=True)
class Workflow:
    """A definition of ordered steps, and when it last ran to the end with success.

    Attributes:
        arn: The pipeline or state machine.
        name: Its name.
        engine: What runs it.
        steps: Its steps.
        succeeded_at: Its newest success in the window; ``None`` where there is none.
    """

    arn: str
    name: str
    engine: Engine
    steps: tuple[Step, ...]
    succeeded_at: datetime | None

    def kinds(self) -> frozenset[str]:
        """What its steps do."""
        return frozenset(step.kind for step in self.steps)

    def runs_before(self, first: frozenset[str], then: frozenset[str]) -> bool:
        """Whether a step of one kind comes, directly or not, before a step of another."""
        return any(
            earlier.kind in first
            for step in self.steps
            if step.kind in then
            for earlier in self.before(step)
        )

    def before(self, step: Step) -> tuple[Step, ...]:
        """The other steps that come, directly or not, before a step.

        One that is repeated is no step before itself: a machine that scores page by page runs one
        model again and again, and not one after another.
        """
        by_name = {each.name: each for each in self.steps}
        return tuple(by_name[name] for name in sorted(_before(step, by_name) - {step.name}))

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.engine} {self.name} {fact}", self.succeeded_at)


def _before(step: Step, by_name: dict[str, Step]) -> set[str]:
    seen: set[str] = set()
    todo = list(step.after)
    while todo:
        name = todo.pop()
        if name in by_name and name not in seen:
            seen.add(name)
            todo.extend(by_name[name].after)
    return seen


@provider
def workflows(view: View) -> Evidence[Workflow]:
    """The pipelines and state machines of a workload whose runs could be seen.

    What an Airflow environment of the workload runs is in its own database, which AWS has no API
    for: it is a gap.
    """
    defined = view.once(definitions)
    hidden = {
        gap.subject for kind in (PipelineRun, StateMachineRun) for gap in view.region.gaps(kind)
    }
    items = tuple(
        each for each in defined.items if each.succeeded_at or not ({None, each.arn} & hidden)
    )
    gaps = (*defined.gaps, *view.gaps(PipelineRun, StateMachineRun))
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def definitions(view: View) -> Evidence[Workflow]:
    """The same with those whose runs could not be seen, for what only their steps tell."""
    runs = view.region.by(PipelineRun, "pipeline_arn")
    items = [
        Workflow(
            arn=each.arn,
            name=each.name,
            engine=Engine.PIPELINES,
            steps=each.steps,
            succeeded_at=_newest(
                run.modified_at
                for run in runs.get(each.arn, ())
                if run.status == "Succeeded" and view.window.covers(run.started_at)
            ),
        )
        for each in view.items(Pipeline)
    ]
    executions = view.region.by(StateMachineRun, "machine_arn")
    items += [
        Workflow(
            arn=each.arn,
            name=each.name,
            engine=Engine.STEP_FUNCTIONS,
            steps=each.steps,
            succeeded_at=_newest(
                run.ended_at
                for run in executions.get(each.arn, ())
                if run.status == "SUCCEEDED" and run.ended_at and view.window.covers(run.ended_at)
            ),
        )
        for each in view.items(StateMachine)
    ]
    gaps = view.gaps(Pipeline, StateMachine, AirflowEnvironment)
    unread = {gap.subject for gap in gaps if gap.code == "DefinitionNotUnderstood"}
    return Evidence(
        tuple(each for each in items if each.arn not in unread), gaps + _unread_airflow(view)
    )


def _newest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


def _unread_airflow(view: View) -> tuple[Gap, ...]:
    return tuple(
        Gap.unread("mwaa:GetEnvironment", each.region, "AirflowRunsAreInItsDatabase", each.arn)
        for each in view.items(AirflowEnvironment)
        if view.members is not None
    )


@dataclass(frozen=True, slots=True)
class BatchScoring:
    """A way in which a workload scores data in batches.

    Attributes:
        arn: The workflow or the transform job.
        what: It in words.
        in_workflow: Whether a workflow runs it.
        started_by: Enabled triggers that start the workflow, directly or not.
        succeeded_at: Its newest success in the window.
    """

    arn: str
    what: str
    in_workflow: bool
    started_by: tuple[str, ...]
    succeeded_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.what} {fact}", self.succeeded_at)


SCORING = frozenset({"transform"})


@provider
def batch_scorings(view: View) -> Evidence[BatchScoring]:
    """Workflows with a scoring step, and transform jobs that none of them started."""
    seen = view.once(workflows)
    scoring = [each for each in seen.items if each.kinds() & SCORING]
    hiding = trigger_gaps(view)
    starters = {each.arn: _started_by(view, each.arn) for each in scoring}
    items = [
        BatchScoring(
            arn=each.arn,
            what=f"{each.engine} {each.name}",
            in_workflow=True,
            started_by=starters[each.arn],
            succeeded_at=each.succeeded_at,
        )
        for each in scoring
        if starters[each.arn] or not hiding
    ]
    made = view.region.by(RunStep, "made_arn")
    machines = any(each.engine is Engine.STEP_FUNCTIONS for each in scoring)
    items += [
        BatchScoring(
            arn=job.arn,
            what=f"transform job {job.name}",
            in_workflow=False,
            started_by=(),
            succeeded_at=(
                job.ended_at
                if job.status == "Completed" and view.window.covers(job.ended_at)
                else None
            ),
        )
        for job in view.items(TransformJob)
        if job.ended_at
        and job.arn not in made
        and not job.name.startswith("pipelines-")
        and not machines
    ]
    gaps = (*seen.gaps, *view.gaps(RunStep, TransformJob), *hiding)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _started_by(view: View, arn: str) -> tuple[str, ...]:
    return tuple(each.name for each in triggers_to(view, arn) if each.enabled)


@dataclass(frozen=True, slots=True)
class AutoMLOption:
    """A way to let AWS or a library choose features, algorithm and hyperparameters.

    Attributes:
        arn: The job or the pipeline.
        what: It in words.
        tried: Whether it is a run, as opposed to a step that never ran.
        completed: Whether it completed in the window.
        at: When it ended.
    """

    arn: str
    what: str
    tried: bool
    completed: bool
    at: datetime | None


_AUTO_ML_IMAGES = ("autogluon", "h2o")


@provider
def auto_ml_options(view: View) -> Evidence[AutoMLOption]:
    """AutoML jobs, training jobs with an AutoML library, and pipelines with an AutoML step."""
    items = [
        AutoMLOption(
            arn=job.arn,
            what=f"AutoML job {job.name} is {job.status.lower()}",
            tried=True,
            completed=job.status == "Completed" and view.window.covers(job.ended_at),
            at=job.ended_at,
        )
        for job in view.items(AutoMLJob)
    ]
    items += [
        AutoMLOption(
            arn=job.arn,
            what=f"training job {job.name} with {job.image} is {job.status.lower()}",
            tried=True,
            completed=job.status == "Completed" and view.window.covers(job.ended_at),
            at=job.ended_at,
        )
        for job in view.items(TrainingJob)
        if any(library in (job.image or "").lower() for library in _AUTO_ML_IMAGES)
    ]
    items += [
        AutoMLOption(
            arn=each.arn,
            what=f"{each.engine} {each.name} has an AutoML step",
            tried=False,
            completed=False,
            at=None,
        )
        for each in view.once(definitions).items
        if "automl" in each.kinds()
    ]
    gaps = view.gaps(AutoMLJob, TrainingJob, Pipeline, StateMachine)
    return Evidence(tuple(items), gaps)
