"""Step Functions: state machines, and executions that are recorded, not interpreted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker.jobs import duration
from mlaudit.emulator.services import pages

_MACHINE = "states:StateMachine"
_EXECUTION = "states:Execution"


def create(call: Call) -> Record:
    """Create a state machine."""
    name = call.params["name"]
    arn = call.arn(f"stateMachine:{name}", "states")
    _readable(call.params["definition"])
    if arn in call.space.table(_MACHINE):
        raise Refusal("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    record: Record = {
        **call.params,
        "stateMachineArn": arn,
        "status": "ACTIVE",
        "type": call.params.get("type", "STANDARD"),
        "creationDate": call.now,
        "tags": list(call.params.get("tags", [])),
    }
    record.setdefault("loggingConfiguration", {"level": "OFF", "includeExecutionData": False})
    record.setdefault("tracingConfiguration", {"enabled": False})
    call.space.table(_MACHINE)[arn] = record
    return record


def update(call: Call) -> Record:
    """Change a state machine."""
    record = _machine(call)
    if "definition" in call.params:
        _readable(call.params["definition"])
    record |= call.params
    return {"updateDate": call.now}


def delete(call: Call) -> Record:
    """Delete a state machine."""
    call.space.table(_MACHINE).pop(call.params["stateMachineArn"], None)
    return {}


def describe(call: Call) -> Record:
    """Describe a state machine."""
    return _machine(call)


def list_(call: Call) -> Record:
    """List state machines by name."""
    rows = sorted(call.space.rows(_MACHINE), key=lambda row: row["name"])
    return pages.cut(call, rows, member="stateMachines")


def start(call: Call) -> Record:
    """Record an execution that has succeeded."""
    machine = _machine(call)
    name = call.params.get("name") or call.token("execution", 32)
    arn = call.arn(f"execution:{machine['name']}:{name}", "states")
    if arn in call.space.table(_EXECUTION):
        raise Refusal("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
    record: Record = {
        "executionArn": arn,
        "stateMachineArn": machine["stateMachineArn"],
        "name": name,
        "status": "SUCCEEDED",
        "startDate": call.now,
        "stopDate": max(call.now, min(call.now + duration(name), call.cloud.now)),
        "input": call.params.get("input", "{}"),
        "output": "{}",
    }
    record.update(call.becomes)
    if record["status"] != "SUCCEEDED":
        record.pop("output")
    call.space.table(_EXECUTION)[arn] = record
    return record


def list_executions(call: Call) -> Record:
    """List executions, the newest first."""
    rows = call.space.rows(_EXECUTION)
    if "stateMachineArn" in call.params:
        machine = _machine(call)["stateMachineArn"]
        rows = [row for row in rows if row["stateMachineArn"] == machine]
    if "statusFilter" in call.params:
        rows = [row for row in rows if row["status"] == call.params["statusFilter"]]
    rows.sort(key=lambda row: row["startDate"], reverse=True)
    return pages.cut(call, rows, member="executions")


def describe_execution(call: Call) -> Record:
    """Describe an execution."""
    return _execution(call)


def history(call: Call) -> Record:
    """Return the first and the last event of an execution; the steps between are not emulated."""
    record = _execution(call)
    ended = {"FAILED": "ExecutionFailed", "ABORTED": "ExecutionAborted"}
    last: Record = {
        "id": 2,
        "previousEventId": 1,
        "timestamp": record["stopDate"],
        "type": ended.get(record["status"], "ExecutionSucceeded"),
    }
    first: Record = {"id": 1, "timestamp": record["startDate"], "type": "ExecutionStarted"}
    events = [last, first] if call.params.get("reverseOrder") else [first, last]
    return pages.cut(call, events, member="events")


def list_tags(call: Call) -> Record:
    """List the tags of a state machine."""
    return {"tags": _tagged(call)["tags"]}


def tag(call: Call) -> Record:
    """Add tags to a state machine."""
    record = _tagged(call)
    new = {item["key"] for item in call.params["tags"]}
    kept = [item for item in record["tags"] if item["key"] not in new]
    record["tags"] = kept + call.params["tags"]
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a state machine."""
    record = _tagged(call)
    gone = set(call.params["tagKeys"])
    record["tags"] = [item for item in record["tags"] if item["key"] not in gone]
    return {}


def stop(call: Call) -> Record:
    """Stop an execution."""
    record = _execution(call)
    record["status"] = "ABORTED"
    record["stopDate"] = call.now + timedelta(0)
    return record


def _machine(call: Call) -> Record:
    arn = call.params["stateMachineArn"]
    record = call.space.table(_MACHINE).get(arn)
    if record is None:
        raise Refusal("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return record


def _execution(call: Call) -> Record:
    arn = call.params["executionArn"]
    record = call.space.table(_EXECUTION).get(arn)
    if record is None:
        raise Refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return record


def _tagged(call: Call) -> Record:
    return pages.tagged_record(call, call.params["resourceArn"], "ResourceNotFound")


def _readable(definition: str) -> None:
    try:
        states = json.loads(definition)["States"]
        json.loads(definition)["StartAt"]
    except (ValueError, KeyError, TypeError) as error:
        text = f"Invalid State Machine Definition: {type(error).__name__}: {error}"
        raise Refusal("InvalidDefinition", text) from error
    if not states:
        raise Refusal("InvalidDefinition", "Invalid State Machine Definition: no States")


HANDLERS: Mapping[str, Handler] = {
    "CreateStateMachine": create,
    "DeleteStateMachine": delete,
    "DescribeExecution": describe_execution,
    "DescribeStateMachine": describe,
    "GetExecutionHistory": history,
    "ListExecutions": list_executions,
    "ListStateMachines": list_,
    "ListTagsForResource": list_tags,
    "StartExecution": start,
    "StopExecution": stop,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdateStateMachine": update,
}
