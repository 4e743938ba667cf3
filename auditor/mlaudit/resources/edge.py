"""What runs outside of AWS and is managed from it. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CoreDevice:
    """A core device of AWS IoT Greengrass (``ListCoreDevices``)."""

    arn: str
    """Where it has no tags, its name alone: the listing gives no ARN."""
    region: str
    name: str
    tags: Mapping[str, str]
    healthy: bool
    reported_at: datetime
    """When it last told of itself."""
