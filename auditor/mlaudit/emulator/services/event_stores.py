"""Event data stores of CloudTrail, which take in nothing that could be queried."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "cloudtrail:EventDataStore"
_ALL_CALLS = [
    {
        "Name": "Default management events",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    }
]


def create(call: Call) -> Record:
    """Create an event data store."""
    token = call.token("event data store", 32)
    arn = call.arn(f"eventdatastore/{token}")
    record: Record = {
        "AdvancedEventSelectors": _ALL_CALLS,
        "MultiRegionEnabled": True,
        "OrganizationEnabled": False,
        **{key: value for key, value in call.params.items() if key != "TagsList"},
        "EventDataStoreArn": arn,
        "Status": "ENABLED",
        "CreatedTimestamp": call.now,
        "UpdatedTimestamp": call.now,
        **call.becomes,
    }
    call.space.table(_KIND)[arn] = record
    return record


def list_stores(call: Call) -> Record:
    """List the event data stores by ARN and name; the service tells no more here."""
    rows = [
        {key: row[key] for key in ("EventDataStoreArn", "Name")} for row in call.space.rows(_KIND)
    ]
    return pages.cut(call, rows, member="EventDataStores", size="MaxResults")


def get(call: Call) -> Record:
    """Return one event data store by its ARN."""
    asked = call.params["EventDataStore"]
    found = call.space.table(_KIND).get(asked)
    if found is None:
        raise Refusal("EventDataStoreNotFoundException", f"Event data store {asked} not found.")
    return found


HANDLERS: Mapping[str, Handler] = {
    "CreateEventDataStore": create,
    "GetEventDataStore": get,
    "ListEventDataStores": list_stores,
}
