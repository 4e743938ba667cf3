"""Instances of functions that Lambda keeps ready."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal

_KIND = "lambda:ProvisionedConcurrency"


def put(call: Call) -> Record:
    """Keep instances of a version or an alias ready."""
    wanted = call.params["ProvisionedConcurrentExecutions"]
    record = {
        "FunctionArn": call.arn(f"function:{_key(call)}"),
        "RequestedProvisionedConcurrentExecutions": wanted,
        "AvailableProvisionedConcurrentExecutions": wanted,
        "AllocatedProvisionedConcurrentExecutions": wanted,
        "Status": "READY",
        "LastModified": call.now.strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }
    call.space.table(_KIND)[_key(call)] = record
    return record


def get(call: Call) -> Record:
    """Tell how many instances are kept ready."""
    found = call.space.table(_KIND).get(_key(call))
    if found is None:
        raise Refusal(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
            status=404,
        )
    return found


def delete(call: Call) -> Record:
    """Keep no instance ready any more."""
    get(call)
    del call.space.table(_KIND)[_key(call)]
    return {}


def list_(call: Call) -> Record:
    """List what is kept ready of a function."""
    name = _name(call)
    rows = [row for key, row in call.space.table(_KIND).items() if key.rpartition(":")[0] == name]
    return {"ProvisionedConcurrencyConfigs": rows}


def _name(call: Call) -> str:
    return str(call.params["FunctionName"]).rsplit(":function:", maxsplit=1)[-1].split(":")[0]


def _key(call: Call) -> str:
    return f"{_name(call)}:{call.params['Qualifier']}"


HANDLERS: Mapping[str, Handler] = {
    "DeleteProvisionedConcurrencyConfig": delete,
    "GetProvisionedConcurrencyConfig": get,
    "ListProvisionedConcurrencyConfigs": list_,
    "PutProvisionedConcurrencyConfig": put,
}
