"""Take an endpoint out of service once another serves in its place."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.capabilities.serving import running_components
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.resources import (
    Endpoint,
    Function,
    InferenceComponent,
    MonitoringSchedule,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)
from mlaudit.sight import View

_NEEDED = (
    Endpoint,
    Function,
    InferenceComponent,
    MonitoringSchedule,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
)
"""What must be seen: anything of it that is not may still need the endpoint, or go with it."""


def cut_over(sight: Sight) -> Iterator[Change]:
    """Delete endpoints that were chosen to go; their configurations and models stay.

    What scales one is taken off first, so that it comes back with the endpoint.
    """
    view = sight.view
    known = view.region.by(Endpoint, "name")
    own = {each.name: each for each in view.items(Endpoint)}
    for old, new in sorted(sight.choices.replaced_by.items()):
        follows = [each for each in known.get(new, ()) if each.status == "InService"]
        if old in own and old != new and follows and _can_go(view, own[old]):
            yield from _scaling(view, own[old])
            yield _deletion(view, own[old], new)


def _can_go(view: View, endpoint: Endpoint) -> bool:
    """Whether it stands still and nothing seen needs it; what may need it unseen counts too."""
    if endpoint.status != "InService" or not view.sees(*_NEEDED):
        return False
    callers = view.lineage.into(endpoint.arn, Function)
    return not (
        callers
        or running_components(view, endpoint)
        or view.region.by(MonitoringSchedule, "endpoint_name").get(endpoint.name)
        or any(each.resource_id in _scaled(endpoint) for each in view.region.all(ScheduledScaling))
    )


def _scaled(endpoint: Endpoint) -> set[str]:
    """What Application Auto Scaling calls the variants of an endpoint."""
    return {f"endpoint/{endpoint.name}/variant/{each}" for each in endpoint.variant_names}


def _scaling(view: View, endpoint: Endpoint) -> Iterator[Change]:
    mine = _scaled(endpoint)
    for policy in view.region.all(ScalingPolicy):
        if policy.resource_id in mine:
            key = _key(policy.resource_id, policy.dimension)
            about = f"take scaling policy {policy.name} off endpoint {endpoint.name}"
            yield _gone(
                endpoint,
                "application-autoscaling.policy",
                {**key, "PolicyName": policy.name},
                about,
            )
    for target in view.region.all(ScalableTarget):
        if target.resource_id in mine:
            key = _key(target.resource_id, target.dimension)
            about = f"let nothing scale endpoint {endpoint.name} any more"
            yield _gone(endpoint, "application-autoscaling.target", key, about)


def _key(resource_id: str, dimension: str) -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": resource_id,
        "ScalableDimension": dimension,
    }


def _deletion(view: View, endpoint: Endpoint, new: str) -> Change:
    traffic = view.region.by(Traffic, "endpoint_arn").get(endpoint.arn, ())
    last = max((each.last_at for each in traffic if each.last_at), default=None)
    asked = f"it last answered a request on {last:%Y-%m-%d}" if last else "no request was seen"
    about = (
        f"delete endpoint {endpoint.name}, in whose place {new} serves; {asked}; its configuration "
        "and its models stay"
    )
    return _gone(endpoint, "sagemaker.endpoint", {"EndpointName": endpoint.name}, about)


def _gone(endpoint: Endpoint, kind: str, key: dict[str, str], about: str) -> Change:
    return Change(
        kind=kind,
        key=key,
        region=endpoint.region,
        scope=endpoint.arn,
        about=about,
        patch=None,
    )
