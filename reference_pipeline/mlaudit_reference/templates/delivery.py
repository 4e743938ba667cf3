"""Who may deliver: the roles that CI takes on in an account, and no key that could be stolen.

A person deploys this stack first, once in each account. CI then comes by OpenID Connect (GitHub
Actions, bound to the repository and to an environment of it), from the pipeline of
``delivery-pipeline``, or as the machine that Jenkins runs on. It may deploy the stacks of the
system by a role that CloudFormation takes on, which can do what these stacks hold and nothing else;
with a boundary every role it makes must have it. The audit role reads by the policy that
``mlaudit policy`` prints (guide items 7.2, 9.4).
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Host, Manifest
from mlaudit_reference.templates import expiry, permissions
from mlaudit_reference.templates.finish import BOUNDARY
from mlaudit_reference.templates.language import (
    NOTHING,
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

DEPLOYER, MAKER, AUDITOR, PROVIDER = "DeployRole", "CloudFormationRole", "AuditRole", "Provider"
GITHUB = "token.actions.githubusercontent.com"
HOURS = 3 * 3600
"""Seconds that CI may stay a role: an endpoint that is updated in steps takes its time."""

BY_ITSELF = ("delivery", "delivery-pipeline", "expiry")


def _content(manifest: Manifest) -> Content:
    host = manifest.delivery.host
    provider = _provider() if host is Host.GITHUB else {}
    resources = {
        **provider,
        DEPLOYER: _role(manifest, DEPLOYER, "Deploys the stacks", _deploys(manifest)),
        AUDITOR: _role(manifest, AUDITOR, "Audits the system, read-only", []),
        **_maker(manifest),
    }
    outputs = {f"{logical}Arn": att(logical) for logical in (DEPLOYER, AUDITOR, MAKER)}
    conditions: dict[str, Value] = {
        "HasAuditPolicy": {"Fn::Not": [{"Fn::Equals": [ref("AuditPolicyArn"), ""]}]}
    }
    if host is Host.GITHUB:
        conditions["MakesProvider"] = {"Fn::Equals": [ref("ProviderArn"), ""]}
    return Content(resources, outputs, {**_AUDIT, **_PARAMETERS[host]}, conditions)


STACK = Stack(
    name="delivery",
    about="The roles by which a change is delivered to this account, without any key.",
    wanted=lambda manifest: manifest.delivery.enabled,
    content=_content,
    needs=(),
)

_AUDIT: dict[str, Properties] = {
    "AuditPolicyArn": {
        "Type": "String",
        "Default": "",
        "Description": "The managed policy made of what `mlaudit policy` prints; empty for none.",
    }
}
_PARAMETERS: dict[Host, dict[str, Properties]] = {
    Host.GITHUB: {
        "ProviderArn": {
            "Type": "String",
            "Default": "",
            "Description": "The OIDC provider of GitHub in this account; empty to make it.",
        },
        "Environment": {
            "Type": "String",
            "Default": "production",
            "AllowedValues": ["dev", "staging", "production"],
            "Description": "The environment of the repository that delivers to this account.",
        },
    },
    Host.CODEPIPELINE: {
        "ToolsAccountId": {
            "Type": "String",
            "AllowedPattern": r"^\d{12}$",
            "Description": "The account with the stack delivery-pipeline.",
        }
    },
    Host.JENKINS: {
        "AgentRoleArn": {
            "Type": "String",
            "AllowedPattern": r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$",
            "Description": "The role of the machines that Jenkins runs builds on.",
        }
    },
}


def _provider() -> dict[str, Properties]:
    """GitHub's provider of tokens; there is one in an account, whoever made it."""
    made = resource(
        "AWS::IAM::OIDCProvider",
        {"Url": f"https://{GITHUB}", "ClientIdList": ["sts.amazonaws.com"]},
        condition="MakesProvider",
    )
    return {PROVIDER: made}


def _role(manifest: Manifest, logical: str, about: str, statements: list[Properties]) -> Properties:
    policies = [{"PolicyName": "allowed", "PolicyDocument": policy(statements)}]
    audits = [when("HasAuditPolicy", ref("AuditPolicyArn"))] if logical == AUDITOR else []
    return resource(
        "AWS::IAM::Role",
        {
            "Description": f"{about} of {manifest.name}",
            "AssumeRolePolicyDocument": policy([_trust(manifest, logical)]),
            "MaxSessionDuration": HOURS,
            "ManagedPolicyArns": audits or NOTHING,
            "Policies": policies if statements else NOTHING,
        },
    )


