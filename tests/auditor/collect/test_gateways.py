"""What becomes of replies about REST APIs in front of endpoints."""

from typing import Any

import pytest

from mlaudit.collect.gateways import api_methods, api_stages
from mlaudit.model import Gap, GapReason
from mlaudit.resources import ApiMethod, ApiStage, Endpoint
from mlaudit.testing import build

ENDPOINT = build(Endpoint, "e")
SAGEMAKER = "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path/endpoints/e/invocations"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:score"
LAMBDA = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}:v1/invocations"
APIS = {"items": [{"id": "a1", "name": "scoring"}]}
STRICT = {"items": [{"id": "v1", "validateRequestBody": True}, {"id": "v2"}]}
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)


def resources(uri: str | None, validator: str | None, model: str | None) -> dict[str, Any]:
    method: dict[str, Any] = {"methodIntegration": {"uri": uri} if uri else {}}
    method |= {"requestValidatorId": validator} if validator else {}
    method |= {"requestModels": {"application/json": model}} if model else {}
    return {"items": [{"id": "r1", "path": "/", "resourceMethods": {"POST": method}}]}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((SAGEMAKER, "v1", "Request"), [("e", True)]),
        ((SAGEMAKER, "v1", None), [("e", False)]),
        ((SAGEMAKER, "v2", "Request"), [("e", False)]),
        ((SAGEMAKER, None, "Request"), [("e", False)]),
        ((LAMBDA, "v1", "Request"), [(FUNCTION, True)]),
        (("http://example.org", "v1", "Request"), []),
        ((None, "v1", "Request"), []),
    ],
)
def test_a_method_tells_what_it_leads_to_and_checks(
    asked: tuple[str | None, str | None, str | None],
    expected: list[tuple[str, bool]],
    reader_of: Any,
    answers: Any,
) -> None:
    listed = resources(*asked)
    api = answers(GetRestApis=APIS, GetResources=listed, GetRequestValidators=STRICT)
    found = list(api_methods.run(reader_of(api), [ENDPOINT]))
    kept = [each for each in found if isinstance(each, ApiMethod)]
    assert [(each.leads_to, each.checks_body) for each in kept] == expected


def test_an_api_that_is_denied_is_a_gap_of_its_own(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(GetRestApis=APIS, GetResources=DENIED))
    assert list(api_methods.run(reader, [ENDPOINT])) == []
    assert [gap.subject for gap in reader.ledger.gaps] == [
        "arn:aws:apigateway:eu-west-1::/restapis/a1"
    ]


def test_nothing_is_asked_where_nothing_serves(reader_of: Any, answers: Any) -> None:
    api = answers(GetRestApis=APIS)
    broken = build(Endpoint, "e", status="Failed")
    assert list(api_methods.run(reader_of(api), [broken])) == []
    assert api.asked == []


@pytest.mark.parametrize(("types", "private"), [(["PRIVATE"], True), (["REGIONAL"], False)])
def test_an_api_is_private_or_not(
    types: list[str], *, private: bool, reader_of: Any, answers: Any
) -> None:
    apis = {"items": [{"id": "a1", "endpointConfiguration": {"types": types}}]}
    api = answers(GetRestApis=apis, GetResources=resources(SAGEMAKER, None, None))
    (found,) = api_methods.run(reader_of(api), [ENDPOINT])
    assert isinstance(found, ApiMethod)
    assert found.private is private


ROOT = "arn:aws:apigateway:eu-west-1::/restapis/a1"
METHODS = [build(ApiMethod, arn=f"{ROOT}/resources/r/methods/{verb}") for verb in ("GET", "POST")]


def test_a_stage_tells_of_its_web_acl(reader_of: Any, answers: Any) -> None:
    stages = [{"stageName": "live", "webAclArn": "arn:aws:wafv2:x"}, {"stageName": "dev"}]
    api = answers(GetStages={"item": stages})
    found = list(api_stages.run(reader_of(api), METHODS))
    assert [asked["restApiId"] for _, asked in api.asked] == ["a1"]
    kept = [each for each in found if isinstance(each, ApiStage)]
    assert [(each.api_arn, each.name, each.firewall) for each in kept] == [
        (ROOT, "live", True),
        (ROOT, "dev", False),
    ]
    assert kept[0].arn == f"{ROOT}/stages/live"


def test_stages_that_are_denied_are_a_gap_of_their_api(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(GetStages=DENIED))
    assert list(api_stages.run(reader, METHODS)) == []
    assert [gap.subject for gap in reader.ledger.gaps] == [ROOT]
