"""Where results of past runs go: into the registry, and from there into what watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.captures import in_a_tracker, reads_untold, uses, working_detectors
from mlaudit.capabilities.detectors import (
    ControlledEndpoint,
    concept_drift_controls,
    data_drift_controls,
    data_quality_controls,
    model_quality_controls,
)
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import ModelPackage, MonitorDetails, MonitoringSchedule, ProcessingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class RegisteredResults:
    """Whether a model that serves has the results of the run that made it in the registry.

    Attributes:
        version: The model.
        evaluated: Whether its registered version carries results.
    """

    version: ServedVersion
    evaluated: bool


@provider
def registered_results(view: View) -> Evidence[RegisteredResults]:
    """Every model that serves; results that a tracker may hold instead are a gap."""
    seen = view.once(served_versions)
    items: list[RegisteredResults] = []
    gaps = list(seen.gaps)
    for version in seen.items:
        evaluated = "evaluation" in version.records
        doubts = () if evaluated else in_a_tracker(view, version.arn)
        gaps += doubts
        items += [] if doubts else [RegisteredResults(version, evaluated)]
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class ResultsUse:
    """What watches by the registered results of a model that serves.

    Attributes:
        version: The model.
        readable: Whether its version carries results that others can read.
        used_by: What read one of them in the window, in words.
        at: When it did.
    """

    version: ServedVersion
    readable: bool
    used_by: str | None
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        version = self.version
        return Observation(version.arn, grade, f"{version.words} {fact}", self.at)


_READERS = (ProcessingJob, MonitorDetails, MonitoringSchedule)


@provider
def results_uses(view: View) -> Evidence[ResultsUse]:
    """Every model that serves; what a function or a workflow reads is not told: a gap."""
    seen, (detectors, hiding) = view.once(served_versions), _detectors(view)
    visible = view.sees(*_READERS) and not hiding
    working = working_detectors(detectors)
    items: list[ResultsUse] = []
    gaps = [*seen.gaps, *hiding, *view.gaps(*_READERS)]
    for version in seen.items:
        places = _places(version.package)
        at, user = max(uses(view, places), default=(None, None))
        readable = bool(places) or "evaluation" in version.records
        untold = reads_untold(view, version.arn, working) if readable and not user else ()
        gaps += untold
        if user or (visible and not untold):
            items.append(ResultsUse(version, readable, user, at))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _places(package: ModelPackage | None) -> tuple[str, ...]:
    if package is None:
        return ()
    reports = (package.quality_uri, package.data_quality_uri, package.explainability_uri)
    return tuple(sorted({uri for uri in (*reports, *package.baselines.values()) if uri}))


def _detectors(view: View) -> tuple[list[ControlledEndpoint], tuple[Gap, ...]]:
    """All that watches the endpoints of a workload, and what may hide some of it."""
    quality, drift = view.once(data_quality_controls), view.once(data_drift_controls)
    results, concept = view.once(model_quality_controls), view.once(concept_drift_controls)
    found = [each.endpoint for each in quality.items]
    found += [each.endpoint for each in drift.items]
    found += [each.endpoint for each in results.items]
    found += [each.endpoint for each in concept.items]
    gaps = (*quality.gaps, *drift.gaps, *results.gaps, *concept.gaps)
    return found, tuple(dict.fromkeys(gaps))
