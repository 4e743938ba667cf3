"""Stack ``serving-api``: an API in front of the real-time endpoint that checks what comes in.

A request is refused by the firewall, by the limit on requests, by missing credentials, or because
its body is not what the model takes, before it costs the endpoint anything (guide item 8.1). The
trace id of API Gateway goes to the container, which logs and answers it (item 4.11).
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    Value,
    allow,
    arn,
    att,
    policy,
    ref,
    resource,
    sub,
    when,
)
from mlaudit_reference.templates.serving import alarms, endpoints, firewall, requests

STAGE = "live"
ACCOUNT_LOGS = "AccountLogs"
"""The parameter that says whether this stack lets API Gateway write logs in this account."""


def _content(manifest: Manifest) -> Content:
    resources = {
        **_interface(manifest),
        **_stage(manifest),
        **_account(),
        **_alarms(manifest),
        **firewall.guarded(manifest, _stage_arn()),
    }
    if manifest.realtime.auth == "key":
        resources |= _keys(manifest)
    url = sub(
        f"https://${{Api}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}/predictions"
    )
    parameters = {
        ACCOUNT_LOGS: {
            "Type": "String",
            "AllowedValues": ["set", "kept"],
            "Default": "set",
            "Description": "An account has one role by which API Gateway logs: set it, or keep it.",
        }
    }
    conditions = {"SetsAccountLogs": {"Fn::Equals": [ref(ACCOUNT_LOGS), "set"]}}
    return Content(resources, {"PredictionsUrl": url}, parameters, conditions)


STACK = Stack(
    name="serving-api",
    about="An API that checks, limits, traces and logs requests to the real-time endpoint.",
    wanted=lambda manifest: Mode.REALTIME in manifest.targets and manifest.realtime.api,
    content=_content,
)


def _interface(manifest: Manifest) -> dict[str, Properties]:
    api = {"RestApiId": ref("Api")}
    return {
        "Api": resource(
            "AWS::ApiGateway::RestApi",
            {
                "Name": manifest.name,
                "Description": f"Predictions of {manifest.name}",
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "MinimumCompressionSize": 1024,
            },
        ),
        "Request": resource(
            "AWS::ApiGateway::Model",
            {**api, "ContentType": "application/json", "Schema": requests.schema(manifest)},
        ),
        "Validator": resource(
            "AWS::ApiGateway::RequestValidator",
            {
                **api,
                "Name": "body",
                "ValidateRequestBody": True,
                "ValidateRequestParameters": True,
            },
        ),
        "Predictions": resource(
            "AWS::ApiGateway::Resource",
            {**api, "ParentId": att("Api", "RootResourceId"), "PathPart": "predictions"},
        ),
        "Predict": resource("AWS::ApiGateway::Method", {**api, **_method(manifest)}),
        "CallRole": _call_role(manifest),
    }


def _method(manifest: Manifest) -> Properties:
    by_key = manifest.realtime.auth == "key"
    return {
        "ResourceId": ref("Predictions"),
        "HttpMethod": "POST",
        "AuthorizationType": "NONE" if by_key else "AWS_IAM",
        "ApiKeyRequired": by_key,
        "RequestModels": {"application/json": ref("Request")},
        "RequestValidatorId": ref("Validator"),
        "Integration": _integration(manifest),
        "MethodResponses": [
            {
                "StatusCode": code,
                "ResponseParameters": {f"method.response.header.{_TRACE_ANSWER}": False},
            }
            for code in ("200", "400", "502")
        ],
    }


_TRACE_ANSWER = "X-Trace"
_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def _integration(manifest: Manifest) -> Properties:
    """SageMaker's runtime is called as it is, without a function in between."""
    endpoint = names.endpoint(manifest, Mode.REALTIME)
    # The override gives the container the trace of this request, which a client cannot set.
    template = (
        f'#set($context.requestOverride.header.{_ATTRIBUTES} = "trace_id=$context.xrayTraceId")'
        "$input.body"
    )
    if not manifest.monitoring.tracing:
        template = template.replace("$context.xrayTraceId", "$context.requestId")
    answers = {
        f"method.response.header.{_TRACE_ANSWER}": f"integration.response.header.{_ATTRIBUTES}"
    }
    return {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": sub(
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:runtime.sagemaker:"
            f"path/endpoints/{endpoint}/invocations"
        ),
        "Credentials": att("CallRole"),
        "PassthroughBehavior": "NEVER",
        "RequestTemplates": {"application/json": template},
        "RequestParameters": {
            "integration.request.header.Accept": "'application/json'",
            "integration.request.header.X-Amzn-SageMaker-Inference-Id": "context.requestId",
        },
        "IntegrationResponses": [
            {"StatusCode": "200", "ResponseParameters": answers},
            {"StatusCode": "400", "SelectionPattern": r"4\d{2}", "ResponseParameters": answers},
            {"StatusCode": "502", "SelectionPattern": r"5\d{2}", "ResponseParameters": answers},
        ],
    }


