"""What watches data and results of endpoints that serve, whatever it is made with.

A detector is a Model Monitor schedule; a pipeline, state machine, function or processing job with
the tag ``mlaudit:control``; or an alarm or anomaly detector on a metric of one's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from mlaudit.capabilities import provider
from mlaudit.capabilities.alarms import watched_places
from mlaudit.capabilities.workflows import workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Endpoint,
    Function,
    LogStream,
    MonitorDetails,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    StateMachine,
    Trigger,
    WatchedMetric,
)
from mlaudit.sight import View

CONTROL_TAG = "mlaudit:control"
"""The tag by which a team says what a job of its own controls; several values may be joined."""


class Control(StrEnum):
    """What a detector can watch; the values are those of the tag."""

    DATA_QUALITY = "data-quality"
    DATA_DRIFT = "data-drift"
    CONCEPT_DRIFT = "concept-drift"
    MODEL_QUALITY = "model-quality"
    ANOMALIES = "anomalies"


@dataclass(frozen=True, slots=True)
class Detector:
    """Something that watches an endpoint.

    Attributes:
        words: It in words.
        lacks: What keeps it from working, in words; empty where it works.
        ran_at: When it last ran with success.
    """

    words: str
    lacks: tuple[str, ...]
    ran_at: datetime | None


Source = Callable[[View, Endpoint, Control], Iterable[Detector]]
"""Finds detectors of one kind on an endpoint."""


@dataclass(frozen=True, slots=True)
class ControlledEndpoint:
    """An endpoint that serves, with the detectors of one kind on it."""

    arn: str
    words: str
    detectors: tuple[Detector, ...]

    def observed(self, what: str) -> Observation:
        """The best of its detectors: one that works, one that lacks something, or nothing."""
        best = min(self.detectors, key=lambda each: (len(each.lacks), each.words), default=None)
        if best is None:
            return Observation(self.arn, Grade.MISSED, f"{self.words}: nothing watches {what}")
        fact = f"{self.words}: {best.words} watches {what}"
        if best.lacks:
            fact += f", without {' and '.join(best.lacks)}"
        grade = Grade.CONFIGURED if best.lacks else Grade.EXERCISED
        return Observation(self.arn, grade, fact, best.ran_at)


@dataclass(frozen=True, slots=True)
class EndpointControl:
    """What watches something of an endpoint: a base of the kinds that checks ask for."""

    endpoint: ControlledEndpoint


@dataclass(frozen=True, slots=True)
class DataQualityControl(EndpointControl):
    """What holds live data against schema and constraints."""


@dataclass(frozen=True, slots=True)
class DataDriftControl(EndpointControl):
    """What tests the distribution of live features against training."""


@dataclass(frozen=True, slots=True)
class ModelQualityControl(EndpointControl):
    """What compares results on new data with training."""


@dataclass(frozen=True, slots=True)
class ConceptDriftControl(EndpointControl):
    """What watches the relation of input and answer, next to what compares results with truth."""

    results: ControlledEndpoint


C = TypeVar("C", bound=EndpointControl)


def _controls(view: View, control: Control, made: type[C]) -> Evidence[C]:
    seen = controlled(view, control)
    return Evidence(tuple(made(each) for each in seen.items), seen.gaps)


@provider
def data_quality_controls(view: View) -> Evidence[DataQualityControl]:
    """By serving endpoint."""
    return _controls(view, Control.DATA_QUALITY, DataQualityControl)


@provider
def data_drift_controls(view: View) -> Evidence[DataDriftControl]:
    """By serving endpoint."""
    return _controls(view, Control.DATA_DRIFT, DataDriftControl)


@provider
def model_quality_controls(view: View) -> Evidence[ModelQualityControl]:
    """By serving endpoint."""
    return _controls(view, Control.MODEL_QUALITY, ModelQualityControl)


@provider
def concept_drift_controls(view: View) -> Evidence[ConceptDriftControl]:
    """By serving endpoint; where detectors may hide, only one of drift that works decides."""
    seen = controlled(view, Control.CONCEPT_DRIFT)
    results = controlled(view, Control.MODEL_QUALITY)
    by_arn = {each.arn: each for each in results.items}
    items = tuple(
        ConceptDriftControl(each, by_arn.get(each.arn) or replace(each, detectors=()))
        for each in seen.items
    )
    return Evidence(items, seen.gaps)


def controlled(
    view: View, control: Control, more: Iterable[Source] = (), *kinds: type
) -> Evidence[ControlledEndpoint]:
    """Each serving endpoint that a detector works on, and the others where all could be seen.

    Args:
        view: What can be seen.
        control: What is to be watched.
        more: Other sources of detectors than those that all controls have.
        *kinds: What these sources need to see.
    """
    hiding = tuple(dict.fromkeys((*hiding_detectors(view), *view.gaps(*kinds))))
    sources = (*_SOURCES, *more)
    items, gaps = [], list(view.gaps(Endpoint))
    for endpoint in view.items(Endpoint):
        if not endpoint.serving:
            continue
        found = tuple(each for some in sources for each in some(view, endpoint, control))
        if hiding and all(each.lacks for each in found):
            gaps += hiding
        else:
            items.append(ControlledEndpoint(endpoint.arn, f"endpoint {endpoint.name}", found))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def hiding_detectors(view: View) -> tuple[Gap, ...]:
    """What may hide a detector."""
    kinds = (MonitoringSchedule, MonitorDetails, Function, LogStream, ProcessingJob, Trigger)
    gaps = (*view.gaps(*kinds), *view.once(workflows).gaps, *view.once(watched_places).gaps)
    return tuple(dict.fromkeys(gaps))


_MONITORS = {
    "DataQuality": (Control.DATA_QUALITY, Control.DATA_DRIFT),
    "ModelQuality": (Control.MODEL_QUALITY,),
    "ModelExplainability": (Control.CONCEPT_DRIFT,),
}
_SUCCEEDED = frozenset({"Completed", "CompletedWithViolations"})


def _monitors(view: View, endpoint: Endpoint, control: Control) -> Iterator[Detector]:
    for schedule in view.region.by(MonitoringSchedule, "endpoint_name").get(endpoint.name, ()):
        details = view.region.get(MonitorDetails, f"{schedule.arn}#details")
        if details and control in _MONITORS.get(schedule.monitoring_type or "DataQuality", ()):
            ran_at = details.last_at if details.last_status in _SUCCEEDED else None
            baseline = details.statistics if control is Control.DATA_DRIFT else details.constraints
            lacks = {
                "an active schedule": schedule.status != "Scheduled",
                "a baseline": not baseline,
                "ground truth": control is Control.MODEL_QUALITY and not details.ground_truth,
                _RECENT: not _is_current(view, ran_at, _period(details.expression)),
            }
            words = f"Model Monitor schedule {schedule.name}"
            yield Detector(words, tuple(each for each, lack in lacks.items() if lack), ran_at)


_RECENT = "a success within twice its period"


def _is_current(view: View, ran_at: datetime | None, period: timedelta | None) -> bool:
    return bool(ran_at and period and ran_at >= view.window.end - 2 * period)


def _flows(view: View, _: Endpoint, control: Control) -> Iterator[Detector]:
    for flow in view.once(workflows).items:
        holder = view.region.get(Pipeline, flow.arn) or view.region.get(StateMachine, flow.arn)
        if holder and _is_tagged(holder.tags, control):
            yield _scheduled(view, flow.arn, f"{flow.engine} {flow.name}", flow.succeeded_at)


def _functions(view: View, _: Endpoint, control: Control) -> Iterator[Detector]:
    logged = view.region.by(LogStream, "group_name")
    for function in view.items(Function):
        if _is_tagged(function.tags, control):
            streams = logged.get(f"/aws/lambda/{function.name}", ())
            ran_at = max((each.last_event_at for each in streams), default=None)
            yield _scheduled(view, function.arn, f"function {function.name}", ran_at)


def _scheduled(view: View, arn: str, words: str, ran_at: datetime | None) -> Detector:
    """What a schedule starts: judged by the longest of its periods."""
    starters = [each for each in view.lineage.into(arn, Trigger) if each.enabled and each.schedule]
    periods = [period for each in starters if (period := _period(each.schedule))]
    if not periods:
        return Detector(words, ("an active schedule",), ran_at)
    lacks = () if _is_current(view, ran_at, max(periods)) else (_RECENT,)
    return Detector(words, lacks, ran_at)


def _jobs(view: View, _: Endpoint, control: Control) -> Iterator[Detector]:
    """Processing jobs that something outside runs: what lies between the last two is the period."""
    ended = sorted(
        (job.ended_at, job.name)
        for job in view.items(ProcessingJob)
        if _is_tagged(job.tags, control) and job.status == "Completed" and job.ended_at
    )
    if ended:
        last, name = ended[-1]
        period = last - ended[-2][0] if len(ended) > 1 else None
        lacks = () if _is_current(view, last, period) else (_RECENT,)
        yield Detector(f"processing job {name}", lacks, last)


_METRICS = {
    Control.DATA_QUALITY: r"quality|violation|missing|completeness|null|schema",
    Control.DATA_DRIFT: r"drift|skew|psi|divergence|wasserstein|distribution|kolmogorov",
    Control.CONCEPT_DRIFT: r"concept|attribution|importance",
    Control.ANOMALIES: r"outlier|anomal|novelty|out.?of.?(?:range|distribution|domain)|unusual",
    Control.MODEL_QUALITY: r"accuracy|auc|f1|precision|recall|rmse|mae|mape|r2|model.?quality",
}
"""Names of metrics of one's own that speak of a control."""
_SPEAKS = {
    control: re.compile(rf"(?<![a-z])(?:{names})", re.IGNORECASE)
    for control, names in _METRICS.items()
}
_OF_THE_SYSTEM = ("AWS/", "/aws/sagemaker/")


