"""How many instances scaling may ask for, and how many the account may start."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import Placement, placement_gaps, placements
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import InstanceQuota, ScalableTarget
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Headroom:
    """One type of instances that serves.

    Attributes:
        arn: The quota.
        instance_type: The type.
        wanted: How many all endpoints together may scale out to.
        allowed: How many the account may start.
    """

    arn: str
    instance_type: str
    wanted: int
    allowed: int

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.instance_type}: {fact}")


@provider
def headroom(view: View) -> Evidence[Headroom]:
    """Each type of instances that serves in the region, where all that scales was seen.

    A quota that is not told, and a variant on a mix of types, are gaps.
    """
    gaps = [*placement_gaps(view), *view.gaps(ScalableTarget, InstanceQuota)]
    wanted: Counter[str] = Counter()
    for each in placements(view):
        if each.variant.instance_type and not each.serverless:
            wanted[each.variant.instance_type] += _most(view, each)
        elif not each.serverless:
            gaps.append(_not_told(view, each.endpoint.arn))
    quotas = view.region.by(InstanceQuota, "instance_type")
    told = view.sees(InstanceQuota)
    gaps += [_not_told(view, each) for each in wanted if each not in quotas and told]
    items = [
        Headroom(quota.arn, instance_type, wanted[instance_type], quota.allowed)
        for instance_type in sorted(wanted)
        for quota in quotas.get(instance_type, ())
    ]
    seen = view.sees(ScalableTarget)
    return Evidence(tuple(items) if seen else (), tuple(dict.fromkeys(gaps)))


def _most(view: View, placement: Placement) -> int:
    """How many instances a variant may have."""
    variant, name = placement.variant, placement.endpoint.name
    if variant.managed_scaling:
        return max(variant.managed_max or 0, variant.instance_count or 0)
    resource_id = f"endpoint/{name}/variant/{variant.name}"
    targets = view.region.by(ScalableTarget, "resource_id").get(resource_id, ())
    return max((each.maximum for each in targets), default=variant.instance_count or 0)


def _not_told(view: View, subject: str) -> Gap:
    operation = "service-quotas:ListServiceQuotas"
    return Gap.unread(operation, view.region.name, "QuotaNotTold", subject)
