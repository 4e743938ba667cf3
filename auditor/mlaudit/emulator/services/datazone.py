"""DataZone: domains, and the lineage events that they were told."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_DOMAIN = "datazone:Domain"
_EVENT = "datazone:LineageEvent"


def create(call: Call) -> Record:
    """Create a domain."""
    domain_id = f"dzd-{call.token(_DOMAIN, 14)}"
    record = {
        **call.params,
        "id": domain_id,
        "arn": call.arn(f"domain/{domain_id}"),
        "managedAccountId": call.account,
        "rootDomainUnitId": call.token("datazone:Unit", 14),
        "status": "AVAILABLE",
        "createdAt": call.now,
    }
    call.space.table(_DOMAIN)[domain_id] = record
    return record


def list_(call: Call) -> Record:
    """List the domains."""
    status = call.params.get("status")
    rows = [row for row in call.space.rows(_DOMAIN) if status in {None, row["status"]}]
    return pages.cut(call, rows, member="items", default=25)


def post(call: Call) -> Record:
    """Tell a domain of a run, by an event of OpenLineage."""
    domain = _domain(call)
    content = _content(call.params["event"])
    event_id = call.token(_EVENT, 14)
    named = {
        side: [
            {"namespace": each["namespace"], "name": each["name"]} for each in content.get(side, [])
        ]
        for side in ("inputs", "outputs")
    }
    call.space.table(_EVENT)[event_id] = {
        "id": event_id,
        "domainId": domain["id"],
        "processingStatus": "SUCCESS",
        "eventTime": call.now,
        "createdAt": call.now,
        "createdBy": call.account,
        "event": json.dumps(content).encode(),
        "eventSummary": {
            "openLineageRunEventSummary": {"eventType": content["eventType"], **named}
        },
    }
    return {"id": event_id, "domainId": domain["id"]}


def list_events(call: Call) -> Record:
    """List the events of a domain since a moment, the newest first."""
    domain = _domain(call)
    since = call.params.get("timestampAfter")
    rows = [
        row
        for row in reversed(call.space.rows(_EVENT))
        if row["domainId"] == domain["id"] and (since is None or row["eventTime"] >= since)
    ]
    return pages.cut(call, rows, member="items", default=50)


def get_event(call: Call) -> Record:
    """Return an event as it was told."""
    _domain(call)
    found = call.space.table(_EVENT).get(call.params["identifier"])
    if found is None:
        raise Refusal("ResourceNotFoundException", "There is no such event.", status=404)
    return found


def _content(event: bytes) -> Record:
    try:
        content: Record = json.loads(event)
    except ValueError as error:
        raise Refusal("ValidationException", "The event is not JSON.") from error
    return content


def _domain(call: Call) -> Record:
    found = call.space.table(_DOMAIN).get(call.params["domainIdentifier"])
    if found is None:
        raise Refusal("ResourceNotFoundException", "There is no such domain.", status=404)
    return found


HANDLERS: Mapping[str, Handler] = {
    "CreateDomain": create,
    "GetLineageEvent": get_event,
    "ListDomains": list_,
    "ListLineageEvents": list_events,
    "PostLineageEvent": post,
}
