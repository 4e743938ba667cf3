"""Which version's baseline a monitor compares with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import Endpoint, ModelPackage, MonitorDetails, MonitoringSchedule
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class ComparedBaseline:
    """A Model Monitor schedule with a baseline, on an endpoint that serves.

    Attributes:
        arn: The schedule.
        name: Its name.
        serving: The versions that serve and whose baseline it is.
        others: The other versions whose baseline it is.
        at: When it last ran.
    """

    arn: str
    name: str
    serving: tuple[str, ...]
    others: tuple[str, ...]
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        words = f"Model Monitor schedule {self.name} compares with {fact}"
        return Observation(self.arn, grade, words, self.at)


@provider
def compared_baselines(view: View) -> Evidence[ComparedBaseline]:
    """Every schedule with a baseline; none where the versions that serve are out of sight."""
    seen = view.once(served_versions)
    gaps = (*seen.gaps, *view.gaps(Endpoint, ModelPackage, MonitoringSchedule, MonitorDetails))
    gaps = tuple(dict.fromkeys(gaps))
    served = {each.package.arn for each in seen.items if each.package}
    schedules = view.region.by(MonitoringSchedule, "endpoint_name")
    found = (
        _compared(view, schedule, served)
        for endpoint in view.items(Endpoint)
        if endpoint.serving
        for schedule in schedules.get(endpoint.name, ())
    )
    return Evidence(tuple(each for each in found if each) if not gaps else (), gaps)


def _compared(
    view: View, schedule: MonitoringSchedule, served: set[str]
) -> ComparedBaseline | None:
    details = view.region.get(MonitorDetails, f"{schedule.arn}#details")
    if details is None or not details.baselines:
        return None
    owners = [
        package
        for package in view.region.all(ModelPackage)
        if {*_baselines(package)} & {*details.baselines}
    ]
    return ComparedBaseline(
        arn=schedule.arn,
        name=schedule.name,
        serving=tuple(sorted(each.name for each in owners if each.arn in served)),
        others=tuple(sorted(each.name for each in owners if each.arn not in served)),
        at=details.last_at,
    )


def _baselines(package: ModelPackage) -> tuple[str | None, ...]:
    return (*package.baselines.values(), package.data_quality_uri, package.quality_uri)
