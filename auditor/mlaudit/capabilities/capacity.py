"""Capacity that is paid for by the hour: how much of it there is, what it costs and who asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import Placement, Scaling, scalings
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.prices import hosting_cents_a_month, price_list
from mlaudit.resources import Traffic
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
        if self.cents_a_month is None:
            return "at an unknown price"
        usd = self.cents_a_month / 100
        return f"for about {usd:.2f} USD a month at {price_list().region} list prices"

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
    least = _least(scaling)
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


def _least(scaling: Scaling) -> int:
    """How many instances stay; of components, scaling counts copies and no instances."""
    variant = scaling.placement.variant
    if scaling.minimum is None:
        return variant.managed_min or 0
    return scaling.minimum if variant.model_name else variant.instance_count or 0
