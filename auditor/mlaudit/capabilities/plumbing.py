"""What holds a workload together: endpoints and their changes, functions and their streams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import (
    Alarm,
    Deployment,
    Endpoint,
    EventSourceMapping,
    Function,
    InferenceComponent,
    WatchedMetric,
)
from mlaudit.resources.monitoring import ANY
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class LastChange:
    """How the last change of an endpoint or of a component ended.

    Attributes:
        arn: It.
        words: It in words.
        status: Its status.
        failed: Whether AWS gives a reason why its last change failed.
        at: When it last changed.
    """

    arn: str
    words: str
    status: str
    failed: bool
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def last_changes(view: View) -> Evidence[LastChange]:
    """Every endpoint and component, but for those that are being deleted."""
    named = [(each.arn, f"endpoint {each.name}", each.status) for each in view.items(Endpoint)]
    named += [
        (each.arn, f"component {each.name}", each.status) for each in view.items(InferenceComponent)
    ]
    found = (_last_change(view, *each) for each in named if each[2] != "Deleting")
    gaps = view.gaps(Endpoint, InferenceComponent, Deployment)
    return Evidence(tuple(each for each in found if each), gaps)


def _last_change(view: View, arn: str, words: str, status: str) -> LastChange | None:
    """Nothing where it serves and what AWS says of its last change is out of sight."""
    told = view.region.get(Deployment, f"{arn}#deployment")
    if told is None and status == "InService":
        return None
    return LastChange(
        arn, words, status, bool(told and told.failed), told.modified_at if told else None
    )


@dataclass(frozen=True, slots=True)
class StreamConsumer:
    """A function that a stream feeds now.

    Attributes:
        arn: The event source mapping.
        words: The stream and the function, in words.
        keeps_failures: Whether what it cannot handle goes somewhere else.
        splits_batches: Whether a bad record is told apart; ``None`` for a source that cannot.
        lag_watched_by: An alarm on how far it is behind; ``None`` without one.
    """

    arn: str
    words: str
    keeps_failures: bool
    splits_batches: bool | None
    lag_watched_by: str | None


@provider
def stream_consumers(view: View) -> Evidence[StreamConsumer]:
    """Every function of a workload that a stream feeds; none where alarms could not be seen."""
    items = _consumers(view) if view.sees(Alarm) else ()
    return Evidence(tuple(items), view.gaps(EventSourceMapping, Function, Alarm))


def _consumers(view: View) -> Iterator[StreamConsumer]:
    mappings = view.region.by(EventSourceMapping, "function_arn")
    for function in view.items(Function):
        for each in mappings.get(function.arn, ()):
            source = each.source_arn or "self-managed Kafka"
            if each.enabled and any(kind in source for kind in _STREAMS):
                yield StreamConsumer(
                    arn=each.arn,
                    words=f"function {function.name} on {source.rpartition(':')[2]}",
                    keeps_failures=each.keeps_failures,
                    splits_batches=each.splits_batches if ":kinesis:" in source else None,
                    lag_watched_by=_lag_alarm(view, function, source),
                )


_STREAMS = (":kinesis:", ":kafka:", "Kafka")
_LAGS = frozenset({"GetRecords.IteratorAgeMilliseconds", "IteratorAge", "OffsetLag"})


def _lag_alarm(view: View, function: Function, source: str) -> str | None:
    names = {ANY, function.name, source.rpartition("/")[2]}
    found = (
        alarm.name
        for alarm in view.region.all(Alarm)
        if any(_is_lag(metric, names) for metric in alarm.watches)
    )
    return next(found, None)


def _is_lag(metric: WatchedMetric, names: set[str]) -> bool:
    of = {metric.dimensions.get("FunctionName"), metric.dimensions.get("StreamName")}
    return metric.name in _LAGS and bool(of & names)
