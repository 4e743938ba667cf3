"""The planners of all fixes by settings: from what is seen of a workload to its changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlaudit.remediate.fix import Planner
from mlaudit.remediate.fixes.alarms import alarms
from mlaudit.remediate.fixes.cut_over import cut_over
from mlaudit.remediate.fixes.dashboards import dashboard, machine_dashboard
from mlaudit.remediate.fixes.logs import log_retention
from mlaudit.remediate.fixes.rollouts import capture_and_rollback
from mlaudit.remediate.fixes.scaling import scaling
from mlaudit.remediate.fixes.storage import bucket_versioning, image_immutability
from mlaudit.remediate.fixes.streams import pause_stream

PLANNERS: Mapping[str, Planner] = MappingProxyType(
    {
        "alarms": alarms,
        "bucket-versioning": bucket_versioning,
        "capture-and-rollback": capture_and_rollback,
        "cut-over": cut_over,
        "dashboard": dashboard,
        "image-immutability": image_immutability,
        "log-retention": log_retention,
        "machine-dashboard": machine_dashboard,
        "pause-stream": pause_stream,
        "scaling": scaling,
    }
)
"""Every planner by the id that ``fixes.yaml`` describes it by."""
