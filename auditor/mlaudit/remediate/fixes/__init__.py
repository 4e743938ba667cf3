"""The planners of all fixes by settings: from what is seen of a workload to its changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlaudit.remediate.fix import Planner
from mlaudit.remediate.fixes.logs import log_retention

PLANNERS: Mapping[str, Planner] = MappingProxyType({"log-retention": log_retention})
"""Every planner by the id that ``fixes.yaml`` describes it by."""
