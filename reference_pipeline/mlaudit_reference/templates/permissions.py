"""What CloudFormation itself must be allowed to do to make, change and delete the stacks.

``handlers.json`` holds, for each type of resource, the actions that AWS says its handlers call (the
resource schemas of the CloudFormation registry). A role gets those of the types its stacks hold, on
resources whose names begin with the name of the system as far as a service names them so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.language import (
    Properties,
    allow,
    arn,
    ref,
    resource,
    role,
    sub,
)

MAKE = ("create", "read", "update", "delete")
DELETE = ("read", "delete")

POLICY_LIMIT = 6_144
"""Characters of a managed policy (quotas of IAM)."""

PASS = "iam:PassRole"

PASSED_TO = (
    "apigateway.amazonaws.com",
    "batch.amazonaws.com",
    "cloudformation.amazonaws.com",
    "codebuild.amazonaws.com",
    "codepipeline.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "events.amazonaws.com",
    "firehose.amazonaws.com",
    "glue.amazonaws.com",
    "lambda.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
)
"""The services that take on the roles of a system."""

_BY_HAND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::CloudWatch::AnomalyDetector": {
        "create": ("cloudwatch:PutAnomalyDetector",),
        "read": ("cloudwatch:DescribeAnomalyDetectors",),
        "update": ("cloudwatch:PutAnomalyDetector",),
        "delete": ("cloudwatch:DeleteAnomalyDetector",),
    },
    "AWS::CodeBuild::Project": {
        "create": ("codebuild:CreateProject", PASS),
        "read": ("codebuild:BatchGetProjects",),
        "update": ("codebuild:UpdateProject", PASS),
        "delete": ("codebuild:DeleteProject",),
    },
}
"""Types whose schemas name no actions; by the service authorization reference."""

_OF_THE_ACCOUNT = "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:"
_ANYWHERE = "arn:${{AWS::Partition}}:{service}::${{AWS::AccountId}}:"

_SCOPES: Mapping[str, tuple[str, ...]] = {
    "apigateway": ("arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/*",),
    "budgets": (_ANYWHERE + "budget/{name}*",),
    "cloudwatch": (_OF_THE_ACCOUNT + "alarm:{name}*", _ANYWHERE + "dashboard/{name}*"),
    "dynamodb": (_OF_THE_ACCOUNT + "table/{name}*",),
    "iam": (
        _ANYWHERE + "role/{name}-*",
        _ANYWHERE + "policy/{name}-*",
        _ANYWHERE + "instance-profile/{name}-*",
        _ANYWHERE + "oidc-provider/token.actions.githubusercontent.com",
    ),
    "kinesis": (_OF_THE_ACCOUNT + "stream/{name}*",),
    "kms": (_OF_THE_ACCOUNT + "key/*", _OF_THE_ACCOUNT + "alias/{name}*"),
    "s3": ("arn:${{AWS::Partition}}:s3:::{name}-*",),
    "scheduler": (_OF_THE_ACCOUNT + "schedule/*/{name}*",),
    "sns": (_OF_THE_ACCOUNT + "{name}*",),
    "sqs": (_OF_THE_ACCOUNT + "{name}*",),
    "states": (_OF_THE_ACCOUNT + "stateMachine:{name}*",),
    "xray": (
        _OF_THE_ACCOUNT + "group/{name}*",
        _OF_THE_ACCOUNT + "sampling-rule/{name}*",
    ),
}
"""Where names tell whose a resource is; elsewhere AWS makes ids, and the account is the limit."""

_WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:DeleteAnomalyDetector",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAnomalyDetectors",
        "cloudwatch:PutAnomalyDetector",
        "kms:CreateKey",
        "kms:ListAliases",
        "xray:GetGroups",
        "xray:GetSamplingRules",
    }
)
"""Actions that know no resource, or ask about all (service authorization reference)."""


def actions(kinds: Iterable[str], verbs: Iterable[str]) -> frozenset[str]:
    """What CloudFormation calls to do something to resources of some types.

    Args:
        kinds: The types.
        verbs: ``create``, ``read``, ``update``, ``delete``.

    Raises:
        KeyError: It is not known what it calls for one of them.
    """
    known = _handlers()
    wanted = tuple(verbs)
    return frozenset(
        action for kind in kinds for verb in wanted for action in known[kind].get(verb, ())
    )


def statements(manifest: Manifest, calls: Iterable[str]) -> list[Properties]:
    """Permission to call actions, each on no more than its service can be limited to."""
    chosen = frozenset(calls)
    by_service: dict[str, list[str]] = {}
    for action in sorted(chosen - _WITHOUT_RESOURCE - {PASS}):
        by_service.setdefault(action.partition(":")[0], []).append(action)
    found = [allow(some, [*_resources(manifest, service)]) for service, some in by_service.items()]
    if everywhere := sorted(chosen & _WITHOUT_RESOURCE):
        found.append(allow(everywhere, ["*"]))
    if PASS in chosen:
        found.append(_pass_roles(manifest))
    return found


def cloudformation_role(
    manifest: Manifest, logical: str, calls: Iterable[str], about: str
) -> dict[str, Properties]:
    """A role that CloudFormation takes on, with as many policies as its permissions fill.

    Args:
        manifest: The system whose stacks it works on.
        logical: Its logical id; those of its policies begin with it.
        calls: All that it may call.
        about: What it is for.
    """
    made = role("cloudformation.amazonaws.com", [], about=about)
    del made["Properties"]["Policies"]
    policies = {
        f"{logical}Policy{number}": resource(
            "AWS::IAM::ManagedPolicy",
            {
                "Description": about,
                "Roles": [ref(logical)],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": some},
            },
        )
        for number, some in enumerate(_packed(statements(manifest, calls)), start=1)
    }
    return {logical: made, **policies}


def _pass_roles(manifest: Manifest) -> Properties:
    """Permission to hand the roles of the system, and no other, to the services they are for."""
    own = sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{manifest.name}-*")
    return allow((PASS,), [own], {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}})


def _resources(manifest: Manifest, service: str) -> Iterator[Properties | str]:
    if service == "ec2":  # ids that AWS makes, and descriptions that know no resource
        yield "*"
        return
    scopes = _SCOPES.get(service)
    if scopes is None:
        yield arn(service, "*")
        return
    for pattern in scopes:
        yield sub(pattern.format(service=service, name=manifest.name))


def _packed(some: list[Properties]) -> Iterator[list[Properties]]:
    """Statements in lists that each fit a managed policy; a long one is split by its actions."""
    packed: list[Properties] = []
    for statement in (part for each in some for part in _split(each)):
        if packed and _size([*packed, statement]) > POLICY_LIMIT:
            yield packed
            packed = []
        packed.append(statement)
    if packed:
        yield packed


def _split(statement: Properties) -> list[Properties]:
    if _size([statement]) <= POLICY_LIMIT:
        return [statement]
    half = len(statement["Action"]) // 2
    parts = (statement["Action"][:half], statement["Action"][half:])
    return [piece for some in parts for piece in _split({**statement, "Action": some})]


def _size(some: list[Properties]) -> int:
    """How long a policy of these statements is at most, white space left out as IAM does."""
    text = json.dumps({"Version": "2012-10-17", "Statement": some}, separators=(",", ":"))
    return len(text)


@cache
def _handlers() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = (files("mlaudit_reference") / "templates" / "handlers.json").read_text("utf-8")
    return {**json.loads(text), **_BY_HAND}
