"""The words that templates are written in: references, permissions, and stacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlaudit_reference.manifest import Manifest

Value = Any
"""A property of a template: text, number, list, mapping, or a function of CloudFormation."""

Properties = dict[str, Value]
NOTHING: Properties = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Content:
    """What a stack is made of.

    Attributes:
        resources: By logical id, as ``resource`` gives them.
        outputs: Values that other stacks import, by the names they import them under.
        parameters: What is said when the stack is deployed.
        conditions: As in a template.
        mappings: As in a template.
    """

    resources: Mapping[str, Properties]
    outputs: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, Properties] = field(default_factory=dict)
    conditions: Mapping[str, Value] = field(default_factory=dict)
    mappings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Stack:
    """One template: what can be deployed, updated and deleted by itself.

    Attributes:
        name: Its name; deployed it is called ``<manifest name>-<name>``.
        about: What it holds, in a sentence.
        wanted: Whether a manifest asks for it.
        content: What it holds for a manifest.
        needs: The stacks whose outputs it imports.
        gate: The target whose gate must be open before it may be deployed.
    """

    name: str
    about: str
    wanted: Callable[[Manifest], bool]
    content: Callable[[Manifest], Content]
    needs: tuple[str, ...] = ("foundation",)
    gate: str | None = None


def resource(
    kind: str,
    properties: Properties,
    *,
    depends: Sequence[str] = (),
    condition: str | None = None,
    keep: bool = False,
) -> Properties:
    """One resource of a template.

    Args:
        kind: Its type, as ``AWS::S3::Bucket``.
        properties: Its properties; those that are ``NOTHING`` are left out by CloudFormation.
        depends: Logical ids of what must be there first and is not referred to.
        condition: The condition under which it is made.
        keep: Whether it outlives its stack.
    """
    made: Properties = {"Type": kind, "Properties": properties}
    if depends:
        made["DependsOn"] = list(depends)
    if condition:
        made["Condition"] = condition
    if keep:
        made |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    return made


def ref(name: str) -> Properties:
    """The id of a resource, or the value of a parameter."""
    return {"Ref": name}


def att(name: str, attribute: str = "Arn") -> Properties:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str, values: Mapping[str, Value] | None = None) -> Properties:
    """A text with ``${…}`` filled in, from the template or from ``values``."""
    return {"Fn::Sub": [text, dict(values)] if values else text}


def when(condition: str, then: Value, otherwise: Value = None) -> Properties:
    """One value or another, by a condition of the template."""
    return {"Fn::If": [condition, then, NOTHING if otherwise is None else otherwise]}


def imported(manifest: Manifest, output: str) -> Properties:
    """What another stack of the same system exports."""
    return {"Fn::ImportValue": export_name(manifest, output)}


def export_name(manifest: Manifest, output: str) -> str:
    """The name under which a stack exports an output, unique in account and region."""
    return f"{manifest.name}-{output}"


def allow(
    actions: Sequence[str], resources: Sequence[Value], where: Mapping[str, Value] | None = None
) -> Properties:
    """A statement that allows actions on resources, where conditions hold."""
    statement: Properties = {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": dict(where)} if where else statement


def policy(statements: Sequence[Properties]) -> Properties:
    """A policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(service: str, statements: Sequence[Properties], *, about: str) -> Properties:
    """A role that one service takes on, only on behalf of this account.

    Args:
        service: The principal, as ``sagemaker.amazonaws.com``.
        statements: All it may do.
        about: What it is for.
    """
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    return resource(
        "AWS::IAM::Role",
        {
            "Description": about,
            "AssumeRolePolicyDocument": policy([trust]),
            "Policies": [{"PolicyName": "allowed", "PolicyDocument": policy(statements)}],
        },
    )


def arn(service: str, name: str) -> Properties:
    """The ARN of a resource of this account and region; ``name`` may hold ``${…}``."""
    return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{name}")
