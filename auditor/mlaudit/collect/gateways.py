"""Collect the methods of REST APIs that lead to endpoints, and what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import ApiMethod, ApiStage, Endpoint

_ALLOWED = "apigateway:GET"
_PAGE = ("limit", 500)
GET_APIS = Operation("apigateway", "GetRestApis", "items", "position", "position", _PAGE, _ALLOWED)
GET_RESOURCES = Operation(
    "apigateway", "GetResources", "items", "position", "position", _PAGE, _ALLOWED
)
GET_VALIDATORS = Operation(
    "apigateway", "GetRequestValidators", "items", "position", "position", _PAGE, _ALLOWED
)
GET_STAGES = Operation("apigateway", "GetStages", iam=_ALLOWED)

_LEADS_TO = re.compile(
    r":runtime\.sagemaker:path/+endpoints/(?P<endpoint>[^/]+)/"
    r"|/functions/(?P<function>arn:[^/]+?:function:[^:/]+)"
)


@collector(GET_APIS, GET_RESOURCES, GET_VALIDATORS)
def api_methods(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[ApiMethod]:
    """Methods that call SageMaker or a function; asked for only where an endpoint serves."""
    serving = [each for each in endpoints if each.serving]
    if not serving:
        return
    partition = serving[0].arn.split(":")[1]

    def fetch(api: Record) -> list[ApiMethod]:
        root = f"arn:{partition}:apigateway:{reader.region}::/restapis/{api['id']}"
        listed = list(reader.items(GET_RESOURCES, root, restApiId=api["id"], embed=["methods"]))
        found = list(_methods(listed))
        bound = [method for _, _, method, _ in found if method.get("requestValidatorId")]
        validators = reader.items(GET_VALIDATORS, root, restApiId=api["id"]) if bound else iter(())
        strict = {each["id"] for each in validators if each.get("validateRequestBody")}
        return [
            ApiMethod(
                arn=f"{root}/resources/{resource['id']}/methods/{verb}",
                region=reader.region,
                api=api.get("name", api["id"]),
                verb=verb,
                path=resource.get("path", ""),
                leads_to=target,
                checks_body=method.get("requestValidatorId") in strict
                and bool(method.get("requestModels")),
                private=_is_private(api),
            )
            for resource, verb, method, target in found
        ]

    for methods in reader.each(list(reader.items(GET_APIS)), fetch):
        yield from methods


def _methods(
    resources: Sequence[Record],
) -> Iterator[tuple[Record, str, Mapping[str, object], str]]:
    """The methods that lead to an endpoint or a function, with its name or ARN."""
    for resource in resources:
        for verb, method in (resource.get("resourceMethods") or {}).items():
            uri = (method.get("methodIntegration") or {}).get("uri") or ""
            found = _LEADS_TO.search(uri)
            if found:
                yield resource, verb, method, found["endpoint"] or found["function"]


def _is_private(api: Record) -> bool:
    return (api.get("endpointConfiguration") or {}).get("types") == ["PRIVATE"]


@collector(GET_STAGES)
def api_stages(reader: Reader, methods: Sequence[ApiMethod]) -> Iterator[ApiStage]:
    """The stages of the APIs that lead to endpoints or functions."""
    roots = sorted({each.arn.partition("/resources/")[0] for each in methods})

    def fetch(root: str) -> list[ApiStage]:
        record = reader.one(GET_STAGES, root, restApiId=root.rpartition("/")[2])
        return [
            ApiStage(
                arn=f"{root}/stages/{each['stageName']}",
                region=reader.region,
                api_arn=root,
                name=each["stageName"],
                firewall=bool(each.get("webAclArn")),
            )
            for each in record["item"]
        ]

    for stages in reader.each(roots, fetch):
        yield from stages
