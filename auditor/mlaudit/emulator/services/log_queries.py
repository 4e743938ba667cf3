"""Saved queries of CloudWatch Logs, and the keys that log groups are encrypted with."""

from __future__ import annotations

from collections.abc import Mapping

from moto.logs.models import logs_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "logs:QueryDefinition"


def put(call: Call) -> Record:
    """Save a query, or change a saved one."""
    table = call.space.table(_KIND)
    identifier = call.params.get("queryDefinitionId")
    if identifier is not None and identifier not in table:
        raise Refusal("ResourceNotFoundException", "The specified query does not exist.")
    if identifier is None:
        identifier = f"{call.token('query', 8)}-0000-4000-8000-{call.token('query')}"
    kept = {key: value for key, value in call.params.items() if key != "clientToken"}
    table[identifier] = {
        **kept,
        "queryDefinitionId": identifier,
        "lastModified": int(call.now.timestamp() * 1000),
    }
    return {"queryDefinitionId": identifier}


def describe(call: Call) -> Record:
    """Describe the saved queries whose names begin as asked."""
    prefix = call.params.get("queryDefinitionNamePrefix", "")
    rows = [row for row in call.space.rows(_KIND) if row["name"].startswith(prefix)]
    return pages.cut(call, rows, member="queryDefinitions")


def delete(call: Call) -> Record:
    """Delete a saved query."""
    if call.space.table(_KIND).pop(call.params["queryDefinitionId"], None) is None:
        raise Refusal("ResourceNotFoundException", "The specified query does not exist.")
    return {"success": True}


def encrypt(call: Call) -> Record:
    """Encrypt what comes into a log group with a key."""
    _set_key(call, call.params["kmsKeyId"])
    return {}


def no_longer_encrypt(call: Call) -> Record:
    """Encrypt what comes into a log group with no key of the account."""
    _set_key(call, None)
    return {}


def _set_key(call: Call, key: str | None) -> None:
    name = call.params.get("logGroupName", "")
    groups = logs_backends[call.account][call.region].groups
    if name not in groups:
        raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    groups[name].kms_key_id = key


HANDLERS: Mapping[str, Handler] = {
    "AssociateKmsKey": encrypt,
    "DeleteQueryDefinition": delete,
    "DescribeQueryDefinitions": describe,
    "DisassociateKmsKey": no_longer_encrypt,
    "PutQueryDefinition": put,
}
