"""What the model registry is good for: monitoring reads it, and deployment goes back in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import (
    Endpoint,
    Model,
    ModelPackage,
    MonitoringSchedule,
    ProcessingJob,
    Trigger,
)
from mlaudit.sight import View

_APPROVAL_EVENT = "SageMaker Model Package State Change"


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """What monitoring has of a version's registered baselines.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        baselines: Where the baselines lie that are registered with its version.
        schedules: Monitoring schedules that watch an endpoint of the workload.
        read_by: The newest job of the window that read one of the baselines.
        at: When it ended.
    """

    arn: str
    words: str
    baselines: tuple[str, ...]
    schedules: tuple[str, ...]
    read_by: str | None
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def baseline_uses(view: View) -> Evidence[BaselineUse]:
    """Every model that serves; a monitor of any make is a job that reads the baseline."""
    seen = view.once(served_versions)
    schedules = tuple(each.name for each in _watching(view) if each.status == "Scheduled")
    gaps = (*seen.gaps, *view.gaps(MonitoringSchedule, ProcessingJob))
    visible = view.sees(MonitoringSchedule, ProcessingJob)
    items = tuple(_use(view, each, schedules) for each in (seen.items if visible else ()))
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _watching(view: View) -> tuple[MonitoringSchedule, ...]:
    names = {each.name for each in view.items(Endpoint)}
    return tuple(
        each for each in view.region.all(MonitoringSchedule) if each.endpoint_name in names
    )


def _use(view: View, version: ServedVersion, schedules: tuple[str, ...]) -> BaselineUse:
    baselines = {*version.package.baselines.values()} if version.package else set()
    readers = [
        (job.ended_at, job.name)
        for job in view.region.all(ProcessingJob)
        if job.status == "Completed"
        and job.ended_at
        and view.window.covers(job.ended_at)
        and reads_any(job, baselines)
    ]
    at, name = max(readers, default=(None, None))
    return BaselineUse(version.arn, version.words, tuple(sorted(baselines)), schedules, name, at)


def reads_any(job: ProcessingJob, places: Iterable[str]) -> bool:
    """Whether a job takes one of some places as input, such as a baseline, or a folder of it."""
    return any(
        each == uri or each.startswith(f"{uri.rstrip('/')}/")
        for each in places
        for uri in job.inputs
    )


@dataclass(frozen=True, slots=True)
class RollbackVersion:
    """What deployment has of the registry behind a model that serves.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        registered: Whether it is a version of a registry.
        deployed_from: What ties deployment to the registry, in words; ``None`` for nothing.
        earlier: How many older versions of its group are approved.
    """

    arn: str
    words: str
    registered: bool
    deployed_from: str | None
    earlier: int

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}")


@provider
def rollback_versions(view: View) -> Evidence[RollbackVersion]:
    """Every model that serves, with the versions deployment could go back to."""
    seen = view.once(served_versions)
    gaps = (*seen.gaps, *view.gaps(Model, Trigger))
    rules = [each for each in view.region.all(Trigger) if each.enabled and tells_of_approval(each)]
    items = tuple(
        found
        for each in seen.items
        if (found := _rollback(each, rules)).deployed_from or view.sees(Trigger)
    )
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _rollback(version: ServedVersion, rules: list[Trigger]) -> RollbackVersion:
    package = version.package
    if package is None:
        return RollbackVersion(
            version.arn, version.words, registered=False, deployed_from=None, earlier=0
        )
    older = [each for each in version.approved if each.created_at < package.created_at]
    return RollbackVersion(
        arn=version.arn,
        words=version.words,
        registered=True,
        deployed_from=_tie(version, package, rules),
        earlier=len(older),
    )


def _tie(version: ServedVersion, package: ModelPackage, rules: list[Trigger]) -> str | None:
    if any(each.package_arn == package.arn for each in version.containers):
        return "names its version"
    names = [each.name for each in rules if is_about(each, package.group_name)]
    return f"is deployed on approval by rule {names[0]}" if names else None


def tells_of_approval(rule: Trigger) -> bool:
    """Whether a rule sets something off when a version is approved, if it is on."""
    pattern = rule.pattern or ""
    named = "ModelApprovalStatus" not in pattern or '"Approved"' in pattern
    return bool(rule.targets) and _APPROVAL_EVENT in pattern and named


def is_about(rule: Trigger, group: str | None) -> bool:
    """Whether a rule on any group, or on this one."""
    pattern = rule.pattern or ""
    return "ModelPackageGroupName" not in pattern or f'"{group}"' in pattern
