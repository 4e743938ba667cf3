"""Collect the devices outside of AWS that are managed from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader
from mlaudit.collect.values import tags_by_arn, utc
from mlaudit.resources import CoreDevice, ResourceTags

LIST_DEVICES = Operation(
    "greengrassv2", "ListCoreDevices", "coreDevices", "nextToken", "nextToken",
    ("maxResults", 100), "greengrass:ListCoreDevices",
)  # fmt: skip


@collector(LIST_DEVICES)
def core_devices(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[CoreDevice]:
    """Every core device; its tags are in the account-wide listing."""
    tagged = {
        arn.rpartition(":")[2]: (arn, kept)
        for arn, kept in tags_by_arn(tags).items()
        if ":greengrass:" in arn and ":coreDevices:" in arn
    }
    for record in reader.items(LIST_DEVICES):
        name = record["coreDeviceThingName"]
        arn, kept = tagged.get(name, (f"coreDevices:{name}", {}))
        yield CoreDevice(
            arn=arn,
            region=reader.region,
            name=name,
            tags=kept,
            healthy=record["status"] == "HEALTHY",
            reported_at=utc(record["lastStatusUpdateTimestamp"]),
        )
