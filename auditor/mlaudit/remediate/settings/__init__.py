"""Every kind of setting that can be read and written, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.alarms import ALARM, DASHBOARD
from mlaudit.remediate.settings.logs import LOG_GROUP

SETTINGS: Mapping[str, Setting] = {each.name: each for each in (LOG_GROUP, ALARM, DASHBOARD)}
