"""What dashboards show of what serves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.alarms import Place, place_gaps, place_is_idle, places
from mlaudit.capabilities.detectors import speaks_of_model
from mlaudit.capabilities.serving import COUNTS
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import Alarm, Dashboard, InferenceComponent, WatchedMetric
from mlaudit.resources.monitoring import ANY
from mlaudit.sight import View

COMPUTE = re.compile(r"utili[sz]ation|cpu|gpu|memory|disk|saturation|concurren", re.IGNORECASE)
"""Names of metrics that measure how full a machine is, those of SageMaker and one's own alike."""

_HOSTS = "/aws/sagemaker/Endpoints"
_MONITORED = re.compile(r"/?aws/sagemaker/Endpoints/.+")
"""Where SageMaker keeps the metrics of hosts, and where Model Monitor keeps what it finds."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One variant of an endpoint that serves, or one component on it, on dashboards.

    Attributes:
        arn: The endpoint.
        words: The place in words.
        compute: The dashboards that show how full its machines are.
        whole: Those of them that show its data or results too.
        idle: Whether it answered nobody in the window, so that there is little to show.
    """

    arn: str
    words: str
    compute: tuple[str, ...]
    whole: tuple[str, ...]
    idle: bool


@dataclass(frozen=True, slots=True)
class ShownCompute:
    """A place whose machines a dashboard shows."""

    place: ShownPlace


@dataclass(frozen=True, slots=True)
class ShownPerformance:
    """A place with all that dashboards show of it."""

    place: ShownPlace


@provider
def shown_compute(view: View) -> Evidence[ShownCompute]:
    """Every place whose machines a CloudWatch dashboard shows; any other is a gap."""
    seen = _told(view, lambda each: bool(each.compute))
    return Evidence(tuple(ShownCompute(each) for each in seen.items), seen.gaps)


@provider
def shown_performance(view: View) -> Evidence[ShownPerformance]:
    """The same; one that a dashboard may show more of than is understood is a gap."""
    hides = bool(_hiding(view))
    seen = _told(view, lambda each: bool(each.whole or (each.compute and not hides)))
    return Evidence(tuple(ShownPerformance(each) for each in seen.items), seen.gaps)


def places_not_shown(view: View, *, whole: bool) -> tuple[Place, ...]:
    """The places that surely no CloudWatch dashboard shows; none where one may show more than seen.

    Args:
        view: What can be seen.
        whole: Ask for the use of machines and for data or results on one dashboard, not for the
            former alone.
    """
    if _hiding(view) or not view.sees(InferenceComponent):
        return ()
    found = ((each, _shown(view, each)) for each in places(view))
    return tuple(each for each, shown in found if not (shown.whole if whole else shown.compute))


def model_metrics(view: View, place: Place) -> tuple[WatchedMetric, ...]:
    """The metrics of its data or results that alarms on a place read, each once."""
    found = (each for alarm in view.region.all(Alarm) for each in alarm.watches if place.has(each))
    named = {_named(each): each for each in found if _is_of_model(each)}
    return tuple(each for _, each in sorted(named.items()) if ANY not in each.dimensions.values())


def _named(metric: WatchedMetric) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return metric.namespace, metric.name, tuple(sorted(metric.dimensions.items()))


def _told(view: View, is_told: Callable[[ShownPlace], bool]) -> Evidence[ShownPlace]:
    """The places of which enough is known; other tools than CloudWatch may show the rest."""
    gaps = list(place_gaps(view))
    items = []
    for place in places(view) if view.sees(InferenceComponent) else ():
        shown = _shown(view, place)
        if place_is_idle(view, place) is None:
            gaps += view.gaps(*COUNTS)
        elif is_told(shown):
            items.append(shown)
        else:
            operation, region = "cloudwatch:ListDashboards", view.region.name
            gaps += _hiding(view)
            if not shown.compute:
                gaps.append(Gap.unread(operation, region, "DashboardElsewhere", shown.arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _hiding(view: View) -> tuple[Gap, ...]:
    """What may hide a metric on a dashboard."""
    found = view.region.all(Dashboard)
    opaque = (each for each in found if each.hides_metrics)
    operation, region = "cloudwatch:GetDashboard", view.region.name
    gaps = (Gap.unread(operation, region, "WidgetNotUnderstood", each.arn) for each in opaque)
    alarms = view.gaps(Alarm) if any(each.alarms for each in found) else ()
    return (*view.gaps(Dashboard), *gaps, *alarms)


def _shown(view: View, place: Place) -> ShownPlace:
    compute, whole = [], []
    for dashboard in view.region.all(Dashboard):
        own = [each for each in _metrics(view, dashboard) if place.has(each)]
        if any(_is_of_hosts(each) for each in own):
            compute.append(dashboard.name)
            if any(_is_of_model(each) for each in own):
                whole.append(dashboard.name)
    return ShownPlace(
        arn=place.placement.endpoint.arn,
        words=place.words,
        compute=tuple(compute),
        whole=tuple(whole),
        idle=bool(place_is_idle(view, place)),
    )


def _metrics(view: View, dashboard: Dashboard) -> Iterator[WatchedMetric]:
    yield from dashboard.shows
    for arn in dashboard.alarms:
        alarm = view.region.get(Alarm, arn)
        yield from alarm.watches if alarm else ()


def _is_of_hosts(metric: WatchedMetric) -> bool:
    if metric.name == ANY:
        return metric.namespace == _HOSTS
    return bool(COMPUTE.search(metric.name)) and not _MONITORED.fullmatch(metric.namespace)


def _is_of_model(metric: WatchedMetric) -> bool:
    return bool(_MONITORED.fullmatch(metric.namespace)) or speaks_of_model(metric)