def _trust(manifest: Manifest, logical: str) -> Properties:
    host = manifest.delivery.host
    if host is Host.GITHUB:
        return _trust_in_github(manifest, logical)
    assumes = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    if host is Host.JENKINS:
        return {**assumes, "Principal": {"AWS": ref("AgentRoleArn")}}
    builds = names.stack_name(manifest, "delivery-pipeline")
    tools = "arn:${AWS::Partition}:iam::${ToolsAccountId}:"
    return {
        **assumes,
        "Principal": {"AWS": sub(f"{tools}root")},
        "Condition": {"ArnLike": {"aws:PrincipalArn": sub(f"{tools}role/{builds}-*")}},
    }


def _trust_in_github(manifest: Manifest, logical: str) -> Properties:
    """Deployment from the environment of this account, audits from the branch that is delivered."""
    delivery = manifest.delivery
    places = {
        DEPLOYER: sub(f"repo:{delivery.repository}:environment:${{Environment}}"),
        AUDITOR: f"repo:{delivery.repository}:ref:refs/heads/{delivery.branch}",
    }
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": when("MakesProvider", ref(PROVIDER), ref("ProviderArn"))},
        "Condition": {
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                f"{GITHUB}:sub": places[logical],
            }
        },
    }


def _deploys(manifest: Manifest) -> list[Properties]:
    """What the program that deploys calls: change sets, uploads, and the newest version."""
    changes = (
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStacks",
        "cloudformation:ExecuteChangeSet",
    )
    group = names.model_group(manifest)
    bucket = f"arn:${{AWS::Partition}}:s3:::{names.stack_name(manifest, 'foundation')}-*"
    found = [
        allow(changes, [arn("cloudformation", f"stack/{manifest.name}-*/*")]),
        # The action knows no resource.
        allow(("cloudformation:ListExports",), ["*"]),
        allow(
            (permissions.PASS,),
            [att(MAKER)],
            {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        ),
        allow(
            ("s3:GetObject", "s3:PutObject"),
            [sub(f"{bucket}/{prefix}/*") for prefix in ("code", "settings", "templates")],
        ),
        allow(
            ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
            [
                arn("sagemaker", f"model-package/{group}/*"),
                arn("sagemaker", f"model-package-group/{group}"),
            ],
        ),
    ]
    if manifest.encryption == "kms":
        own = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{manifest.name}"}}
        found.append(allow(("kms:Decrypt", "kms:GenerateDataKey"), [arn("kms", "key/*")], own))
    return found


def _maker(manifest: Manifest) -> dict[str, Properties]:
    calls = permissions.actions(_kinds(manifest), permissions.MAKE) | {"kms:CreateGrant"}
    made = permissions.cloudformation_role(
        manifest, MAKER, calls, about="Makes the stacks of the system"
    )
    first = made[f"{MAKER}Policy1"]["Properties"]["PolicyDocument"]["Statement"]
    first.append(_bounded(manifest))
    return made


def _bounded(manifest: Manifest) -> Properties:
    """Where there is a boundary, no role comes about or changes without it."""
    changes = (
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
    )
    roles = sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{manifest.name}-*")
    statement = {
        "Effect": "Deny",
        "Action": list(changes),
        "Resource": [roles],
        "Condition": {"StringNotEquals": {"iam:PermissionsBoundary": ref(BOUNDARY)}},
    }
    return when("IsBounded", statement)


def _kinds(manifest: Manifest) -> frozenset[str]:
    """The types of everything that is deployed by this role."""
    # What lists all stacks names this module, and so cannot be imported before it is whole.
    from mlaudit_reference.templates.stacks import stacks_of  # noqa: PLC0415

    found = {
        made["Type"]
        for stack in stacks_of(manifest)
        if stack.name not in BY_ITSELF
        for made in stack.content(manifest).resources.values()
    }
    return frozenset(found | (set(expiry.KINDS) if manifest.budget.ttl_days else set()))