_TRUST: Properties = {
    "Effect": "Allow",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
"""API Gateway is not known to tell for which account it takes on a role, so that no condition can
ask for it; a role is passed to it from within its own account alone (iam:PassRole)."""


def _call_role(manifest: Manifest) -> Properties:
    endpoint = arn("sagemaker", f"endpoint/{names.endpoint(manifest, Mode.REALTIME)}")
    calls = policy([allow(("sagemaker:InvokeEndpoint",), [endpoint])])
    return resource(
        "AWS::IAM::Role",
        {
            "Description": "Calls the real-time endpoint",
            "AssumeRolePolicyDocument": policy([_TRUST]),
            "Policies": [{"PolicyName": "allowed", "PolicyDocument": calls}],
        },
    )


def _stage_arn() -> Value:
    return sub(
        f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/restapis/${{Api}}/stages/{STAGE}",
    )


def _stage(manifest: Manifest) -> dict[str, Properties]:
    limit = manifest.realtime.requests_per_second
    fields = {
        "requestId": "$context.requestId",
        "traceId": "$context.xrayTraceId",
        "caller": "$context.identity.userArn",
        "ip": "$context.identity.sourceIp",
        "time": "$context.requestTime",
        "status": "$context.status",
        "refusal": "$context.error.responseType",
        "latency": "$context.responseLatency",
        "modelLatency": "$context.integrationLatency",
        "modelStatus": "$context.integrationStatus",
    }
    pairs = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    settings = {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "MetricsEnabled": True,
        # Bodies are data of people: they are never logged (DataTraceEnabled).
        "LoggingLevel": "ERROR",
        "DataTraceEnabled": False,
        "ThrottlingRateLimit": limit,
        "ThrottlingBurstLimit": 2 * limit,
    }
    return {
        "ApiLogs": endpoints.log_group(manifest, f"/aws/apigateway/{manifest.name}"),
        # Its logical id holds what is deployed: another interface is another deployment.
        _deployment(manifest): resource(
            "AWS::ApiGateway::Deployment", {"RestApiId": ref("Api")}, depends=["Predict"]
        ),
        "Stage": resource(
            "AWS::ApiGateway::Stage",
            {
                "RestApiId": ref("Api"),
                "DeploymentId": ref(_deployment(manifest)),
                "StageName": STAGE,
                # Named so that the account may log before the stage does, where both are made.
                "Description": when("SetsAccountLogs", sub("Logs by ${Account}"), "Logs"),
                "TracingEnabled": manifest.monitoring.tracing,
                "AccessLogSetting": {
                    "DestinationArn": att("ApiLogs"),
                    "Format": f"{{{pairs}}}",
                },
                "MethodSettings": [settings],
            },
        ),
    }


def _deployment(manifest: Manifest) -> str:
    return f"Deployment{requests.digest(requests.schema(manifest), _method(manifest))}"


def _account() -> dict[str, Properties]:
    """The role by which API Gateway logs: one for all APIs of an account and region."""
    pushes = "iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    made = resource(
        "AWS::IAM::Role",
        {
            "Description": "API Gateway writes logs",
            "AssumeRolePolicyDocument": policy([_TRUST]),
            "ManagedPolicyArns": [sub(f"arn:${{AWS::Partition}}:{pushes}")],
        },
        condition="SetsAccountLogs",
    )
    account = resource(
        "AWS::ApiGateway::Account",
        {"CloudWatchRoleArn": att("LogsRole")},
        depends=["Api"],
        condition="SetsAccountLogs",
    )
    return {"LogsRole": made, "Account": account}


def _keys(manifest: Manifest) -> dict[str, Properties]:
    limit = manifest.realtime.requests_per_second
    plan = {
        "Description": f"Callers of {manifest.name} with a key",
        "ApiStages": [{"ApiId": ref("Api"), "Stage": ref("Stage")}],
        "Throttle": {"RateLimit": limit, "BurstLimit": 2 * limit},
    }
    return {
        "Plan": resource("AWS::ApiGateway::UsagePlan", plan),
        "Key": resource(
            "AWS::ApiGateway::ApiKey",
            {"Description": f"Calls {manifest.name}", "Enabled": True},
            depends=["Stage"],
        ),
        "PlanKey": resource(
            "AWS::ApiGateway::UsagePlanKey",
            {"KeyId": ref("Key"), "KeyType": "API_KEY", "UsagePlanId": ref("Plan")},
        ),
    }


def _alarms(manifest: Manifest) -> dict[str, Properties]:
    watches = {
        name: alarms.Watch(about, metric, share, namespace="AWS/ApiGateway", periods=5)
        for name, about, metric, share in (
            ("Faults", "The API fails.", "5XXError", alarms.FAULTY_SHARE),
            ("Refusals", "Many requests are refused.", "4XXError", 0.25),
        )
    }
    return alarms.alarms(manifest, "Api", watches, {"ApiName": manifest.name, "Stage": STAGE})
