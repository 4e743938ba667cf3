"""Delivery by CodePipeline: check, one environment after the other, the gate, a person, production.

The connection to the git host waits for a person, once, after the stack is made. Deployment to an
environment is done as a role of its account, made there by the stack ``delivery``.
"""

from __future__ import annotations

from typing import Any

from mlaudit_reference import names
from mlaudit_reference.delivery import codebuild, commands
from mlaudit_reference.manifest import Host, Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Content,
    Properties,
    Stack,
    Value,
    allow,
    arn,
    att,
    ref,
    resource,
    role,
    sub,
)

PIPELINE, PIPELINE_ROLE, CONNECTION = "Pipeline", "PipelineRole", "Connection"
IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
SPECIFICATIONS = {
    "Check": "buildspec.yml",
    "Gate": "buildspec-gate.yml",
    "Deploy": codebuild.DEPLOY_FILE,
}
AUDIT_ROLE = "AuditRoleArn"
ANY_ACCOUNT = r"\d{12}"
MLAUDIT = "MlauditPackage"


def _content(manifest: Manifest) -> Content:
    parameters: dict[str, Properties] = {
        MLAUDIT: {
            "Type": "String",
            "Description": "What pip installs as mlaudit: a wheel, an index, or a repository.",
        },
        AUDIT_ROLE: _role_parameter("The role of the audit, in the account before production"),
    }
    for stage in commands.environments(manifest):
        account = commands.account_of(manifest, stage) or ANY_ACCOUNT
        deploys, makes = f"The role that deploys to {stage}", f"CloudFormation's role in {stage}"
        parameters[_deploys(stage)] = _role_parameter(deploys, account)
        parameters[_makes(stage)] = _role_parameter(makes, account)
    resources = {
        CONNECTION: resource(
            "AWS::CodeConnections::Connection",
            {"ConnectionName": manifest.name, "ProviderType": "GitHub"},
        ),
        **_builds(manifest),
        PIPELINE: resource("AWS::CodePipeline::Pipeline", _pipeline(manifest)),
        PIPELINE_ROLE: role(
            "codepipeline.amazonaws.com", _runs(manifest), about="Runs the stages of delivery"
        ),
    }
    return Content(resources, parameters=parameters)


STACK = Stack(
    name="delivery-pipeline",
    about="A pipeline that brings a change through dev and staging, the gate and a person.",
    wanted=lambda manifest: (
        manifest.delivery.enabled and manifest.delivery.host is Host.CODEPIPELINE
    ),
    content=_content,
)


def _deploys(stage: str) -> str:
    return f"{stage.title()}DeployRoleArn"


def _makes(stage: str) -> str:
    return f"{stage.title()}CloudFormationRoleArn"


def _role_parameter(about: str, account: str = ANY_ACCOUNT) -> Properties:
    return {
        "Type": "String",
        "AllowedPattern": rf"^arn:aws[a-z-]*:iam::{account}:role/.+$",
        "Description": f"{about}, an output of the stack delivery there.",
    }


def _builds(manifest: Manifest) -> dict[str, Properties]:
    """The projects, each with its role and its log."""
    assumes = {
        "Check": [],
        "Gate": [ref(AUDIT_ROLE)],
        "Deploy": [ref(_deploys(stage)) for stage in commands.environments(manifest)],
    }
    found: dict[str, Properties] = {}
    for name, file in SPECIFICATIONS.items():
        found[name] = resource("AWS::CodeBuild::Project", _project(manifest, name, file))
        found[f"{name}Role"] = role(
            "codebuild.amazonaws.com",
            _build(manifest, name, assumes[name]),
            about=f"Builds of stage {name}",
        )
        found[f"{name}Logs"] = resource(
            "AWS::Logs::LogGroup",
            {
                "LogGroupName": _log_group(manifest, name),
                "RetentionInDays": manifest.monitoring.log_days,
                "KmsKeyId": shared.key(manifest),
            },
        )
    return found


def _log_group(manifest: Manifest, build: str) -> str:
    return f"/aws/codebuild/{manifest.name}-{build.lower()}"


def _project(manifest: Manifest, name: str, file: str) -> Properties:
    return {
        "Name": f"{manifest.name}-{name.lower()}",
        "Description": f"Stage {name} of the delivery of {manifest.name}",
        "ServiceRole": att(f"{name}Role"),
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": file},
        "Artifacts": {"Type": "CODEPIPELINE"},
        "EncryptionKey": shared.key(manifest),
        "TimeoutInMinutes": 180,
        "Environment": {
            "Type": "LINUX_CONTAINER",
            "ComputeType": "BUILD_GENERAL1_SMALL",
            "Image": IMAGE,
            "EnvironmentVariables": [{"Name": commands.PACKAGE, "Value": ref(MLAUDIT)}],
        },
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": ref(f"{name}Logs")}},
    }


