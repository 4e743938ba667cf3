"""Devices at the edge that run models of a workload."""

from mlaudit.capabilities.edge import edge_devices
from mlaudit.model import Gap
from mlaudit.resources import CoreDevice
from mlaudit.sight import Region, View
from mlaudit.testing import OLD, REGION, build, gap, snapshot, view_of


def test_devices_of_a_workload_told_of_themselves_or_not() -> None:
    devices = (build(CoreDevice, "a"), build(CoreDevice, "b", reported_at=OLD))
    found = edge_devices(view_of(*devices, others=[build(CoreDevice, "c")]))
    assert [(each.device.name, each.reports) for each in found.items] == [("a", True), ("b", False)]
    assert found.gaps == ()


def test_what_a_device_of_nobody_runs_is_not_told() -> None:
    lost = build(CoreDevice, "lost")
    found = edge_devices(View(Region(snapshot(lost), REGION), frozenset()))
    unread = Gap.unread("greengrassv2:ListCoreDevices", REGION, "EdgeNotTold", lost.arn)
    assert (found.items, found.gaps) == ((), (unread,))


def test_what_could_not_be_seen_is_a_gap() -> None:
    denied = gap("greengrassv2:ListCoreDevices")
    assert edge_devices(view_of(gaps=[denied])).gaps == (denied,)
