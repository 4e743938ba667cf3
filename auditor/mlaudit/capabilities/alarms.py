"""Alarms on what serves: what they watch, and whom they reach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import (
    COUNTS,
    Placement,
    component_is_idle,
    components_of,
    is_idle,
    placement_gaps,
    placements,
)
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Alarm,
    AnomalyDetector,
    CompositeAlarm,
    InferenceComponent,
    Topic,
    Trigger,
    WatchedMetric,
)
from mlaudit.resources.monitoring import ANY
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Watch:
    """An alarm or an anomaly detector that watches a place.

    Attributes:
        words: It in words.
        metrics: The metrics of the place that it reads.
        has_data: Whether it judges; one without data, or without requests to judge, does not.
    """

    words: str
    metrics: tuple[WatchedMetric, ...]
    has_data: bool


_IDLE = " (no request in the window)"


@dataclass(frozen=True, slots=True)
class AlarmedPlace:
    """One variant of an endpoint that serves, or one component on it, with its alarms.

    Attributes:
        arn: The endpoint.
        words: The place in words.
        watches: The alarms on it, those that only scale it left out.
    """

    arn: str
    words: str
    watches: tuple[Watch, ...]

    def is_of(self, place: Place) -> bool:
        """Whether it is this place."""
        return self.words.removesuffix(_IDLE) == place.words

    def observed(self, chosen: Iterable[Watch], what: str) -> Observation:
        """The best of some of its alarms: one that has data, one that has none, or nothing."""
        best = max(chosen, key=lambda each: (each.has_data, each.words), default=None)
        if best is None:
            return Observation(self.arn, Grade.MISSED, f"{self.words}: no alarm on {what}")
        fact = f"{self.words}: {best.words} on {what}"
        if best.has_data:
            return Observation(self.arn, Grade.EXERCISED, fact)
        return Observation(self.arn, Grade.CONFIGURED, f"{fact} has nothing to judge")


@dataclass(frozen=True, slots=True)
class WatchedPlace:
    """A place with its alarms and its anomaly detectors; see above."""

    place: AlarmedPlace


@dataclass(frozen=True, slots=True)
class AlarmReach:
    """Whom one alarm on what serves reaches, or that there is no alarm to reach anybody.

    Attributes:
        arn: The alarm, or the endpoint without one.
        words: It in words.
        alarmed: Whether there is an alarm at all.
        reaches: Who surely hears of it, in words.
        pending: How many subscribers have not confirmed.
    """

    arn: str
    words: str
    alarmed: bool
    reaches: tuple[str, ...]
    pending: int


@dataclass(frozen=True, slots=True)
class Place:
    """What has metrics of its own: a variant, or a component on one that holds components."""

    placement: Placement
    component: InferenceComponent | None

    @property
    def words(self) -> str:
        """How a fact names it."""
        more = f", component {self.component.name}" if self.component else ""
        return f"{self.placement.words}{more}"

    def has(self, metric: WatchedMetric) -> bool:
        """Whether a metric is one of its own."""
        said = metric.dimensions
        if "InferenceComponentName" in said:
            name = self.component.name if self.component else None
            return said["InferenceComponentName"] == name
        variant = said.get("VariantName", ANY)
        endpoint = said.get("EndpointName", said.get("Endpoint"))  # Model Monitor says the latter
        return endpoint in {ANY, self.placement.endpoint.name} and variant in {
            ANY,
            self.placement.variant.name,
        }


def places(view: View) -> tuple[Place, ...]:
    """Every place of the workload that answers requests."""
    return tuple(
        Place(placement, component)
        for placement in placements(view)
        for component in components_of(view, placement) or (None,)
    )


def place_is_idle(view: View, place: Place) -> bool | None:
    """Whether a place answered nobody in the window; ``None`` where that could not be seen."""
    if place.component is None:
        return is_idle(view, place.placement)
    return component_is_idle(view, place.component)


def place_gaps(view: View) -> tuple[Gap, ...]:
    """What keeps places from being seen."""
    return (*placement_gaps(view), *view.gaps(InferenceComponent))


@provider
def alarmed_places(view: View) -> Evidence[AlarmedPlace]:
    """Every place with its alarms; none where alarms could not be seen.

    An alarm judges nothing where nobody asks: a place that may have been idle is a gap.
    """
    gaps = [*place_gaps(view), *view.gaps(Alarm), *_hidden(view)]
    visible = view.sees(Alarm, InferenceComponent) and not _hidden(view)
    items = []
    for each in places(view) if visible else ():
        idle = place_is_idle(view, each)
        watches = tuple(_watch(each, alarm, idle=idle) for alarm in _alarms_on(view, each))
        if idle is None:
            gaps += view.gaps(*COUNTS)
        else:
            items.append(
                AlarmedPlace(each.placement.endpoint.arn, _named(each, idle=idle), watches)
            )
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _named(place: Place, *, idle: bool | None) -> str:
    return place.words + _IDLE * bool(idle)


@provider
def watched_places(view: View) -> Evidence[WatchedPlace]:
    """The same with the anomaly detectors on it; none where these could not be seen."""
    alarmed = view.once(alarmed_places)
    gaps = (*alarmed.gaps, *view.gaps(AnomalyDetector))
    detectors: dict[str, list[Watch]] = {}
    for each in places(view):
        idle = place_is_idle(view, each)
        detectors[_named(each, idle=idle)] = _detectors_on(view, each, idle=idle)
    items = tuple(
        WatchedPlace(replace(each, watches=(*each.watches, *detectors[each.words])))
        for each in alarmed.items
    )
    return Evidence(items if view.sees(AnomalyDetector) else (), tuple(dict.fromkeys(gaps)))


def _detectors_on(view: View, place: Place, *, idle: bool | None) -> list[Watch]:
    found = (
        (each, tuple(metric for metric in each.watches if place.has(metric)))
        for each in view.region.all(AnomalyDetector)
    )
    return [
        Watch(f"anomaly detector of {own[0].name}", own, each.trained and not idle)
        for each, own in found
        if own
    ]


def _hidden(view: View) -> tuple[Gap, ...]:
    """Alarms that may watch anything of SageMaker here."""
    return tuple(
        Gap.unread("cloudwatch:DescribeAlarms", each.region, "QueryNotUnderstood", each.arn)
        for each in view.region.all(Alarm)
        if each.hides_metrics
    )


def _alarms_on(view: View, place: Place) -> tuple[Alarm, ...]:
    return tuple(
        each
        for each in view.region.all(Alarm)
        if not _scales(each) and any(place.has(metric) for metric in each.watches)
    )


def _scales(alarm: Alarm) -> bool:
    """Whether an alarm only moves capacity, as those of Application Auto Scaling do."""
    if alarm.name.startswith("TargetTracking-"):
        return True
    return bool(alarm.actions) and all(_service(each) == "autoscaling" for each in alarm.actions)


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 1 else ""


def _watch(place: Place, alarm: Alarm, *, idle: bool | None) -> Watch:
    own = tuple(each for each in alarm.watches if place.has(each))
    return Watch(f"alarm {alarm.name}", own, alarm.state != "INSUFFICIENT_DATA" and not idle)


@provider
def alarm_reaches(view: View) -> Evidence[AlarmReach]:
    """Whom every alarm on what serves reaches; an alarm that may reach somebody unseen is a gap."""
    gaps = (*place_gaps(view), *view.gaps(Alarm), *_hidden(view))
    found = list(_reaches(view)) if view.sees(Alarm, InferenceComponent) else []
    items = tuple(dict.fromkeys(each for each, _ in found if each))
    unseen = tuple(gap for each, some in found if each is None for gap in some)
    return Evidence(items, tuple(dict.fromkeys((*gaps, *unseen))))


def _reaches(view: View) -> Iterator[tuple[AlarmReach | None, tuple[Gap, ...]]]:
    """What each alarm reaches; ``None`` with the gaps that may hide it."""
    for place in places(view):
        alarms = _alarms_on(view, place)
        if not alarms and not _hidden(view):
            arn = place.placement.endpoint.arn
            yield AlarmReach(arn, place.words, alarmed=False, reaches=(), pending=0), ()
        for alarm in alarms:
            reach = _reach(view, alarm)
            gaps = () if reach.reaches else _reach_gaps(view, alarm)
            yield (None if gaps else reach), gaps


def _reach(view: View, alarm: Alarm) -> AlarmReach:
    targets = tuple(dict.fromkeys(_targets(view, alarm)))
    topics = [topic for each in targets if (topic := view.region.get(Topic, each))]
    heard = [
        f"topic {each.arn.rpartition(':')[2]} with {each.confirmed} confirmed"
        for each in topics
        if each.confirmed
    ]
    heard += [
        f"{_service(each)} {each.rpartition(':')[2]}"
        for each in targets
        if _service(each) not in _NOBODY
    ]
    return AlarmReach(
        arn=alarm.arn,
        words=f"alarm {alarm.name}",
        alarmed=True,
        reaches=tuple(heard),
        pending=sum(each.pending for each in topics),
    )


_NOBODY = frozenset({"", "autoscaling", "automate", "ec2", "logs", "sns", "swf"})
"""Services whose actions change something and tell nobody; a topic tells its subscribers."""


def _reach_gaps(view: View, alarm: Alarm) -> tuple[Gap, ...]:
    """What may hide a way from an alarm to somebody."""
    notified = {None, *(each for each in _targets(view, alarm) if _service(each) == "sns")}
    topics = (
        gap
        for gap in view.region.gaps(Topic)
        if gap.operation == "sns:ListSubscriptionsByTopic" and gap.subject in notified
    )
    return (*view.gaps(CompositeAlarm, Trigger), *topics)


def _targets(view: View, alarm: Alarm) -> Iterator[str]:
    """What an alarm notifies: itself, by alarms on it, and by rules on its changes."""
    yield from alarm.actions
    names = {alarm.arn: alarm.name, **_composites(view, {alarm.name, alarm.arn})}
    for composite in view.region.all(CompositeAlarm):
        if composite.arn in names:
            yield from composite.actions
    for trigger in view.region.all(Trigger):
        if trigger.enabled and any(hears(trigger, *each) for each in names.items()):
            yield from trigger.targets


def _composites(view: View, known: set[str]) -> dict[str, str]:
    """The alarms that go off with some others, directly or not, with their names."""
    found: dict[str, str] = {}
    todo = True
    while todo:
        new = {
            each.arn: each.name
            for each in view.region.all(CompositeAlarm)
            if each.arn not in found and {*each.watches} & known
        }
        found |= new
        known = known | new.keys() | set(new.values())
        todo = bool(new)
    return found


def hears(trigger: Trigger, arn: str, name: str) -> bool:
    """Whether a rule is on the changes of an alarm's state."""
    try:
        pattern = json.loads(trigger.pattern or "{}")
    except ValueError:
        return False
    detail = pattern.get("detail") or {}
    return (
        ALARM_EVENT in pattern.get("detail-type", ())
        and _lets(pattern.get("resources"), arn)
        and _lets(detail.get("alarmName"), name)
        and _lets((detail.get("state") or {}).get("value"), "ALARM")
    )


ALARM_EVENT = "CloudWatch Alarm State Change"


def _lets(filters: Iterable[Any] | None, value: str) -> bool:
    """Whether one of the filters of an event pattern lets a value through."""
    return filters is None or any(
        value.startswith(each["prefix"])
        if isinstance(each, dict) and isinstance(each.get("prefix"), str)
        else fnmatchcase(value, each["wildcard"])
        if isinstance(each, dict) and isinstance(each.get("wildcard"), str)
        else each == value
        for each in filters
    )