def _metrics(view: View, endpoint: Endpoint, control: Control) -> Iterator[Detector]:
    for found in view.once(watched_places).items:
        for watch in found.place.watches if found.place.arn == endpoint.arn else ():
            if any(is_own(each) and control in controls_named(each.name) for each in watch.metrics):
                yield Detector(watch.words, () if watch.has_data else ("data",), None)


_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def controls_named(text: str) -> frozenset[Control]:
    """The controls that the name of a metric, or another text, speaks of."""
    words = _BETWEEN_WORDS.sub("-", text)
    return frozenset(control for control, speaks in _SPEAKS.items() if speaks.search(words))


def controls_tagged(tags: Mapping[str, str]) -> frozenset[Control]:
    """The controls that a team says a job of its own has."""
    return frozenset(control for control in Control if _is_tagged(tags, control))


def is_own(metric: WatchedMetric) -> bool:
    """Whether a metric is one's own, unlike those that AWS keeps of everything that serves."""
    return not metric.namespace.startswith(_OF_THE_SYSTEM)


def speaks_of_model(metric: WatchedMetric) -> bool:
    """Whether a metric of one's own tells how data or results of a model are."""
    return is_own(metric) and bool(controls_named(metric.name))


_SOURCES: tuple[Source, ...] = (
    _monitors,
    _flows,
    _functions,
    _jobs,
    _metrics,
)


def _is_tagged(tags: Mapping[str, str], control: Control) -> bool:
    return control in re.split(r"[\s,+:/]+", tags.get(CONTROL_TAG, ""))


_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) \S+\)")
_OPEN = frozenset({"*", "?"})


def _period(expression: str | None) -> timedelta | None:
    """How long at most lies between two starts; ``None`` for a single one."""
    rate = _RATE.fullmatch(expression or "")
    if rate:
        return int(rate[1]) * timedelta(**{f"{rate[2]}s": 1})
    cron = _CRON.fullmatch(expression or "")
    if cron is None:
        return None
    _, hour, day, month, weekday = cron.groups()
    for field, days in ((month, 366), (day, 31), (weekday, 7)):
        if field not in _OPEN:
            return timedelta(days=days)
    step = hour.partition("/")[2]
    hours = 1 if hour == "*" else int(step) if step.isdigit() else 24
    return timedelta(hours=hours)
