"""The API lets through what the model takes, and tells apart what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft4Validator

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.serving import requests
from mlaudit_reference.templates.serving.api import STACK
from mlaudit_reference.templates.stacks import stacks_of

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

RECORD = {
    "application_id": "a-1",
    "income": 52_000,
    "debt_ratio": 0.31,
    "loan_amount": 9000.5,
    "months_employed": None,
    "open_accounts": 3,
    "purpose": "car",
    "housing": None,
    "region": "north",
}


@pytest.fixture
def manifest(make: Make) -> Callable[..., Manifest]:
    """Make a manifest with an API."""
    return lambda **settings: make(
        profile="production", targets=["realtime"], realtime={"api": True, **settings}
    )


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"application_id": 17}, True),
        ({"note": "what else there is"}, True),
        ({"income": "much"}, False),
        ({"income": True}, False),
        ({"purpose": 4}, False),
        ({"application_id": None}, False),
        ({"application_id": ""}, False),
    ],
)
def test_records_are_checked_field_by_field(
    make: Make, changes: dict[str, Any], *, fits: bool
) -> None:
    body = {"instances": [RECORD, {**RECORD, **changes}]}
    assert Draft4Validator(requests.schema(make())).is_valid(body) is fits


@pytest.mark.parametrize("field", RECORD)
def test_no_field_may_be_left_out(make: Make, field: str) -> None:
    short = {name: value for name, value in RECORD.items() if name != field}
    assert not Draft4Validator(requests.schema(make())).is_valid({"instances": [short]})


@pytest.mark.parametrize(
    "body",
    [{}, [], {"instances": []}, {"instances": [RECORD] * 101}, {"instances": [RECORD], "x": 1}],
)
def test_a_body_is_a_list_of_records_that_is_not_too_long(make: Make, body: Any) -> None:
    assert not Draft4Validator(requests.schema(make())).is_valid(body)


@pytest.mark.parametrize(
    ("auth", "expected", "keys"), [("iam", ("AWS_IAM", False), 0), ("key", ("NONE", True), 1)]
)
def test_nobody_calls_it_unknown(
    manifest: Make, resources: Read, auth: str, expected: tuple[str, bool], keys: int
) -> None:
    made = manifest(auth=auth)
    (method,) = resources(STACK, made, "AWS::ApiGateway::Method").values()
    assert (method["AuthorizationType"], method["ApiKeyRequired"]) == expected
    assert len(resources(STACK, made, "AWS::ApiGateway::ApiKey")) == keys


def test_the_body_is_checked_before_the_model_is_asked(manifest: Make, resources: Read) -> None:
    made = manifest()
    (method,) = resources(STACK, made, "AWS::ApiGateway::Method").values()
    (validator,) = resources(STACK, made, "AWS::ApiGateway::RequestValidator").values()
    assert validator["ValidateRequestBody"] is True
    assert method["RequestValidatorId"] == {"Ref": "Validator"}
    assert method["RequestModels"] == {"application/json": {"Ref": "Request"}}
    # Any other type of content would pass unchecked.
    assert method["Integration"]["PassthroughBehavior"] == "NEVER"
    assert set(method["Integration"]["RequestTemplates"]) == {"application/json"}


@pytest.mark.parametrize(("tracing", "trace"), [(True, "xrayTraceId"), (False, "requestId")])
def test_the_container_is_told_the_trace(
    make: Make, resources: Read, trace: str, *, tracing: bool
) -> None:
    made = make(targets=["realtime"], realtime={"api": True}, monitoring={"tracing": tracing})
    (method,) = resources(STACK, made, "AWS::ApiGateway::Method").values()
    (stage,) = resources(STACK, made, "AWS::ApiGateway::Stage").values()
    template = method["Integration"]["RequestTemplates"]["application/json"]
    assert f'Custom-Attributes = "trace_id=$context.{trace}"' in template
    assert stage["TracingEnabled"] is tracing


def test_another_interface_is_another_deployment(make: Make, resources: Read) -> None:
    def deployed(**features: Any) -> set[str]:
        made = make(targets=["realtime"], realtime={"api": True}, features=features)
        return set(resources(STACK, made, "AWS::ApiGateway::Deployment"))

    assert deployed() == deployed()
    assert deployed() != deployed(numeric=["income"])


def test_requests_are_limited_and_never_written_down(manifest: Make, resources: Read) -> None:
    made = manifest(requests_per_second=7)
    (stage,) = resources(STACK, made, "AWS::ApiGateway::Stage").values()
    (settings,) = stage["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == 7
    assert settings["DataTraceEnabled"] is False
    assert "$context.xrayTraceId" in stage["AccessLogSetting"]["Format"]
    assert "body" not in stage["AccessLogSetting"]["Format"]


def test_the_firewall_lets_a_batch_of_records_through(manifest: Make, resources: Read) -> None:
    (firewall,) = resources(STACK, manifest(), "AWS::WAFv2::WebACL").values()
    groups = {
        each["Name"]: each["Statement"]["ManagedRuleGroupStatement"]
        for each in firewall["Rules"]
        if "ManagedRuleGroupStatement" in each["Statement"]
    }
    (counted,) = groups["AWSManagedRulesCommonRuleSet"]["RuleActionOverrides"]
    assert counted == {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}
    assert any("RateBasedStatement" in each["Statement"] for each in firewall["Rules"])


def test_there_is_no_api_without_an_endpoint_behind_it(make: Make) -> None:
    assert STACK not in stacks_of(make(targets=["batch"], realtime={"api": True}))
    assert STACK not in stacks_of(make(targets=["realtime"]))
