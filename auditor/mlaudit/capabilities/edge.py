"""Devices at the edge that run models of a workload."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import CoreDevice
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class EdgeDevice:
    """A core device of a workload.

    Attributes:
        device: The device.
        reports: Whether it told of itself in the window.
    """

    device: CoreDevice
    reports: bool


@provider
def edge_devices(view: View) -> Evidence[EdgeDevice]:
    """The devices that carry the tag of the workload; what one without any runs is not told."""
    items = tuple(
        EdgeDevice(each, view.window.covers(each.reported_at)) for each in view.items(CoreDevice)
    )
    mine = {each.device.arn for each in items}
    untold = (
        Gap.unread("greengrassv2:ListCoreDevices", view.region.name, "EdgeNotTold", each.arn)
        for each in view.region.all(CoreDevice)
        if each.arn not in mine | view.owned
    )
    return Evidence(items, (*view.gaps(CoreDevice), *untold))
