"""Interfaces for the world outside: API Gateway and the firewall before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, NAMELESS, Facet, Reading, Row, Tagging

# The paths under which the settings of methods are changed.
_SETTINGS: Mapping[str, str] = {
    "CacheDataEncrypted": "caching/dataEncrypted",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CachingEnabled": "caching/enabled",
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "MetricsEnabled": "metrics/enabled",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
}


def _patch(name: str, operation: str, path: str = "", *, later: bool = True) -> Facet:
    """Return the facet of a property that a patch changes, each part of it where it has parts."""
    where = path or f"/{name[0].lower()}{name[1:]}"

    def given(item: Any, _: Record) -> Record:
        return {"patchOperations": list(_replaced(where, item))}

    def taken(item: Any, _: Record) -> Record:
        if isinstance(item, dict):
            return {"patchOperations": [{"op": "remove", "path": where}]}
        return {"patchOperations": [{"op": "replace", "path": where, "value": ""}]}

    return Facet((name,), operation, operation, given, taken=taken, later=later, keep=True)


def _replaced(path: str, value: Any) -> Iterator[Record]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _replaced(f"{path}/{key[0].lower()}{key[1:]}", item)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield {"op": "replace", "path": path, "value": text}


def _settings(item: Any, _: Record) -> Record:
    operations: list[Record] = []
    for setting in item:
        path = setting.get("ResourcePath", "/*").lstrip("/")
        if path != "*" and not path.startswith("~1"):
            path = "~1" + path.replace("/", "~1")
        for name, where in _SETTINGS.items():
            if name in setting:
                target = f"/{path}/{setting.get('HttpMethod', '*')}/{where}"
                operations += _replaced(target, setting[name])
    return {"patchOperations": operations}


def _integration(item: Any, known: Record) -> Record:
    """Return an integration; the method it belongs to is spelled like the one it calls with."""
    given = {name: value for name, value in item.items() if name != "IntegrationResponses"}
    return {**given, "httpMethod": known["HttpMethod"]}


def _responses(account: Account, known: Record) -> None:
    """Set what an integration answers."""
    for each in (known.get("Integration") or {}).get("IntegrationResponses", []):
        own = {f"{name[0].lower()}{name[1:]}": value for name, value in each.items()}
        if "statusCode" in own:
            own["statusCode"] = str(own["statusCode"])
        names = {key: known[key] for key in ("restApiId", "resourceId", "httpMethod")}
        account.ask("apigateway", "PutIntegrationResponse", {**names, **own})


def _stages(item: Any, _: Record) -> Record:
    return {"patchOperations": [_stage("add", item)]}


def _stage(verb: str, item: Record) -> Record:
    return {"op": verb, "path": "/apiStages", "value": f"{item['ApiId']}:{item['Stage']}"}


def _logged(_: Account, properties: Record) -> Record:
    own = {name: value for name, value in properties.items() if name != NAME}
    return {"LoggingConfiguration": own, "ResourceArn": properties["ResourceArn"]}


def _gateway(kind: str, *names: str) -> Tagging:
    """Return the tagging of something of API Gateway, which is named by its path."""
    kinds = (kind, "stages")
    path = ", ".join(f"'/{part}/', {name}" for part, name in zip(kinds, names, strict=False))
    arn = f"join('', ['arn:aws:apigateway:', \"AWS::Region\", '::', {path}])"
    return Tagging("TagResource", "UntagResource", {"resourceArn": arn})


ROWS: Mapping[str, Row] = {
    "AWS::ApiGateway::Account": Row(
        service="apigateway",
        create="",
        update="",
        delete="",
        facets=(_patch("CloudWatchRoleArn", "UpdateAccount", "/cloudwatchRoleArn", later=False),),
    ),
    "AWS::ApiGateway::ApiKey": Row(
        service="apigateway",
        update="",
        shared=True,
        ref=("id",),
        attributes={"APIKeyId": "id", "apiKey": "id"},
        facets=(
            _patch("CustomerId", "UpdateApiKey"),
            _patch("Description", "UpdateApiKey"),
            _patch("Enabled", "UpdateApiKey"),
        ),
        tagging=_gateway("apikeys", "id"),
    ),
    "AWS::ApiGateway::Deployment": Row(
        service="apigateway",
        update="",
        ref=("deploymentId",),
        attributes={"deploymentId": "id"},
    ),
    "AWS::ApiGateway::Method": Row(
        service="apigateway",
        create="PutMethod",
        update="",
        delete="DeleteMethod",
        ref=("Id",),
        remade=True,
        facets=(
            Facet(("MethodResponses",), "PutMethodResponse", given=lambda each, _: each, each=True),
            Facet(("Integration",), "PutIntegration", given=_integration),
        ),
        finish=_responses,
    ),
    "AWS::ApiGateway::Model": Row(
        service="apigateway",
        update="",
        name="Name",
        ref=("name",),
        attributes={"modelName": "name"},
        remade=True,
    ),
    "AWS::ApiGateway::RequestValidator": Row(
        service="apigateway",
        update="",
        name=NAMELESS,
        ref=("requestValidatorId",),
        attributes={"requestValidatorId": "id"},
        facets=(
            _patch("ValidateRequestBody", "UpdateRequestValidator"),
            _patch("ValidateRequestParameters", "UpdateRequestValidator"),
        ),
    ),
    "AWS::ApiGateway::Resource": Row(
        service="apigateway", update="", ref=("resourceId",), attributes={"resourceId": "id"}
    ),
    "AWS::ApiGateway::RestApi": Row(
        service="apigateway",
        update="",
        names={"ApiKeySourceType": "apiKeySource"},
        ref=("restApiId",),
        attributes={"restApiId": "id", "RootResourceId": "rootResourceId"},
        ignored=("FailOnWarnings", "Mode"),
        facets=(
            Facet(
                ("Body",),
                "PutRestApi",
                given=lambda item, _: {"mode": "overwrite", "body": item},
                keep=True,
            ),
            _patch("ApiKeySourceType", "UpdateRestApi", "/apiKeySource"),
            _patch("Description", "UpdateRestApi"),
            _patch("DisableExecuteApiEndpoint", "UpdateRestApi"),
            _patch("MinimumCompressionSize", "UpdateRestApi"),
            _patch("Name", "UpdateRestApi"),
        ),
        tagging=_gateway("restapis", "id"),
    ),
    "AWS::ApiGateway::Stage": Row(
        service="apigateway",
        update="",
        ref=("stageName",),
        facets=(
            _patch("DeploymentId", "UpdateStage"),
            _patch("Description", "UpdateStage"),
            _patch("TracingEnabled", "UpdateStage"),
            _patch("Variables", "UpdateStage"),
            _patch("AccessLogSetting", "UpdateStage", "/accessLogSettings", later=False),
            Facet(("MethodSettings",), "UpdateStage", given=_settings, keep=True),
        ),
        tagging=_gateway("restapis", "restApiId", "stageName"),
    ),
    "AWS::ApiGateway::UsagePlan": Row(
        service="apigateway",
        update="",
        names={"UsagePlanName": "name"},
        name="UsagePlanName",
        ref=("usagePlanId",),
        attributes={"usagePlanId": "id"},
        facets=(
            _patch("Description", "UpdateUsagePlan"),
            _patch("Throttle", "UpdateUsagePlan"),
            _patch("Quota", "UpdateUsagePlan"),
            _patch("UsagePlanName", "UpdateUsagePlan", "/name"),
            Facet(
                ("ApiStages",),
                "UpdateUsagePlan",
                "UpdateUsagePlan",
                _stages,
                each=True,
                taken=lambda item, _: {"patchOperations": [_stage("remove", item)]},
                later=True,
                keep=True,
            ),
        ),
        tagging=_gateway("usageplans", "id"),
    ),
    "AWS::ApiGateway::UsagePlanKey": Row(
        service="apigateway",
        update="",
        reading=Reading("GetUsagePlanKey"),
        attributes={"Id": "join(':', [keyId, usagePlanId])"},
    ),
    "AWS::WAFv2::LoggingConfiguration": Row(
        service="wafv2",
        create="PutLoggingConfiguration",
        update="PutLoggingConfiguration",
        reshape=_logged,
        ignored=("ResourceArn",),
        reading=Reading("GetLoggingConfiguration", path="LoggingConfiguration"),
        overwrites=True,
        whole=True,
    ),
    "AWS::WAFv2::WebACL": Row(
        service="wafv2",
        attributes={"Arn": "ARN"},
        keys=("Name", "Scope", "Id"),
        tagging=Tagging("TagResource", "UntagResource", {"ResourceARN": "ARN"}),
        whole=True,
    ),
    "AWS::WAFv2::WebACLAssociation": Row(
        service="wafv2",
        create="AssociateWebACL",
        update="",
        delete="DisassociateWebACL",
    ),
}
