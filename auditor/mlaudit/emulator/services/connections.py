"""Connections to where code lies elsewhere; somebody has to confirm them, so they stay pending."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

KIND = "codeconnections:Connection"


def create(call: Call) -> Record:
    """Create a connection that waits to be confirmed."""
    if not {"ProviderType", "HostArn"} & set(call.params):
        raise Refusal("InvalidInputException", "Either ProviderType or HostArn is needed.")
    token = call.token("connection", 12)
    arn = call.arn(f"connection/{call.token('connection', 8)}-0000-4000-8000-{token}")
    call.space.table(KIND)[arn] = {
        **{key: value for key, value in call.params.items() if key != "Tags"},
        "ConnectionArn": arn,
        "ConnectionStatus": "PENDING",
        "OwnerAccountId": call.account,
        "Tags": pages.tag_map(call.params.get("Tags", []), "Key", "Value"),
        **call.becomes,
    }
    return {"ConnectionArn": arn, "Tags": call.params.get("Tags", [])}


def get(call: Call) -> Record:
    """Describe a connection."""
    return {"Connection": _find(call, call.params["ConnectionArn"])}


def list_(call: Call) -> Record:
    """List the connections, of one kind of provider where it is asked for."""
    wanted = call.params.get("ProviderTypeFilter")
    rows = [
        row
        for row in call.space.rows(KIND)
        if f":{call.service}:" in row["ConnectionArn"] and wanted in {None, row.get("ProviderType")}
    ]
    return pages.cut(call, rows, member="Connections", size="MaxResults")


def delete(call: Call) -> Record:
    """Delete a connection."""
    del call.space.table(KIND)[_find(call, call.params["ConnectionArn"])["ConnectionArn"]]
    return {}


def list_tags(call: Call) -> Record:
    """List the tags of a connection."""
    tags = _find(call, call.params["ResourceArn"])["Tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def tag(call: Call) -> Record:
    """Add tags to a connection."""
    new = pages.tag_map(call.params["Tags"], "Key", "Value")
    _find(call, call.params["ResourceArn"])["Tags"].update(new)
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a connection."""
    for key in call.params["TagKeys"]:
        _find(call, call.params["ResourceArn"])["Tags"].pop(key, None)
    return {}


def _find(call: Call, arn: str) -> Record:
    return pages.tagged_record(call, arn, "ResourceNotFoundException")


HANDLERS: Mapping[str, Handler] = {
    "CreateConnection": create,
    "DeleteConnection": delete,
    "GetConnection": get,
    "ListConnections": list_,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
