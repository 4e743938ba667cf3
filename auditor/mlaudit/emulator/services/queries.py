"""What moto leaves out of Athena: changing workgroups, and changing and deleting saved queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.athena.models import athena_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal

_UPDATES = "ResultConfigurationUpdates"


def update_group(call: Call) -> Record:
    """Change a workgroup."""
    groups = athena_backends[call.account][call.region].work_groups
    group = groups.get(call.params["WorkGroup"])
    if group is None:
        raise _missing(f"WorkGroup {call.params['WorkGroup']} is not found.")
    changes = dict(call.params.get("ConfigurationUpdates", {}))
    result = changes.pop(_UPDATES, {})
    group.configuration |= {key: value for key, value in changes.items() if "Remove" not in key}
    if result:
        group.configuration.setdefault("ResultConfiguration", {}).update(result)
    group.description = call.params.get("Description", group.description)
    group.state = call.params.get("State", group.state)
    return {}


def update_query(call: Call) -> Record:
    """Change a saved query."""
    query = _query(call)
    query.name, query.query_string = call.params["Name"], call.params["QueryString"]
    query.description = call.params.get("Description", query.description)
    return {}


def delete_query(call: Call) -> Record:
    """Delete a saved query."""
    _query(call)
    del athena_backends[call.account][call.region].named_queries[call.params["NamedQueryId"]]
    return {}


def _query(call: Call) -> Any:
    queries = athena_backends[call.account][call.region].named_queries
    if call.params["NamedQueryId"] not in queries:
        raise _missing(f"NamedQuery {call.params['NamedQueryId']} was not found.")
    return queries[call.params["NamedQueryId"]]


def _missing(message: str) -> Refusal:
    return Refusal("InvalidRequestException", message)


HANDLERS: Mapping[str, Handler] = {
    "DeleteNamedQuery": delete_query,
    "UpdateNamedQuery": update_query,
    "UpdateWorkGroup": update_group,
}
