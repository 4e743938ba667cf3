"""What the template of a stack can refer to, and what its resources are asked to be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import exports, functions, schemas
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.coercion import tags_of
from mlaudit.emulator.cloudformation.functions import Scope
from mlaudit.emulator.cloudformation.records import Request, Stack
from mlaudit.emulator.cloudformation.templates import invalid

_DYNAMIC = re.compile(r"\{\{resolve:(?P<service>[a-z-]+):(?P<rest>[^}]+)\}\}")


def scope(call: Call, stack: Stack, asked: Request, attribute: Callable[[str, str], Any]) -> Scope:
    """Return what a template can refer to in a stack.

    Args:
        call: The request.
        stack: The stack.
        asked: What it is asked to be.
        attribute: The attribute of a resource, its physical id where none is named.
    """
    values = {name: value.resolved for name, value in asked.values.items()}
    pseudo = {
        "AWS::AccountId": call.account,
        "AWS::NotificationARNs": asked.settings.get("NotificationARNs", []),
        "AWS::Partition": "aws",
        "AWS::Region": call.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
    }
    return Scope(
        template=asked.template,
        values={**pseudo, **values},
        attribute=attribute,
        imported=lambda name: exports.value(call, name),
        zones=lambda region: _zones(call, region),
    )


def entries(scope: Scope) -> dict[str, Record]:
    """Return the resources of a template whose condition is met, without what is not taken.

    Raises:
        Refusal: One needs another whose condition is not met.
    """
    return {
        name: functions.pruned(scope, entry)
        for name, entry in scope.template.resources.items()
        if "Condition" not in entry or functions.holds(scope, entry["Condition"])
    }


def properties(
    scope: Scope, asked: Request, stack: Stack, logical_id: str, entry: Record
) -> Record:
    """Return what a resource is asked to be, with the tags it gets from its stack.

    Raises:
        Refusal: A function cannot be evaluated.
    """
    resolved: Record = functions.resolve(scope, entry.get("Properties") or {})
    schema = schemas.schema(entry["Type"])
    if schema.tags is None:
        return resolved
    before = stack.resources.get(logical_id)
    if schema.keeps_tags and before is not None and before.type_name == entry["Type"]:
        own = [(each.get("Properties") or {}).get(schema.tags) for each in (before.entry, entry)]
        if own[0] == own[1]:
            kept = before.made.properties.get(schema.tags)
            return {**resolved, **({schema.tags: kept} if kept else {})}
    tags = {**asked.tags, **tags_of(resolved.get(schema.tags))}
    if schema.marked:
        tags |= {
            "aws:cloudformation:stack-name": stack.name,
            "aws:cloudformation:logical-id": logical_id,
            "aws:cloudformation:stack-id": stack.id,
        }
    if tags:
        resolved[schema.tags] = _written(tags, schema, resolved.get(schema.tags))
    return resolved


def dynamic(account: Account, node: Any) -> Any:
    """Return properties with what they refer to in the parameter store and among secrets.

    Raises:
        Refusal: There is no such parameter or secret, or it may not be read.
    """
    if isinstance(node, dict):
        return {key: dynamic(account, value) for key, value in node.items()}
    if isinstance(node, list):
        return [dynamic(account, item) for item in node]
    if not isinstance(node, str) or "{{resolve:" not in node:
        return node
    return _DYNAMIC.sub(lambda match: _looked_up(account, match["service"], match["rest"]), node)


def _looked_up(account: Account, service: str, rest: str) -> str:
    if service in {"ssm", "ssm-secure"}:
        answer = account.ask("ssm", "GetParameter", {"Name": rest, "WithDecryption": True})
        return str(answer["Parameter"]["Value"])
    if service != "secretsmanager":
        raise invalid(f"Dynamic reference to an unknown service: {service}")
    identifier, _, path = rest.partition(":SecretString")
    answer = account.ask("secretsmanager", "GetSecretValue", {"SecretId": identifier})
    key = path.lstrip(":").split(":")[0]
    if not key:
        return str(answer["SecretString"])
    try:
        return str(json.loads(answer["SecretString"])[key])
    except (KeyError, TypeError, ValueError) as error:
        raise invalid(
            f"Could not find a value associated with JSONKey in SecretString: {key}"
        ) from error


def _written(tags: dict[str, str], schema: schemas.Schema, given: Any) -> Any:
    """Return tags in the form their property has."""
    stated = schema.properties[schema.tags or ""]
    if isinstance(given, dict) or (given is None and schema.kind(stated) == "object"):
        return tags
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _zones(call: Call, region: str) -> list[str]:
    answer = Account(call).ask("ec2", "DescribeAvailabilityZones", {})
    zones = sorted(each["ZoneName"] for each in answer["AvailabilityZones"])
    return [zone for zone in zones if zone.startswith(region)]
