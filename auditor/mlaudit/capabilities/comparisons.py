"""Versions side by side on live traffic: by a copy of it, or by a share of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import placement_gaps, placements
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import (
    Deployment,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    ShadowTest,
    Traffic,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class ShadowUse:
    """A shadow of what serves, or an endpoint without one.

    Attributes:
        arn: The endpoint or the shadow test.
        words: What was seen, in words.
        present: Whether there is a shadow.
        compared: Whether it got traffic in the window and what it answers is kept.
        at: When it last got any.
    """

    arn: str
    words: str
    present: bool
    compared: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class TrafficSplit:
    """How one endpoint shares its traffic between its variants.

    Attributes:
        arn: The endpoint.
        name: Its name.
        weighted: The variants that get a share.
        answered: Those of them that answered requests in the window, each with its own metrics.
        at: When one of them last did.
    """

    arn: str
    name: str
    weighted: tuple[str, ...]
    answered: tuple[str, ...]
    at: datetime | None


_RAN = frozenset({"Running", "Stopping", "Completed"})


@provider
def shadow_uses(view: View) -> Evidence[ShadowUse]:
    """Shadow tests of the window, and the endpoints that serve with and without a shadow."""
    items = [
        ShadowUse(
            arn=test.arn,
            words=f"shadow test {test.name} with {test.sampling_percent} % of the traffic "
            f"is {test.status.lower()}",
            present=True,
            compared=test.status in _RAN and test.sampling_percent > 0,
            at=test.ended_at or test.started_at,
        )
        for test in view.items(ShadowTest)
    ]
    uncounted: list[Gap] = []
    for endpoint, config in _serving(view):
        traffic = _traffic(view, endpoint)
        shadows = ", ".join(each.name for each in config.shadow_variants)
        kept = bool(config.data_capture and config.data_capture.enabled)
        if shadows and kept and not traffic and view.gaps(Traffic):
            uncounted += view.gaps(Traffic)
            continue
        words = f"endpoint {endpoint.name} " + (
            f"copies its traffic to {shadows}" if shadows else "has no shadow"
        )
        if shadows and not kept:
            words += " and keeps no answers"
        compared = bool(shadows and kept and traffic)
        at = max((each.last_at for each in traffic if each.last_at), default=None)
        items.append(ShadowUse(endpoint.arn, words, bool(shadows), compared, at))
    gaps = (*placement_gaps(view), *view.gaps(ShadowTest), *uncounted)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@provider
def traffic_splits(view: View) -> Evidence[TrafficSplit]:
    """The shares of every endpoint that serves.

    Where several endpoints serve, or several components on one, a program may share requests
    between them, which AWS does not tell: a gap.
    """
    items, gaps = [], list(placement_gaps(view))
    serving = tuple(_serving(view))
    for endpoint, _ in serving:
        deployment = view.region.get(Deployment, f"{endpoint.arn}#deployment")
        if deployment is None:
            gaps += view.gaps(Deployment) or [_unread(view, "WeightsNotKnown", endpoint)]
            continue
        weighted = tuple(sorted(name for name, share in deployment.weights.items() if share > 0))
        traffic = [each for each in _traffic(view, endpoint) if each.variant_name in weighted]
        if len(weighted) > 1 and len(traffic) < len(weighted) and view.gaps(Traffic):
            gaps += view.gaps(Traffic)
            continue
        answered = tuple(sorted(each.variant_name for each in traffic))
        at = max((each.last_at for each in traffic if each.last_at), default=None)
        items.append(TrafficSplit(endpoint.arn, endpoint.name, weighted, answered, at))
    components = view.region.by(InferenceComponent, "endpoint_arn")
    gaps += view.gaps(Deployment, InferenceComponent)
    gaps += [
        _unread(view, "RoutingNotRead", endpoint)
        for endpoint, _ in serving
        if len(serving) > 1 or len(components.get(endpoint.arn, ())) > 1
    ]
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _unread(view: View, code: str, endpoint: Endpoint) -> Gap:
    return Gap.unread("sagemaker:DescribeEndpoint", view.region.name, code, endpoint.arn)


def _serving(view: View) -> Iterator[tuple[Endpoint, EndpointConfig]]:
    found = {each.endpoint.arn: (each.endpoint, each.config) for each in placements(view)}
    yield from found.values()


def _traffic(view: View, endpoint: Endpoint) -> list[Traffic]:
    """The variants of an endpoint that answered requests in the window."""
    counted = view.region.by(Traffic, "endpoint_arn").get(endpoint.arn, ())
    return [each for each in counted if each.requests > 0]
