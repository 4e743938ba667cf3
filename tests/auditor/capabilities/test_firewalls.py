"""What stands before the public interfaces of endpoints."""

from typing import Any

import pytest

from mlaudit.capabilities.firewalls import public_interfaces
from mlaudit.model import Gap
from mlaudit.resources import ApiMethod, ApiStage, Function, Resource
from mlaudit.testing import REGION, build, gap, serving, view_of

API = f"arn:aws:apigateway:{REGION}::/restapis/a1"
CALLS = build(Function, "f", endpoint_names=("e",))


def method(leads_to: str = "e", **values: Any) -> ApiMethod:
    arn = f"{API}/resources/r/methods/POST"
    return build(ApiMethod, arn=arn, api="scoring", leads_to=leads_to, **values)


def stage(*, firewall: bool = False) -> ApiStage:
    return build(ApiStage, "live", arn=f"{API}/stages/live", api_arn=API, firewall=firewall)


FRONTS: dict[str, tuple[tuple[Resource, ...], list[bool]]] = {
    "a stage with a web ACL": ((method(), stage(firewall=True)), [True]),
    "a stage without": ((method(), stage()), [False]),
    "a stage before a function": ((CALLS, method(CALLS.arn), stage()), [False]),
    "a stage before another endpoint": ((method("other"), stage()), []),
    "a private API": ((method(private=True), stage()), []),
    "an API without a stage": ((method(),), []),
    "nothing": ((), []),
}


@pytest.mark.parametrize(("resources", "expected"), FRONTS.values(), ids=FRONTS)
def test_stages_that_lead_to_an_endpoint_have_a_web_acl_or_not(
    resources: tuple[Resource, ...], expected: list[bool]
) -> None:
    found = public_interfaces(view_of(*serving("e"), *resources))
    assert ([each.firewall for each in found.items], found.gaps) == (expected, ())


def test_a_function_that_no_api_leads_to_may_be_behind_another_interface() -> None:
    unread = Gap.unread("apigateway:GetResources", REGION, "FrontNotRead", CALLS.arn)
    assert public_interfaces(view_of(*serving("e"), CALLS)).gaps == (unread,)


def test_what_does_not_serve_is_not_asked() -> None:
    idle = serving("e", endpoint={"status": "Failed"})
    found = public_interfaces(view_of(*idle, CALLS, method(), stage()))
    assert (found.items, found.gaps) == ((), ())


@pytest.mark.parametrize("operation", ["apigateway:GetStages", "apigateway:GetRestApis"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    denied = gap(operation)
    assert denied in public_interfaces(view_of(*serving("e"), gaps=[denied])).gaps
