"""Collect what the roles of models and training jobs may do: what is too much, never policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader
from mlaudit.resources import Model, RolePermissions, TrainingJob


def _lists(name: str, items: str) -> Operation:
    return Operation("iam", name, items, "Marker", "Marker", ("MaxItems", 1000))


GET_ROLE = Operation("iam", "GetRole")
LIST_ATTACHED = _lists("ListAttachedRolePolicies", "AttachedPolicies")
LIST_INLINE = _lists("ListRolePolicies", "PolicyNames")
GET_INLINE = Operation("iam", "GetRolePolicy")
GET_POLICY = Operation("iam", "GetPolicy")
GET_VERSION = Operation("iam", "GetPolicyVersion")

_TOO_MUCH = frozenset({"AdministratorAccess", "AmazonSageMakerFullAccess", "PowerUserAccess"})
"""Policies of AWS that allow far more than any one job or model needs."""
_PASSES = "iam:passrole"

Statement = Mapping[str, Any]


@collector(GET_ROLE, LIST_ATTACHED, LIST_INLINE, GET_INLINE, GET_POLICY, GET_VERSION)
def role_permissions(
    reader: Reader, models: Sequence[Model], jobs: Sequence[TrainingJob]
) -> Iterator[RolePermissions]:
    """The roles that models and training jobs act in, of the same account."""
    users: list[Model | TrainingJob] = [*models, *jobs]
    found = {each.role for each in users if each.role and _account(each.role) == _account(each.arn)}
    bounded = dict(reader.each(sorted(found), lambda role: (role, _is_bounded(reader, role))))
    yield from reader.referenced(
        bounded, lambda role: _permissions(reader, role, bounded=bounded[role])
    )


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _is_bounded(reader: Reader, arn: str) -> bool:
    role = reader.one(GET_ROLE, arn, RoleName=_name(arn))["Role"]
    return bool(role.get("PermissionsBoundary"))


def _permissions(reader: Reader, arn: str, *, bounded: bool) -> RolePermissions:
    everything: set[str] = set()
    wide: set[str] = set()
    for policy, statements in _policies(reader, arn, _name(arn)):
        if statements is None or any(_is_everything(each) for each in statements):
            everything.add(policy)
        for each in statements or ():
            wide.update(_wide(each))
    return RolePermissions(
        arn=arn,
        region=reader.region,
        name=_name(arn),
        everything=tuple(sorted(everything)),
        wide=tuple(sorted(wide)),
        bounded=bounded,
    )


def _policies(
    reader: Reader, arn: str, name: str
) -> Iterator[tuple[str, tuple[Statement, ...] | None]]:
    """Each policy with what it allows; ``None`` for one that is known to be too much."""
    for each in reader.items(LIST_ATTACHED, arn, RoleName=name):
        of_aws = each["PolicyArn"].split(":")[4] == "aws"
        if of_aws and each["PolicyName"] in _TOO_MUCH:
            yield each["PolicyName"], None
            continue
        asked = {"PolicyArn": each["PolicyArn"]}
        version = reader.one(GET_POLICY, arn, **asked)["Policy"]["DefaultVersionId"]
        found = reader.one(GET_VERSION, arn, **asked, VersionId=version)["PolicyVersion"]
        yield each["PolicyName"], _allowed(found["Document"])
    names: list[Any] = sorted(reader.items(LIST_INLINE, arn, RoleName=name))
    for inline in names:
        inlined = reader.one(GET_INLINE, arn, RoleName=name, PolicyName=inline)
        yield inline, _allowed(inlined["PolicyDocument"])


def _allowed(document: Any) -> tuple[Statement, ...]:
    """What a policy allows on everything and under no condition."""
    parsed = json.loads(unquote(document)) if isinstance(document, str) else document
    statements = parsed["Statement"]
    return tuple(
        each
        for each in ([statements] if isinstance(statements, dict) else statements)
        if each["Effect"] == "Allow" and not each.get("Condition") and _on_everything(each)
    )


def _on_everything(statement: Statement) -> bool:
    named = _listed(statement.get("Resource"))
    return "NotResource" in statement or any(each == "*" or each.endswith(":::*") for each in named)


def _is_everything(statement: Statement) -> bool:
    return "NotAction" in statement or not {"*", "*:*"}.isdisjoint(_listed(statement.get("Action")))


def _wide(statement: Statement) -> Iterator[str]:
    """The services of which everything is allowed, and the right to pass on any role."""
    for action in _listed(statement.get("Action")):
        service, _, rest = action.lower().partition(":")
        if (rest == "*" and service != "*") or action.lower() == _PASSES:
            yield action.lower()


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