def _build(manifest: Manifest, name: str, assumes: list[Properties]) -> list[Properties]:
    reports = arn("codebuild", f"report-group/{manifest.name}-{name.lower()}-*")
    return [
        *_artifacts(manifest),
        *shared.write_logs(_log_group(manifest, name)),
        *([allow(("sts:AssumeRole",), assumes)] if assumes else []),
        allow(
            (
                "codebuild:BatchPutTestCases",
                "codebuild:CreateReport",
                "codebuild:CreateReportGroup",
                "codebuild:UpdateReport",
            ),
            [reports],
        ),
    ]


def _artifacts(manifest: Manifest) -> list[Properties]:
    """What stages hand on; CodePipeline names the folder after the pipeline, cut off at 20."""
    bucket = shared.artifact_bucket(manifest)
    folder = shared.objects(bucket, names.stack_name(manifest, "delivery")[:20])
    return [
        allow(("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"), [folder]),
        allow(("s3:GetBucketLocation", "s3:GetBucketVersioning"), [shared.bucket_arn(bucket)]),
        *shared.use_key(manifest),
    ]


def _runs(manifest: Manifest) -> list[Properties]:
    return [
        *_artifacts(manifest),
        allow(("codeconnections:UseConnection",), [ref(CONNECTION)]),
        allow(
            ("codebuild:BatchGetBuilds", "codebuild:StartBuild"),
            [att(name) for name in SPECIFICATIONS],
        ),
        allow(("sns:Publish",), [shared.alerts(manifest)]),
    ]


def _pipeline(manifest: Manifest) -> Properties:
    *earlier, last = commands.environments(manifest)
    key: Value = {"Type": "KMS", "Id": shared.key(manifest)}
    return {
        "Name": names.stack_name(manifest, "delivery"),
        "PipelineType": "V2",
        "ExecutionMode": "QUEUED",
        "RoleArn": att(PIPELINE_ROLE),
        "ArtifactStore": {
            "Type": "S3",
            "Location": shared.artifact_bucket(manifest),
            "EncryptionKey": key if manifest.encryption == "kms" else NOTHING,
        },
        "Stages": [
            _stage("Source", _source(manifest)),
            _stage("Check", _run("Check", ["Checkout"], "Compiled")),
            *(_stage(stage.title(), _deploy(stage, ["Compiled"])) for stage in earlier),
            _stage("Gate", _run("Gate", ["Checkout"], "Decision", **_audits())),
            _stage("Approval", _approval(manifest)),
            _stage(last.title(), _deploy(last, ["Compiled", "Decision"])),
        ],
    }


def _stage(name: str, *actions: Properties) -> Properties:
    return {"Name": name, "Actions": list(actions)}


def _source(manifest: Manifest) -> Properties:
    return {
        "Name": "Source",
        "Namespace": "Source",
        "ActionTypeId": _kind("Source", "CodeStarSourceConnection"),
        "Configuration": {
            "ConnectionArn": ref(CONNECTION),
            "FullRepositoryId": manifest.delivery.repository,
            "BranchName": manifest.delivery.branch,
        },
        "OutputArtifacts": [{"Name": "Checkout"}],
    }


def _deploy(stage: str, inputs: list[str]) -> Properties:
    """The action that deploys: its name tells a reader, and an audit, where to."""
    variables = {
        "STAGE": stage,
        "COMMIT": "#{Source.CommitId}",
        "DEPLOY_ROLE_ARN": ref(_deploys(stage)),
        "CLOUDFORMATION_ROLE_ARN": ref(_makes(stage)),
    }
    return _run("Deploy", inputs, name=f"DeployTo{stage.title()}", variables=variables)


def _audits() -> dict[str, Any]:
    return {"variables": {"AUDIT_ROLE_ARN": ref(AUDIT_ROLE)}}


def _run(
    project: str,
    inputs: list[str],
    output: str = "",
    *,
    name: str = "",
    variables: dict[str, Value] | None = None,
) -> Properties:
    configuration: Properties = {"ProjectName": ref(project), "PrimarySource": inputs[0]}
    if variables:
        configuration["EnvironmentVariables"] = _variables(variables)
    return {
        "Name": name or project,
        "ActionTypeId": _kind("Build", "CodeBuild"),
        "Configuration": configuration,
        "InputArtifacts": [{"Name": each} for each in inputs],
        "OutputArtifacts": [{"Name": output}] if output else NOTHING,
    }


def _variables(variables: dict[str, Value]) -> Properties:
    """The JSON that the action takes, with what is known only when the stack is deployed."""
    listed = ", ".join(
        f'{{"name": "{name}", "type": "PLAINTEXT", "value": "'
        + (f"${{{name}}}" if isinstance(value, dict) else str(value))
        + '"}'
        for name, value in variables.items()
    )
    known = {name: value for name, value in variables.items() if isinstance(value, dict)}
    return sub(f"[{listed}]", known)


def _approval(manifest: Manifest) -> Properties:
    return {
        "Name": "Approve",
        "ActionTypeId": _kind("Approval", "Manual"),
        "Configuration": {
            "NotificationArn": shared.alerts(manifest),
            "CustomData": f"The gate is open. Deploy {manifest.name} to production?",
        },
    }


def _kind(category: str, provider: str) -> Properties:
    return {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
