"""Where the models that serve come from: data, job, image, parameters, commit, run and logs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import (
    AirflowEnvironment,
    BatchJob,
    Pipeline,
    PipelineRun,
    RunStep,
    StateMachine,
    StateMachineRun,
)
from mlaudit.sight import View

_OF_A_JOB = re.compile(r"s3://.+/[A-Za-z0-9-]+/output/model(\.tar\.gz|/?)")
"""Where SageMaker puts what a training job makes."""

_PROVIDED = re.compile(r"s3://jumpstart-(private-)?cache-")
"""Where AWS keeps the models it provides."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is on record about how a served model came about.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        version: Its registered version; ``None`` where there is none.
        trained: Whether anything in it was trained by oneself, unlike what AWS provides.
        jobs: The names of the training jobs known to have made what it serves.
        whole: Whether a job is known for each of its artefacts.
        data: The data the jobs read.
        at: When the newest of the jobs ended.
    """

    arn: str
    words: str
    version: str | None
    trained: bool
    jobs: tuple[str, ...]
    whole: bool
    data: tuple[str, ...]
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def provenances(view: View) -> Evidence[Provenance]:
    """Every model that serves with the jobs that made it.

    An artefact that lies where a training job would have put it, and whose job is not in the
    account, was trained out of sight: a gap. So is one that an AWS Batch job may have written, as
    AWS does not tell what those write. Any other was put there by hand.
    """
    seen = view.once(served_versions)
    others = bool(view.items(BatchJob))
    items: list[Provenance] = []
    gaps = list(seen.gaps)
    for version in seen.items:
        untold = artefacts_of(version) - {job.artifact for job in version.jobs}
        if any(others or _OF_A_JOB.fullmatch(each) for each in untold):
            region, read = view.region.name, "sagemaker:DescribeTrainingJob"
            gaps.append(Gap.unread(read, region, "OriginNotFound", version.arn))
        elif untold and not view.sees(BatchJob):
            gaps += view.gaps(BatchJob)
        else:
            items.append(_provenance(version))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _provenance(version: ServedVersion) -> Provenance:
    artefacts = artefacts_of(version)
    return Provenance(
        arn=version.arn,
        words=version.words,
        version=version.name,
        trained=bool(artefacts),
        jobs=tuple(job.name for job in version.jobs),
        whole={job.artifact for job in version.jobs} >= artefacts,
        data=tuple(sorted({uri for job in version.jobs for uri in job.inputs})),
        at=max((job.ended_at for job in version.jobs if job.ended_at), default=None),
    )


def artefacts_of(version: ServedVersion) -> set[str]:
    """What the registered version holds, or the model where it is not registered."""
    holders = version.package.containers if version.package else version.containers
    data = {each.model_data for each in holders if each.model_data}
    return {uri for uri in data if not _PROVIDED.match(uri)}


@dataclass(frozen=True, slots=True)
class RunOfModel:
    """The pipeline run behind a served model.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        registered_by: The run that registered the version.
        trained_by: A run that made one of its training jobs, or tuned them.
        at: When the step that shows it ended.
    """

    arn: str
    words: str
    registered_by: str | None
    trained_by: str | None
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def runs_of_models(view: View) -> Evidence[RunOfModel]:
    """Every model that serves with the run that registered or trained it.

    A model no SageMaker pipeline had a part in may have been made by a state machine or by Airflow;
    which of their runs made it is not told, so that is a gap.
    """
    seen = view.once(served_versions)
    visible = view.sees(RunStep, PipelineRun, Pipeline)
    others = bool(_other_engines(view))
    items: list[RunOfModel] = []
    gaps = [
        *seen.gaps,
        *view.gaps(RunStep, PipelineRun, Pipeline),
        *view.gaps(StateMachine, StateMachineRun, AirflowEnvironment),
    ]
    for version in seen.items if visible else ():
        found = _run_of(view, version)
        untold = not found.registered_by and not found.trained_by
        if untold and others:
            region, read = view.region.name, "stepfunctions:DescribeExecution"
            gaps.append(
                Gap(read, region, "RunNotTied", GapReason.CONTENT_NOT_READ, None, version.arn)
            )
        elif not untold or view.sees(StateMachine, AirflowEnvironment):
            items.append(found)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


_MAKES_MODELS = frozenset({"training", "tuning", "automl", "batch", "registermodel", "model"})


def _other_engines(view: View) -> list[str]:
    machines = [
        each.arn
        for each in view.items(StateMachine)
        if any(step.kind in _MAKES_MODELS for step in each.steps)
    ]
    return machines + [each.arn for each in view.items(AirflowEnvironment)]


def _run_of(view: View, version: ServedVersion) -> RunOfModel:
    made = view.region.by(RunStep, "made_arn")
    package = version.package
    registering = [
        step
        for step in (made.get(package.arn, ()) if package else ())
        if step.kind == "registermodel" and step.status == "Succeeded"
    ]
    sources = {arn for job in version.jobs for arn in (job.arn, job.tuning_job_arn) if arn}
    training = [step for arn in sorted(sources) for step in made.get(arn, ())]
    shown = [step.ended_at for step in (*registering, *training) if step.ended_at]
    return RunOfModel(
        arn=version.arn,
        words=version.words,
        registered_by=registering[0].run_arn if registering else None,
        trained_by=training[0].run_arn if training else None,
        at=max(shown, default=None),
    )


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """What is on record about the training of a served model.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        jobs: The names of the training jobs that made it.
        single: Whether each of its artefacts was made by exactly one of them.
        described: Whether each job has its algorithm or image and its hyperparameters on record.
        tied: Whether the run that registered the version also trained it.
        at: When the newest of the jobs ended.
    """

    arn: str
    words: str
    jobs: tuple[str, ...]
    single: bool
    described: bool
    tied: bool
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def training_records(view: View) -> Evidence[TrainingRecord]:
    """Every model that serves and was trained; what AWS provides has no training of one's own."""
    traced = view.once(provenances)
    runs = view.once(runs_of_models)
    apart = {each.arn for each in runs.items if not _is_tied(each)}
    gaps = dict.fromkeys((*traced.gaps, *runs.gaps))
    told = {each.arn for each in traced.items} & {each.arn for each in runs.items}
    told -= {gap.subject for gap in gaps}
    items = tuple(
        _record(each, tied=each.arn not in apart)
        for each in view.once(served_versions).items
        if each.arn in told and artefacts_of(each)
    )
    return Evidence(items, tuple(gaps))


def _is_tied(run: RunOfModel) -> bool:
    return run.trained_by is not None and run.trained_by == run.registered_by


def _record(version: ServedVersion, *, tied: bool) -> TrainingRecord:
    made = sorted(job.artifact for job in version.jobs if job.artifact)
    return TrainingRecord(
        arn=version.arn,
        words=version.words,
        jobs=tuple(job.name for job in version.jobs),
        single=made == sorted(artefacts_of(version)),
        described=all(job.hyperparameters and (job.image or job.algorithm) for job in version.jobs),
        tied=tied,
        at=max((job.ended_at for job in version.jobs if job.ended_at), default=None),
    )
