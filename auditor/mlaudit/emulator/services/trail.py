"""CloudTrail: the calls to SageMaker that changed something, looked up by name."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "cloudtrail:Event"
_TRAILED = "sagemaker"
_READS = ("Describe", "Get", "List", "Search", "Query", "BatchDescribe")


def record(call: Call) -> None:
    """Remember a call that SageMaker answered, unless it only reads."""
    if call.service != _TRAILED or call.operation.startswith(_READS):
        return
    number = call.space.count(_KIND)
    # The number comes first: events of one moment are told apart by it, in their order.
    event_id = f"{number:08x}-0000-4000-9000-{call.token(_KIND)}"
    call.space.table(_KIND)[event_id] = {
        "EventId": event_id,
        "EventName": call.operation,
        "ReadOnly": "false",
        "EventTime": call.now,
        "EventSource": "sagemaker.amazonaws.com",
        "Username": call.by.rpartition("/")[2] or "ml-platform",
        "Resources": [],
        "CloudTrailEvent": json.dumps(
            {
                "eventVersion": "1.08",
                "eventName": call.operation,
                "awsRegion": call.region,
                "requestParameters": {
                    name[0].lower() + name[1:]: value
                    for name, value in call.params.items()
                    if isinstance(value, str)
                },
            }
        ),
    }


def lookup(call: Call) -> Record:
    """Return the events of one name between two moments, the newest first.

    Raises:
        Refusal: another question was asked, which is not answered here.
    """
    name = _name(call)
    start, end = call.params.get("StartTime"), call.params.get("EndTime")
    rows = [
        row
        for row in call.space.rows(_KIND)
        if row["EventName"] == name
        and (start is None or row["EventTime"] >= start)
        and (end is None or row["EventTime"] <= end)
    ]
    rows.sort(key=lambda row: (row["EventTime"], row["EventId"]), reverse=True)
    return pages.cut(call, rows, member="Events", size="MaxResults", default=50)


def _name(call: Call) -> str:
    asked = call.params.get("LookupAttributes") or []
    named = {each["AttributeKey"]: str(each["AttributeValue"]) for each in asked}
    known = models.service(_TRAILED)
    name = named.get("EventName", "")
    if len(named) != 1 or not known or name not in known.operation_names:
        raise Refusal("NotImplemented", "Only SageMaker's events are kept, by name.", status=501)
    return name


HANDLERS: Mapping[str, Handler] = {"LookupEvents": lookup}
