"""What stands before the public interfaces of endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import ApiMethod, ApiStage, Endpoint, Function
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class PublicInterface:
    """A stage of a public API by which anybody may reach an endpoint of a workload.

    Attributes:
        arn: The stage.
        words: It in words.
        firewall: Whether a web ACL stands before it.
    """

    arn: str
    words: str
    firewall: bool


@provider
def public_interfaces(view: View) -> Evidence[PublicInterface]:
    """The stages of REST APIs that lead to an endpoint, by a function or not.

    An endpoint answers nobody without a signature. A function that calls one and that no REST API
    leads to may be behind another interface, such as its URL or a load balancer: a gap.
    """
    items: dict[str, PublicInterface] = {}
    gaps = list(view.gaps(Endpoint, Function, ApiMethod, ApiStage))
    led_to = {each.leads_to for each in view.region.all(ApiMethod)}
    for endpoint in view.items(Endpoint):
        calling = {
            each.arn for each in view.region.all(Function) if endpoint.name in each.endpoint_names
        }
        for found in _in_front(view, {endpoint.name, *calling}) if endpoint.serving else ():
            items[found.arn] = found
        if endpoint.serving:
            gaps += [_unread(view, arn) for arn in sorted(calling - led_to)]
    return Evidence(tuple(items.values()), tuple(dict.fromkeys(gaps)))


def _in_front(view: View, targets: set[str]) -> Iterator[PublicInterface]:
    public = [each for each in view.region.all(ApiMethod) if not each.private]
    apis = {
        each.arn.partition("/resources/")[0]: each.api
        for each in public
        if each.leads_to in targets
    }
    for stage in view.region.all(ApiStage):
        if stage.api_arn in apis:
            words = f"stage {stage.name} of API {apis[stage.api_arn]}"
            yield PublicInterface(stage.arn, words, stage.firewall)


def _unread(view: View, arn: str) -> Gap:
    return Gap.unread("apigateway:GetResources", view.region.name, "FrontNotRead", arn)
