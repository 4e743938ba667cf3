"""What is captured of each version: the schema of its data, and how it was evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.detectors import ControlledEndpoint, data_quality_controls
from mlaudit.capabilities.gates import model_gates
from mlaudit.capabilities.provenance import artefacts_of
from mlaudit.capabilities.registry import ServedVersion, says, served_versions
from mlaudit.capabilities.registry_use import reads_any
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    ModelPackage,
    MonitorDetails,
    MonitoringSchedule,
    ProcessingJob,
    RunStep,
    Tracker,
    TrainingJob,
)
from mlaudit.sight import View


def in_a_tracker(view: View, subject: str) -> tuple[Gap, ...]:
    """What keeps results from being called missing: a tracker that is up, whose runs may hold them.

    Args:
        view: What can be seen.
        subject: The model or version that nothing else was found of.
    """
    if view.region.all(Tracker):
        operation, region = "sagemaker:ListTrialComponents", view.region.name
        return (Gap.unread(operation, region, "ResultsInTracker", subject),)
    return view.gaps(Tracker)


@dataclass(frozen=True, slots=True)
class CapturedSchema:
    """What is stored of the data a served version was made of, and what uses it in production.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        stored: Where schema and statistics lie that are registered with the version, or that a
            check step of the run which registered it calculated.
        used_by: What held live data against one of them in the window, in words.
        watched_by: What watches live data by something else, in words.
        at: When it was last used.
    """

    arn: str
    words: str
    stored: tuple[str, ...]
    used_by: str | None
    watched_by: str | None
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


_USERS = (ProcessingJob, MonitorDetails, MonitoringSchedule, RunStep)
_CHECKED = "DATA_QUALITY"


@provider
def captured_schemas(view: View) -> Evidence[CapturedSchema]:
    """Every model that serves.

    A detector may be a function or a workflow, of which AWS does not tell what it reads: then it is
    a gap whether it reads what is registered. So is a tracker where nothing is registered.
    """
    seen, controls = view.once(served_versions), view.once(data_quality_controls)
    visible = view.sees(*_USERS) and not controls.gaps
    working = working_detectors(each.endpoint for each in controls.items)
    items: list[CapturedSchema] = []
    gaps = [*seen.gaps, *controls.gaps, *view.gaps(*_USERS)]
    for version in seen.items:
        stored = _schemas(view, version)
        at, user = max(uses(view, stored), default=(None, None))
        doubts = () if user else _doubts(view, version, stored, working)
        gaps += doubts
        if user or (visible and not doubts):
            watch = working[0] if working else None
            items.append(CapturedSchema(version.arn, version.words, stored, user, watch, at))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _schemas(view: View, version: ServedVersion) -> tuple[str, ...]:
    package = version.package
    if package is None:
        return ()
    found = {package.data_quality_uri, package.baselines.get("ModelDataQuality")}
    run = package.generated_by or ""
    for step in view.region.by(RunStep, "run_arn").get(run, ()):
        if step.checks == _CHECKED and step.status == "Succeeded":
            found.update(step.results)
    return tuple(sorted(uri for uri in found if uri))


def working_detectors(endpoints: Iterable[ControlledEndpoint]) -> list[str]:
    """The detectors on some endpoints that lack nothing, in words and in order."""
    detectors = (each for endpoint in endpoints for each in endpoint.detectors)
    return sorted({each.words for each in detectors if not each.lacks})


def uses(view: View, places: tuple[str, ...]) -> Iterator[tuple[datetime, str]]:
    """What read one of some places in the window with success: when, and in words."""
    for job in view.region.all(ProcessingJob):
        done = job.status == "Completed" and view.window.covers(job.ended_at)
        if done and job.ended_at and reads_any(job, places):
            yield job.ended_at, f"job {job.name}"
    for schedule in view.region.all(MonitoringSchedule):
        details = view.region.get(MonitorDetails, f"{schedule.arn}#details")
        known = {*details.baselines} & {*places} if details else set()
        if known and details and details.last_at and _works(view, schedule, details):
            yield details.last_at, f"Model Monitor schedule {schedule.name}"


def _works(view: View, schedule: MonitoringSchedule, details: MonitorDetails) -> bool:
    ran = (details.last_status or "").startswith("Completed")
    return schedule.status == "Scheduled" and ran and view.window.covers(details.last_at)


def _doubts(
    view: View, version: ServedVersion, stored: tuple[str, ...], working: Iterable[str]
) -> tuple[Gap, ...]:
    """What may use a stored schema out of sight, or hold one that is not stored in sight."""
    if stored:
        return reads_untold(view, version.arn, working)
    return () if working else in_a_tracker(view, version.arn)


def reads_untold(view: View, subject: str, working: Iterable[str]) -> tuple[Gap, ...]:
    """A gap where one of some detectors is of a kind of which AWS does not tell what it reads."""
    told = {f"Model Monitor schedule {each.name}" for each in view.region.all(MonitoringSchedule)}
    told |= {f"processing job {each.name}" for each in view.region.all(ProcessingJob)}
    if all(words in told for words in working):
        return ()
    operation, region = "lambda:ListFunctions", view.region.name
    return (Gap.unread(operation, region, "ReadsNotTold", subject),)


@dataclass(frozen=True, slots=True)
class EvaluatedVersion:
    """What is on record about how good a version is.

    Attributes:
        arn: The model that serves, or the version.
        words: It in words.
        reported: Whether the registry has its evaluation, as a report or as metadata.
        validation: Names of metrics on data that was kept apart, which its training put out.
        metrics: Names of the other metrics of its training.
        tested_in: Steps that test each model before it is registered, and ran in the window.
        at: When it was registered, or trained where it is not.
    """

    arn: str
    words: str
    reported: bool
    validation: tuple[str, ...]
    metrics: tuple[str, ...]
    tested_in: tuple[str, ...]
    at: datetime | None

    @property
    def observable(self) -> bool:
        """Whether anything at all was found."""
        return self.reported or bool(self.validation or self.metrics or self.tested_in)

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


_APART = re.compile(r"(?<![a-z])(val|valid|validation|test|eval|evaluation|cv|holdout)(?![a-z])")
"""What names of metrics on data that was kept apart from training have in them."""


@provider
def evaluated_versions(view: View) -> Evidence[EvaluatedVersion]:
    """Every model that serves, and every version of the window that does not.

    One of which nothing was found is a gap where a tracker may know it, or where the training that
    made it is out of sight.
    """
    seen, gates = view.once(served_versions), view.once(model_gates)
    tests = {name for gate in gates.items if gate.flow.succeeded_at for name in gate.tests}
    found = [
        _evaluated(each.arn, each.words, each.package, each.jobs, tests) for each in seen.items
    ]
    whole = {each.arn for each in seen.items if each.jobs or not artefacts_of(each)}
    serving = {each.package.arn for each in seen.items if each.package}
    for package in _others(view, serving) if view.sees(ModelPackage, TrainingJob) else ():
        jobs = view.lineage.into(package.arn, TrainingJob)
        found.append(_evaluated(package.arn, f"version {package.name}", package, jobs, tests))
        whole |= {package.arn} if jobs else set()
    items: list[EvaluatedVersion] = []
    gaps = [*seen.gaps, *view.gaps(ModelPackage, TrainingJob)]
    for version in found:
        doubts = () if _is_evaluated(version) else _out_of_sight(view, version, whole)
        if not doubts and not version.observable:
            doubts = gates.gaps
        gaps += doubts
        items += [] if doubts else [version]
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _others(view: View, serving: set[str]) -> Iterator[ModelPackage]:
    """The versions of the window that do not serve."""
    for each in view.items(ModelPackage):
        new = each.status == "Completed" and view.window.covers(each.created_at)
        if new and each.group_name and each.arn not in serving:
            yield each


def _evaluated(
    arn: str,
    words: str,
    package: ModelPackage | None,
    jobs: Iterable[TrainingJob],
    tests: Iterable[str],
) -> EvaluatedVersion:
    jobs = tuple(jobs)
    names = {name for job in jobs for name in job.metrics}
    apart = {name for name in names if _APART.search(name.lower())}
    trained_at = max((job.ended_at for job in jobs if job.ended_at), default=None)
    return EvaluatedVersion(
        arn=arn,
        words=words,
        reported=bool(package and (package.quality_uri or says(package, "evaluation"))),
        validation=tuple(sorted(apart)),
        metrics=tuple(sorted(names - apart)),
        tested_in=tuple(sorted(tests)),
        at=package.created_at if package else trained_at,
    )


def _is_evaluated(version: EvaluatedVersion) -> bool:
    return version.reported or bool(version.validation)


def _out_of_sight(view: View, version: EvaluatedVersion, whole: set[str]) -> tuple[Gap, ...]:
    """What may hide an evaluation that was not found."""
    if version.arn not in whole:
        read = "sagemaker:DescribeTrainingJob"
        return (Gap.unread(read, view.region.name, "OriginNotFound", version.arn),)
    return in_a_tracker(view, version.arn)
