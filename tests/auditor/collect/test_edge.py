"""The devices outside of AWS that are managed from it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect.edge import core_devices
from mlaudit.resources import CoreDevice, ResourceTags

ARN = "arn:aws:greengrass:eu-west-1:111122223333:coreDevices:gate"
TAGS = [ResourceTags(ARN, "eu-west-1", {"workload": "fraud"})]
THEN = datetime(2026, 5, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("gate", "HEALTHY", (ARN, {"workload": "fraud"}, True)),
        ("dock", "UNHEALTHY", ("coreDevices:dock", {}, False)),
    ],
)
def test_a_device_is_listed_with_its_tags(
    name: str, status: str, expected: tuple[Any, ...], reader_of: Any, answers: Any
) -> None:
    device = {"coreDeviceThingName": name, "status": status, "lastStatusUpdateTimestamp": THEN}
    reader = reader_of(answers(ListCoreDevices={"coreDevices": [device]}))
    (found,) = core_devices.run(reader, TAGS)
    assert isinstance(found, CoreDevice)
    assert (found.arn, dict(found.tags), found.healthy) == expected
    assert (found.name, found.reported_at) == (name, THEN)
