"""Endpoints that answer later: who hears of their errors, and what wakes them."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import Placement, scalings
from mlaudit.evidence import Evidence
from mlaudit.resources import Alarm, ScalingPolicy
from mlaudit.resources.monitoring import ANY
from mlaudit.sight import View

WAKING = "HasBacklogWithoutCapacity"
"""The metric that tells of a request while there is no instance."""


@dataclass(frozen=True, slots=True)
class QueuedVariant:
    """A variant of an asynchronous endpoint.

    Attributes:
        placement: The variant.
        sleeps: Whether it may scale down to no instance.
        wakes: Whether an alarm on the first waiting request may scale it up again.
    """

    placement: Placement
    sleeps: bool
    wakes: bool

    @property
    def tells(self) -> bool:
        """Whether a topic hears of what fails."""
        return self.placement.config.error_topic


@provider
def queued_variants(view: View) -> Evidence[QueuedVariant]:
    """The variants of asynchronous endpoints; none where alarms could not be seen."""
    seen = view.once(scalings)
    gaps = tuple(dict.fromkeys((*seen.gaps, *view.gaps(Alarm))))
    items = (
        QueuedVariant(each.placement, sleeps=each.minimum == 0, wakes=_wakes(view, each.placement))
        for each in seen.items
        if each.placement.config.asynchronous
    )
    return Evidence(tuple(items) if view.sees(Alarm) else (), gaps)


def _wakes(view: View, placement: Placement) -> bool:
    """Whether an alarm on waiting requests acts by a policy of the variant."""
    name = placement.endpoint.name
    resource_id = f"endpoint/{name}/variant/{placement.variant.name}"
    policies = {
        each.arn for each in view.region.by(ScalingPolicy, "resource_id").get(resource_id, ())
    }
    return any(
        policies & {*alarm.actions}
        for alarm in view.region.all(Alarm)
        for metric in alarm.watches
        if metric.name == WAKING and metric.dimensions.get("EndpointName") in {name, ANY}
    )
