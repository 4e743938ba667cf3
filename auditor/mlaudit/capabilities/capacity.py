"""Capacity that is paid for by the hour: how much of it there is, what it costs and who asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.alarms import Place, place_gaps, places
from mlaudit.capabilities.serving import Placement, Scaling, rules_of, scalings
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.prices import hosting_cents_a_month, in_words
from mlaudit.resources import (
    InferenceComponent,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class PaidVariant:
    """A variant on instances of its own, with what it costs while nobody asks it.

    Attributes:
        placement: The variant.
        least: How many instances it keeps when nobody asks it.
        cents_a_month: What these cost by list prices; ``None`` where no price is known.
        requests: Requests it answered in the window.
        last_at: When it last answered one.
        since: When it came to be as it is.
        counted_from: The start of the window.
        counted_to: Its end.
    """

    placement: Placement
    least: int
    cents_a_month: int | None
    requests: float
    last_at: datetime | None
    since: datetime
    counted_from: datetime
    counted_to: datetime

    @property
    def fleet(self) -> str:
        """Its machines in words."""
        return f"{self.least} x {self.placement.variant.instance_type or 'a mix of instances'}"

    @property
    def cost(self) -> str:
        """What its machines cost a month, in words."""
        return in_words(self.cents_a_month)

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return self.placement.observed(grade, fact, self.last_at)


@provider
def paid_variants(view: View) -> Evidence[PaidVariant]:
    """Every serving variant on instances whose requests were counted.

    What answers asynchronously or by components of its own is not counted by variant, so that
    without a request it is not known to be idle.
    """
    seen = view.once(scalings)
    items, unseen = [], []
    for scaling in seen.items:
        if scaling.placement.serverless:
            continue
        found = _paid(view, scaling)
        if isinstance(found, Gap):
            unseen.append(found)
        else:
            items.append(found)
    gaps = dict.fromkeys((*seen.gaps, *view.gaps(Traffic), *unseen))
    return Evidence(tuple(items), tuple(gaps))


def _paid(view: View, scaling: Scaling) -> PaidVariant | Gap:
    placement = scaling.placement
    endpoint, variant = placement.endpoint, placement.variant
    least = least_instances(scaling)
    counted = view.region.get(Traffic, f"{endpoint.arn}#{variant.name}")
    elsewhere = placement.config.asynchronous or variant.model_name is None
    if least and (counted is None or (elsewhere and not counted.requests)):
        operation, reason = "cloudwatch:GetMetricData", GapReason.NOT_ASKED
        name = view.region.name
        return Gap(operation, name, "RequestsNotCounted", reason, None, endpoint.arn)
    return PaidVariant(
        placement=placement,
        least=least,
        cents_a_month=hosting_cents_a_month(variant.instance_type, least),
        requests=counted.requests if counted else 0.0,
        last_at=counted.last_at if counted else None,
        since=max(endpoint.created_at, placement.config.created_at),
        counted_from=view.window.start,
        counted_to=view.window.end,
    )


def least_instances(scaling: Scaling) -> int:
    """How many instances a variant keeps; of components, scaling counts copies and no instances."""
    variant = scaling.placement.variant
    if scaling.minimum is None:
        return variant.managed_min or 0
    return scaling.minimum if variant.model_name else variant.instance_count or 0


@dataclass(frozen=True, slots=True)
class ScaledUnit:
    """What scales on its own: a variant on instances with a model, or a component.

    Attributes:
        arn: The endpoint.
        words: It in words.
        rules: What scales it, in words; ``None`` where nothing is set up.
        hindrance: What keeps what is set up from acting, in words; ``None`` for nothing.
    """

    arn: str
    words: str
    rules: str | None
    hindrance: str | None


@provider
def scaled_units(view: View) -> Evidence[ScaledUnit]:
    """Everything on instances, component by component; none where scaling could not be seen."""
    gaps = dict.fromkeys((*place_gaps(view), *view.gaps(*_SCALING)))
    if not view.sees(*_SCALING, InferenceComponent):
        return Evidence((), tuple(gaps))
    items = (_unit(view, each) for each in places(view) if not each.placement.serverless)
    return Evidence(tuple(items), tuple(gaps))


_SCALING = (ScalableTarget, ScalingPolicy, ScheduledScaling)


def _unit(view: View, place: Place) -> ScaledUnit:
    placement, arn = place.placement, place.placement.endpoint.arn
    if placement.variant.managed_scaling and place.component is None:
        alone = "it holds no component that could ask for more"
        return ScaledUnit(arn, place.words, "managed instance scaling", alone)
    if place.component is not None:
        resource_id = f"inference-component/{place.component.name}"
    else:
        resource_id = f"endpoint/{placement.endpoint.name}/variant/{placement.variant.name}"
    targets = view.region.by(ScalableTarget, "resource_id").get(resource_id, ())
    if not targets:
        return ScaledUnit(arn, place.words, None, None)
    told = [(rules_of(view, each), _hindrance(view, each)) for each in targets]
    rules, hindrance = min(told, key=lambda each: each[1] or "")
    return ScaledUnit(arn, place.words, rules or "a scalable target", hindrance)


def _hindrance(view: View, target: ScalableTarget) -> str | None:
    if target.suspended:
        return "it is suspended"
    if rules_of(view, target) is None:
        return "it has no policy and no schedule"
    if target.minimum >= target.maximum:
        return f"it may only be {target.maximum}"
    return None
