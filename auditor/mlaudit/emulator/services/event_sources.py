"""Event source mappings of Lambda, from any kind of source; nothing is ever delivered."""

from __future__ import annotations

from collections.abc import Mapping

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal

_KIND = "lambda:EventSourceMapping"


def create(call: Call) -> Record:
    """Connect a stream, a topic or a queue with a function."""
    if not {"EventSourceArn", "SelfManagedEventSource"} & set(call.params):
        raise Refusal("InvalidParameterValueException", "Unrecognized event source.")
    uuid = call.becomes.get("UUID") or _new_uuid(call)
    enabled = call.params.get("Enabled", True)
    record: Record = {
        **{key: value for key, value in call.params.items() if key not in {"Enabled", "Tags"}},
        "UUID": uuid,
        "FunctionArn": _function_arn(call, call.params["FunctionName"]),
        "EventSourceMappingArn": call.arn(f"event-source-mapping:{uuid}"),
        "State": "Enabled" if enabled else "Disabled",
        "StateTransitionReason": "USER_INITIATED",
        "LastModified": call.now,
        "LastProcessingResult": "No records processed",
    }
    record.setdefault("BatchSize", 100)
    call.space.table(_KIND)[uuid] = record
    return record


def _new_uuid(call: Call) -> str:
    name = call.token("event source", 12)
    return f"{call.token('event source', 8)}-0000-4000-8000-{name}"


def get(call: Call) -> Record:
    """Describe a mapping."""
    return _find(call)


def list_(call: Call) -> Record:
    """List mappings, of a source or a function when one is given."""
    rows = call.space.rows(_KIND)
    if "EventSourceArn" in call.params:
        wanted = call.params["EventSourceArn"]
        rows = [row for row in rows if row.get("EventSourceArn") == wanted]
    if "FunctionName" in call.params:
        name = call.params["FunctionName"].rsplit(":", 1)[-1]
        rows = [row for row in rows if row["FunctionArn"].endswith(f":function:{name}")]
    start, size = int(call.params.get("Marker") or 0), int(call.params.get("MaxItems") or 100)
    answer: Record = {"EventSourceMappings": rows[start : start + size]}
    if start + size < len(rows):
        answer["NextMarker"] = str(start + size)
    return answer


def update(call: Call) -> Record:
    """Change a mapping, or switch it on or off."""
    record = _find(call)
    changes = dict(call.params)
    if "Enabled" in changes:
        record["State"] = "Enabled" if changes.pop("Enabled") else "Disabled"
    if "FunctionName" in changes:
        record["FunctionArn"] = _function_arn(call, changes.pop("FunctionName"))
    record |= changes
    record["LastModified"] = call.now
    return record


def delete(call: Call) -> Record:
    """Delete a mapping."""
    record = _find(call)
    del call.space.table(_KIND)[record["UUID"]]
    return {**record, "State": "Deleting"}


def invoke(_: Call) -> Record:
    """Refuse to run code: there is nothing here to run it in."""
    raise Refusal("UnknownOperationException", "Functions are not run here.", status=404)


def _find(call: Call) -> Record:
    record = call.space.table(_KIND).get(call.params["UUID"])
    if record is None:
        text = "The resource you requested does not exist."
        raise Refusal("ResourceNotFoundException", text, status=404)
    return record


def _function_arn(call: Call, name: str) -> str:
    backend = lambda_backends[call.account][call.region]
    try:
        arn: str = backend.get_function(name).function_arn
    except UnknownFunctionException as error:
        text = f"Function does not exist: {name}"
        raise Refusal("ResourceNotFoundException", text, status=404) from error
    return ":".join(arn.split(":")[:7])


HANDLERS: Mapping[str, Handler] = {
    "CreateEventSourceMapping": create,
    "DeleteEventSourceMapping": delete,
    "GetEventSourceMapping": get,
    "Invoke": invoke,
    "InvokeAsync": invoke,
    "ListEventSourceMappings": list_,
    "UpdateEventSourceMapping": update,
}
