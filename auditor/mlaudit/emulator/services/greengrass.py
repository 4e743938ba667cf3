"""Core devices of AWS IoT Greengrass, as far as they are listed; they register by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.services import pages


def list_devices(call: Call) -> Record:
    """List the core devices, of which there are none."""
    return pages.cut(call, [], member="coreDevices")


HANDLERS: Mapping[str, Handler] = {"ListCoreDevices": list_devices}
