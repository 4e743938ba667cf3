"""Switching between versions: in production, and in the environment beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.delivery import Delivery, deliveries, is_apart
from mlaudit.capabilities.rollouts import WayBack, ways_back
from mlaudit.capabilities.serving import placements, running_components
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import Endpoint, Model
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Switch:
    """A place where versions can be switched.

    Attributes:
        arn: The endpoint, the component or the delivery pipeline.
        words: It in words.
        switched_at: When the window last saw it serve another version; ``None`` where it did not.
        choice: What else it could serve, in words; ``None`` for nothing.
    """

    arn: str
    words: str
    switched_at: datetime | None
    choice: str | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.switched_at)


@dataclass(frozen=True, slots=True)
class ProductionSwitch:
    """A place of production."""

    switch: Switch


@dataclass(frozen=True, slots=True)
class StagingSwitch:
    """A place of the environment beside production."""

    switch: Switch


@provider
def production_switches(view: View) -> Evidence[ProductionSwitch]:
    """What serves on endpoints that no name or tag calls something else than production."""
    found = view.once(_switches)
    items = tuple(ProductionSwitch(each.switch) for each in found.items if not each.apart)
    gaps = found.gaps
    if found.items and not items:
        gaps += (_elsewhere(view, found.items[0].switch.arn),)
    return Evidence(items, gaps)


@provider
def staging_switches(view: View) -> Evidence[StagingSwitch]:
    """The same for other environments, and deliveries that pass one before production.

    Where production is in sight and nothing beside it, the other environment may be in another
    account, or reached by a tool of its own: a gap.
    """
    found, delivered = view.once(_switches), view.once(deliveries)
    items = [StagingSwitch(each.switch) for each in found.items if each.apart]
    items += [
        StagingSwitch(_delivered(each))
        for each in delivered.items
        if each.staging and _brought_what_serves(view, each)
    ]
    gaps = (*found.gaps, *delivered.gaps)
    if found.items and not items:
        gaps += (_elsewhere(view, found.items[0].switch.arn),)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class _Placed:
    switch: Switch
    apart: bool


def _switches(view: View) -> Evidence[_Placed]:
    """Everything that serves, but for what an update may or may not have given another version."""
    ways = view.once(ways_back)
    serves = dict(_serving(view))
    items, untold = [], []
    for way in ways.items:
        endpoint, since, models = serves[way.rollout.arn]
        newer = any(each.created_at > since for each in models)
        if way.rollout.updated_at and not newer:
            untold.append(_gap(view, "SwitchNotTold", way.rollout.arn))
            continue
        items.append(_Placed(_switch(way), apart=_is_apart(endpoint)))
    return Evidence(tuple(items), (*ways.gaps, *untold))


def _switch(way: WayBack) -> Switch:
    rollout = way.rollout
    several = len(rollout.weighted) > 1
    choice = f"variants {', '.join(rollout.weighted)}" if several else way.earlier
    return Switch(rollout.arn, rollout.words, rollout.updated_at, choice)


def _serving(view: View) -> Iterator[tuple[str, tuple[Endpoint, datetime, list[Model]]]]:
    """For what serves: its endpoint, since when it is there, and its models that are in sight."""
    models = view.region.by(Model, "name")
    for place in placements(view):
        endpoint = place.endpoint
        names = [each.model_name or "" for each in place.config.variants]
        mine = [model for name in names for model in models.get(name, ())]
        yield endpoint.arn, (endpoint, endpoint.created_at, mine)
        for each in running_components(view, endpoint):
            own = list(models.get(each.model_name or "", ()))
            yield each.arn, (endpoint, each.created_at, own)


_SAYS_WHERE = frozenset({"deployment-stage", "env", "environment", "stage"})


def _is_apart(endpoint: Endpoint) -> bool:
    told = [value for key, value in endpoint.tags.items() if key.lower() in _SAYS_WHERE]
    return is_apart(*(told or [endpoint.name]))


def _brought_what_serves(view: View, delivery: Delivery) -> bool:
    moments = {model.created_at for _, (_, _, models) in _serving(view) for model in models}
    moments |= {place.config.created_at for place in placements(view)}
    return delivery.brought(*moments)


def _delivered(delivery: Delivery) -> Switch:
    where = ", ".join(each.words for each in delivery.staging)
    words = f"{where} of {delivery.words}"
    return Switch(delivery.pipeline.arn, words, delivery.runs[0].ended_at, None)


def _elsewhere(view: View, arn: str) -> Gap:
    return _gap(view, "OtherEnvironmentNotSeen", arn)


def _gap(view: View, code: str, arn: str) -> Gap:
    return Gap.unread("sagemaker:DescribeEndpoint", view.region.name, code, arn)
