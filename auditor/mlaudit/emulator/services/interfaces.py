"""The tags of what API Gateway serves, which moto keeps but lets nobody change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal


def get_tags(call: Call) -> Record:
    """Return the tags of an interface, a stage, a usage plan or a key."""
    return {"tags": dict(_tagged(call).tags or {})}


def tag(call: Call) -> Record:
    """Add tags to it."""
    found = _tagged(call)
    found.tags = {**(found.tags or {}), **call.params["tags"]}
    return {}


def untag(call: Call) -> Record:
    """Remove tags from it."""
    found = _tagged(call)
    gone = call.params["tagKeys"]
    found.tags = {key: value for key, value in (found.tags or {}).items() if key not in gone}
    return {}


def _tagged(call: Call) -> Any:
    """Return what an ARN such as ``arn:aws:apigateway:us-east-1::/restapis/a/stages/b`` names."""
    from moto.apigateway.models import apigateway_backends  # noqa: PLC0415 - it takes a while

    backend = apigateway_backends[call.account][call.region]
    arn: str = call.params["resourceArn"]
    kind, name, *rest = [*arn.partition("::/")[2].split("/"), ""]
    known = {"apikeys": backend.keys, "restapis": backend.apis, "usageplans": backend.usage_plans}
    found: Any = known.get(kind, {}).get(name)
    if found is not None and rest[0] == "stages":
        found = found.stages.get(rest[1])
    if found is None:
        raise Refusal("NotFoundException", f"There is no resource {arn}.", status=404)
    return found


HANDLERS: Mapping[str, Handler] = {
    "GetTags": get_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
